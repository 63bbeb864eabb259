import { CLASS_OVERRIDES } from '../manifests/cert-manager.ts';
import { dnsNamesOf } from '../manifests/certificate.ts';
import type { Resource } from '../manifests/resource.ts';
import { groupedBy } from '../maps.ts';
import { entriesAt } from '../surface/entries-at.ts';
import type { Entry } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { certificatesFor, covers, findIssuer, referencesIn } from '../surface/issuers.ts';
import { leftMarks } from '../surface/left-marks.ts';
import { onceFor } from '../surface/once.ts';
import { solverFor } from '../surface/solvers.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, isObject, type JsonObject } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { meantClass } from './shared/class-names.ts';
import { secretUsesOf } from './shared/secret-uses.ts';

/** With one of them the solver's class does not count. Source: cert-manager's "Annotated Ingress resource". */
const OVERRIDES = [...CLASS_OVERRIDES, 'acme.cert-manager.io/http01-edit-in-place'];

export const check: Check = {
  family: 'Certificates and TLS',
  severity: 'error',
  title: "The ACME solver's class is not the entry's",
  why: "cert-manager answers the HTTP-01 challenge through an Ingress of the solver's class. Another controller than the one that the host's DNS points at picks it up, or none: the certificate is never issued.",
  fix: "write the entry's class as `http01.ingress.ingressClassName` in the solver",
  find: (surface) => {
    const found = new Map<string, Fault>();
    for (const entry of surface.entries.filter(({ roles }) => roles.size > 0)) {
      const issuersOf = issuersFor(entry, surface);
      for (const host of entry.hosts)
        for (const issuer of issuersOf(host)) {
          const chosen = solverFor(issuer, host);
          const http01 = getIn(chosen?.solver, ['http01']);
          if (!chosen || !isObject(http01)) continue;
          const problem = mismatch(http01, entry, host, surface);
          const place = `spec.acme.solvers[${chosen.position}].http01`;
          if (problem)
            found.set(`${issuer.kind}/${issuer.name}/${place}`, {
              ...problem,
              resource: issuer,
              path: `${place}${problem.path}`,
            });
        }
    }
    return [...found.values()];
  },
};

/** The ACME issuers that are asked for the certificate of each host of an entry. */
function issuersFor(entry: Entry, surface: Surface): (host: string) => Resource[] {
  const { resource, listeners } = entry;
  const uses =
    resource.kind === 'Ingress'
      ? secretUsesOf(resource, surface)
      : listeners.flatMap(({ gateway, place }) =>
          secretUsesOf(gateway, surface).filter((use) => use.place === place),
        );
  // By their hosts, of which one entry may have thousands; in the order in which they stand.
  const named = groupedBy(uses, ({ hosts }) => hosts.map((host) => host.toLowerCase()));
  const wild = uses.filter(({ hosts }) => hosts.some((host) => host.startsWith('*')));
  const usesFor = (host: string) =>
    resource.kind === 'Ingress'
      ? [
          ...(named.get(host.toLowerCase()) ?? []),
          ...wild.filter(({ hosts }) => covers(hosts, host)),
        ]
      : uses;
  const issuersIn = (owners: readonly Resource[]) =>
    owners
      .flatMap((owner) => referencesIn(owner, surface))
      .flatMap((reference) => findIssuer(reference, surface) ?? []);
  const own = [resource, ...listeners.map(({ gateway }) => gateway)];
  const ofOwn = issuersIn([...new Set(own)]);
  return (host) => {
    const certificates = usesFor(host)
      .flatMap((use) => certificatesFor(use.secretName, use.namespace, surface))
      .filter((certificate) => covers(dnsNamesOf(certificate), host));
    return [...ofOwn, ...issuersIn([...new Set(certificates)])];
  };
}

/** How entries serve a host. Internal and external ones have a class each: the challenge needs one of them. */
const waysTo = onceFor((host: string, surface) => {
  const entries = entriesAt(host, surface);
  return {
    forms: new Set(entries.map(({ form }) => form)),
    classes: new Set(entries.map(({ className }) => className)),
  };
});

/** What is wrong with a solver for an entry, its path from `http01` on; undefined where nothing is, or it cannot be told. */
function mismatch(
  http01: JsonObject,
  entry: Entry,
  host: string,
  surface: Surface,
): Fault | undefined {
  const { resource, className, form } = entry;
  const ingress = http01['ingress'];
  const isOnIngress = isObject(ingress);
  const { forms, classes } = waysTo(host, surface);
  // While an entry moves, it has both.
  if (!forms.has(isOnIngress ? 'ingress' : 'route'))
    return {
      path: isOnIngress ? '.ingress' : '.gatewayHTTPRoute',
      message: `the challenge for ${host} comes in through ${isOnIngress ? 'an Ingress' : 'a Gateway'}, and the host is served by ${resource.kind} ${resource.name}`,
      fix: isOnIngress
        ? 'use `http01.gatewayHTTPRoute` with the Gateway as its parent'
        : 'use `http01.ingress.ingressClassName` with the class of the Ingress',
    };
  if (!isOnIngress || form !== 'ingress' || className === undefined) return undefined;
  // The entry's own class is wrong, which has a finding of its own.
  if (meantClass(resource, surface) || leftMarks(entry, surface)) return undefined;
  if (OVERRIDES.some((key) => resource.annotation(key) !== undefined)) return undefined;
  const solverClass = ingress['ingressClassName'] ?? ingress['class'];
  if (typeof solverClass !== 'string' || classes.has(solverClass)) return undefined;
  const key = ingress['ingressClassName'] === undefined ? 'class' : 'ingressClassName';
  return {
    path: `.ingress.${key}`,
    message: `the solver's class is ${solverClass}, and Ingress ${resource.name} of ${host} has the class ${className}`,
    fix: `write \`${key}: ${className}\``,
  };
}
