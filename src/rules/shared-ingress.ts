/** An Ingress that serves hosts of others as well: its annotations and its class hold for all of them. */
import { PUBLIC_ROLES } from '../config/public-hosts.ts';
import type { Controller, Marks, TlsPlace } from '../controllers/controller.ts';
import { annotationsOf, CONTROLLERS, KNOWN_MARKS } from '../controllers/index.ts';
import { type Problem, printable } from '../errors.ts';
import type { Draft } from '../manifests/edit.ts';
import {
  CLASS_ANNOTATION,
  classOf,
  hostOfRule,
  pathsOf,
  rulesOf,
  tlsBlocksOf,
} from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, isObject, type JsonObject } from '../yaml/json.ts';
import { hostsOfParts, type IngressPart } from './ingress-part.ts';
import { coversHost, hasFallbackOfOthers } from './ingress-tls.ts';

/** Marks that are lists of Services: those of others stay in them. */
const LISTS: ReadonlySet<string> = new Set(
  Object.values(CONTROLLERS)
    .flatMap(({ grpcWays = [] }) => grpcWays)
    .flatMap(({ values, key }) => (typeof values === 'string' ? [key] : [])),
);

const ingressKeys = (marks: readonly (Marks | undefined)[]) =>
  marks.flatMap((each) => Object.keys(each?.ingress ?? {})).filter((key) => !LISTS.has(key));

/** The marks that change what backends have to speak. */
const PROTOCOLS: ReadonlySet<string> = new Set(
  ingressKeys(Object.values(CONTROLLERS).flatMap(({ grpc, grpcTls }) => [grpc, grpcTls])),
);

/** The marks that change what clients, or backends, have to speak. Longer timeouts and larger bodies do not. */
const SPOKEN: ReadonlySet<string> = new Set([
  ...PROTOCOLS,
  ...Object.values(CONTROLLERS).flatMap(({ tls, redirects }) => [
    ...ingressKeys(Object.values(tls)),
    ...Object.keys(redirects ?? {}),
  ]),
]);

/** Redirects that do not touch a host without TLS, and that are on by default for one with it. */
const TLS_ONLY: ReadonlySet<string> = new Set(
  Object.values(CONTROLLERS).flatMap(({ tlsOnlyRedirects = [] }) => tlsOnlyRedirects),
);

/** Hosts of an Ingress that are of no role; empty text for every host that no rule has. */
export function hostsOfOthers(
  ingress: Resource,
  parts: readonly IngressPart[],
  surface: Surface,
): string[] {
  const own = hostsOfParts(parts, surface);
  const hosts = rulesOf(ingress)
    .map(hostOfRule)
    .filter((host) => !own.has(host));
  return hasFallbackOfOthers(ingress, surface) ? [...hosts, ''] : hosts;
}

/** Paths of our own hosts, each behind its host, that lead to Services of no role. */
export function pathsOfOthers(
  ingress: Resource,
  surface: Surface,
  others: readonly string[],
): string[] {
  return pathsOf(ingress)
    .filter((path) => !others.includes(path.host))
    .filter((path) => !PUBLIC_ROLES.some((role) => surface.leadsTo(role, path, ingress)))
    .map(({ host, path }) => `${host}${path}`);
}

/**
 * What is written and holds for paths of others as well: a limit that they had before is none any more. A protocol that their Services do
 * not speak is refused.
 * @param draft - of the Ingress, with the marks that are written to it
 */
export function sharedMarkProblems(
  ingress: Resource,
  draft: Draft,
  hosts: readonly string[],
  paths: readonly string[],
): Problem[] {
  const before = ingress.annotations;
  const written = draft.get(['metadata', 'annotations']);
  const after = Object.entries(isObject(written) ? written : {});
  const spoken = after.flatMap(([key, value]) =>
    PROTOCOLS.has(key) && value !== before[key] ? [`\`${key}\``] : [],
  );
  const added = after.filter(
    ([key]) =>
      KNOWN_MARKS.annotations.has(key) &&
      !SPOKEN.has(key) &&
      !LISTS.has(key) &&
      before[key] === undefined,
  );
  const others = [...hosts, ...paths].map((name) => `\`${name || 'every host'}\``);
  const refused =
    paths.length > 0 && spoken.length > 0 ? [sharedProblem(ingress, spoken, paths)] : [];
  if (others.length === 0 || added.length === 0) return refused;
  return [
    ...refused,
    {
      code: 'value-replaced',
      severity: 'warning',
      message: 'what is written for our own entry holds for others of this Ingress too',
      resource: ingress.reference,
      path: 'metadata.annotations',
      found: `the controller's own limits, for ${others.join(', ')}`,
      expected: added.map(([key, value]) => `\`${key}: ${printable(asText(value))}\``).join(', '),
      fix: 'where the others need their limits, split the Ingress: put their rules, TLS blocks and annotations into one of their own',
    },
  ];
}

/**
 * What the hosts of others would lose.
 * @param draft - of the Ingress, with everything that is written to it
 */
export function sharedIngressProblems(
  ingress: Resource,
  draft: Draft,
  others: readonly string[],
  place: TlsPlace,
): Problem[] {
  if (others.length === 0) return [];
  const before = ingress.annotations;
  const written = draft.get(['metadata', 'annotations']);
  const after: JsonObject = isObject(written) ? written : {};
  const isSecured = (host: string) =>
    tlsBlocksOf(ingress).some(({ hosts }) => hosts.some((name) => coversHost(name, host)));
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => SPOKEN.has(key) && before[key] !== after[key])
    .filter((key) => !(place === 'entry' && before[key] === undefined && TLS_ONLY.has(key)))
    .filter((key) => {
      // A redirect suits hosts that have TLS, and its absence those that have none.
      if (place === 'entry' && after[key] !== undefined)
        return !isOfPlace(key, 'entry') || !others.every(isSecured);
      return !(place === 'none' && before[key] === undefined) || others.some(isSecured);
    });
  const className = classOf(ingress);
  const newClass = draft.get(['spec', 'ingressClassName']) ?? after[CLASS_ANNOTATION];
  const isMoved = className !== undefined && newClass !== className;
  const found = [...changed.map((key) => `\`${key}\``), ...(isMoved ? ['the class'] : [])];
  return found.length === 0 ? [] : [sharedProblem(ingress, found, others)];
}

function isOfPlace(key: string, place: TlsPlace): boolean {
  return Object.values(CONTROLLERS).some(({ tls }: Controller) => {
    const marks = tls[place];
    return marks !== undefined && annotationsOf(marks).includes(key);
  });
}

function sharedProblem(
  ingress: Resource,
  found: readonly string[],
  others: readonly string[],
): Problem {
  return {
    code: 'entry-refused',
    severity: 'error',
    message:
      'this Ingress serves hosts or paths of others too, and what would change holds for them as well',
    resource: ingress.reference,
    path: 'metadata.annotations',
    found: `${found.join(', ')}; ${others.map((host) => `\`${host || 'every host'}\``).join(', ')}`,
    expected: 'an Ingress with hosts and paths of Michelangelo alone',
    fix: 'split the Ingress: put the rules of the others, with their TLS blocks and annotations, into one of their own',
  };
}
