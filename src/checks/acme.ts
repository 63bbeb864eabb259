/** Whether ACME's HTTP-01 challenges reach the solver. */

import type { Resource } from '../manifests/resource.ts';
import { list } from '../manifests/workloads.ts';
import { texts } from '../surface/ingress-entries.ts';
import {
  annotationOf,
  certificatesFor,
  covers,
  dnsNamesOf,
  findIssuer,
  issuerReferences,
  solverFor,
} from '../surface/issuers.ts';
import type { Entry, ManifestView } from '../surface/view.ts';
import { getIn, isObject, type JsonObject } from '../yaml/json.ts';
import { type Finding, finding, type Search } from './shared/catalogue.ts';

const CHALLENGE = '/.well-known/acme-challenge';

/** cert-manager's own Ingresses and routes lead here. */
const SOLVER_SERVICE = /^cm-acme-http-solver/;

/** Source: cert-manager's "Annotated Ingress resource": each overrides the solver's class for one Ingress. */
const CLASS_OVERRIDES = [
  'acme.cert-manager.io/http01-ingress-ingressclassname',
  'acme.cert-manager.io/http01-ingress-class',
  'acme.cert-manager.io/http01-edit-in-place',
];

/** Longer than the rule of any solver would count. Source: Traefik, "Priority": by default the length of the rule. */
const HIGH_PRIORITY = 100;
const PRIORITY = 'traefik.ingress.kubernetes.io/router.priority';

const acmeSolverClass: Search = (view) => {
  const found = new Map<string, Finding>();
  for (const entry of view.entries.filter(({ roles }) => roles.size > 0))
    for (const host of entry.hosts)
      for (const issuer of issuersFor(entry, host, view)) {
        const chosen = solverFor(issuer, host);
        const http01 = getIn(chosen?.solver, ['http01']);
        if (!chosen || !isObject(http01)) continue;
        const problem = mismatch(http01, entry, host, view);
        const place = `spec.acme.solvers[${chosen.position}].http01`;
        if (problem)
          found.set(
            `${issuer.kind}/${issuer.name}/${place}`,
            finding('acme-solver-class', {
              resource: issuer,
              path: `${place}${problem.path}`,
              message: problem.message,
              mend: problem.mend,
            }),
          );
      }
  return [...found.values()];
};

/** The ACME issuers that are asked for a host's certificate. */
function issuersFor(entry: Entry, host: string, view: ManifestView): Resource[] {
  const owners = new Set<Resource>([
    entry.resource,
    ...entry.listeners.map(({ gateway }) => gateway),
    ...secretsOf(entry, host)
      .flatMap((name) => certificatesFor(name, entry.resource.namespace, view))
      .filter((certificate) => covers(dnsNamesOf(certificate), host)),
  ]);
  return issuerReferences(view)
    .filter(({ owner }) => owners.has(owner))
    .flatMap((reference) => findIssuer(reference, view) ?? []);
}

/** The Secrets from which an entry serves a host. */
function secretsOf({ resource, listeners }: Entry, host: string): string[] {
  const blocks = list(getIn(resource.json, ['spec', 'tls']))
    .filter((block) => covers(texts(block['hosts']), host))
    .map((block) => block['secretName']);
  const references = listeners
    .flatMap(({ json }) => list(getIn(json, ['tls', 'certificateRefs'])))
    .map(({ name }) => name);
  return texts([...blocks, ...references]);
}

/** What is wrong with a solver for an entry; undefined where nothing is, or nobody can tell. */
function mismatch(
  http01: JsonObject,
  entry: Entry,
  host: string,
  view: ManifestView,
): { path: string; message: string; mend?: string } | undefined {
  const { resource, className, form } = entry;
  const ingress = http01['ingress'];
  const isOnIngress = isObject(ingress);
  const forms = new Set(
    view.entries.filter(({ hosts }) => hosts.includes(host)).map((other) => other.form),
  );
  // While an entry moves, it has both.
  if (!forms.has(isOnIngress ? 'ingress' : 'route'))
    return {
      path: isOnIngress ? '.ingress' : '.gatewayHTTPRoute',
      message: `the challenge for ${host} comes in through ${isOnIngress ? 'an Ingress' : 'a Gateway'}, and the host is served by ${resource.kind} ${resource.name}`,
      mend: isOnIngress
        ? 'use `http01.gatewayHTTPRoute` with the Gateway as its parent'
        : 'use `http01.ingress.ingressClassName` with the class of the Ingress',
    };
  if (!isOnIngress || form !== 'ingress' || className === undefined) return undefined;
  if (CLASS_OVERRIDES.some((key) => annotationOf(resource, key) !== undefined)) return undefined;
  const solverClass = ingress['ingressClassName'] ?? ingress['class'];
  if (typeof solverClass !== 'string' || solverClass === className) return undefined;
  const key = ingress['ingressClassName'] === undefined ? 'class' : 'ingressClassName';
  return {
    path: `.ingress.${key}`,
    message: `the solver's class is ${solverClass}, and Ingress ${resource.name} of ${host} has the class ${className}`,
    mend: `write \`${key}: ${className}\``,
  };
}

const acmeChallengeBlocked: Search = (view) =>
  view.entries
    .filter(({ roles }) => roles.size > 0 || view.settings !== undefined)
    .flatMap((entry): Finding[] => {
      const { resource } = entry;
      const path = claimedPath(entry);
      if (path)
        return [
          finding('acme-challenge-blocked', {
            resource,
            path: path.place,
            message: `the path ${path.path} is led to ${path.to}`,
          }),
        ];
      const snippet = snippetOf(resource);
      if (snippet)
        return [
          finding('acme-challenge-blocked', {
            resource,
            path: `metadata.annotations[${snippet}]`,
            message: `the snippet answers for ${CHALLENGE} itself`,
            mend: 'take the location away from the snippet',
          }),
        ];
      const priority = Number(annotationOf(resource, PRIORITY) ?? 0);
      return priority > HIGH_PRIORITY && entry.paths.some(({ path: own }) => own === '/')
        ? [
            finding('acme-challenge-blocked', {
              resource,
              path: `metadata.annotations[${PRIORITY}]`,
              message: `the priority ${priority} puts the path / before the solver's own`,
              mend: 'take the priority away: longer paths win by themselves',
            }),
          ]
        : [];
    });

/** A path for challenges with a backend, or with a redirect, that is not the solver's. */
function claimedPath({
  resource,
  paths,
}: Entry): { path: string; place: string; to: string } | undefined {
  const backend = paths.find(
    ({ path, backend: { name } }) => isChallenge(path) && !SOLVER_SERVICE.test(name),
  );
  if (backend) return { path: backend.path, place: backend.place, to: backend.backend.name };
  const rules = list(getIn(resource.json, ['spec', 'rules']));
  for (const [position, rule] of rules.entries()) {
    if (list(rule['backendRefs']).length > 0 || list(rule['filters']).length === 0) continue;
    const match = list(rule['matches']).find((candidate) =>
      isChallenge(getIn(candidate, ['path', 'value'])),
    );
    if (match)
      return {
        path: String(getIn(match, ['path', 'value'])),
        place: `spec.rules[${position}]`,
        to: 'a filter',
      };
  }
  return undefined;
}

function isChallenge(path: unknown): boolean {
  return typeof path === 'string' && path.replaceAll('\\', '').startsWith(CHALLENGE);
}

function snippetOf({ json }: Resource): string | undefined {
  const annotations = getIn(json, ['metadata', 'annotations']);
  if (!isObject(annotations)) return undefined;
  return Object.keys(annotations).find(
    (key) => /snippet/.test(key) && /location[^{]*well-known/.test(String(annotations[key])),
  );
}

export const ACME_CHECKS: readonly Search[] = [acmeSolverClass, acmeChallengeBlocked];
