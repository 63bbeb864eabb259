import { someOf } from '../errors.ts';
import { dnsNamesOf, secretNameOf } from '../manifests/certificate.ts';
import { hostnameOf, takesHost } from '../manifests/gateway.ts';
import { tlsBlocksOf } from '../manifests/ingress.ts';
import { istioResources } from '../manifests/istio-objects.ts';
import type { Resource } from '../manifests/resource.ts';
import { hostnamesOf, ROUTE_KINDS } from '../manifests/route.ts';
import { sourcesOf, volumesOf } from '../manifests/workload.ts';
import { matchesWildcard } from '../net/wildcards.ts';
import { clientsUseTls } from '../surface/addresses.ts';
import type { Entry } from '../surface/entry.ts';
import { lacksTls } from '../surface/entry-tls.ts';
import { isMisplaced } from '../surface/faults/entry-host.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { certificatesFor, coveredBy, covers, isAnnotated } from '../surface/issuers.ts';
import { isMisspelledName } from '../surface/near-names.ts';
import { once } from '../surface/once.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { podCertificateFaults } from './shared/pod-certificates.ts';
import { customSecretUses, type SecretUse, secretUses } from './shared/secret-uses.ts';

export const check: Check = {
  family: 'Certificates and TLS',
  severity: 'error',
  title: 'A host of the entry is not among its TLS hosts',
  why: 'The controller has no certificate for the host and answers with its own, self-signed one: browsers and gRPC clients refuse it. cert-manager asks for the listed hosts only.',
  fix: 'list the host under `tls[].hosts`, or in `dnsNames` of the Certificate',
  find: (surface) => [
    ...surface.entries
      .filter(({ roles }) => roles.size > 0)
      .flatMap((entry) => hostsWithoutBlock(entry, surface)),
    ...[...secretUses(surface), ...customSecretUses(surface)].flatMap((use) =>
      certificatesFor(use.secretName, use.namespace, surface).flatMap((certificate) =>
        notCovered(
          certificate,
          servedHosts(use, surface),
          `${use.resource.kind} ${use.resource.name}`,
        ),
      ),
    ),
    ...envoyHosts(surface),
    ...podCertificateFaults(surface),
    ...misspelledNames(surface),
  ],
};

/** A Certificate for a host that is a slip of one that is served: its Secret may be named in another stream. */
function misspelledNames(surface: Surface): Fault[] {
  const served = [
    ...new Set(surface.entries.filter(({ roles }) => roles.size > 0).flatMap(({ hosts }) => hosts)),
  ];
  const known = new Set(surface.entries.flatMap(({ hosts }) => hosts));
  return surface.manifests.ofKind('Certificate').flatMap((certificate) => {
    const names = dnsNamesOf(certificate);
    return names.flatMap((name, index): Fault[] => {
      const near = known.has(name)
        ? undefined
        : served.find((host) => isMisspelledName(host, name));
      if (near === undefined || covers(names, near) || isUsed(certificate, surface)) return [];
      return [
        {
          resource: certificate,
          path: `spec.dnsNames[${index}]`,
          severity: 'warning',
          message: `it is for ${name}, which nothing here serves, and ${near} is served`,
          fix: `write \`${near}\``,
        },
      ];
    });
  });
}

/** What uses its Secret has a finding of its own. */
function isUsed(certificate: Resource, surface: Surface): boolean {
  const mounted = surface
    .mounting(surface.envoys)
    .flatMap((workload) => volumesOf(workload).flatMap((volume) => sourcesOf(volume, 'secret')));
  const name = secretNameOf(certificate);
  return mounted.includes(name) || secretUses(surface).some((use) => use.secretName === name);
}

/** How many hosts a message names. */
const SHOWN = 20;

function hostsWithoutBlock(entry: Entry, surface: Surface): Fault[] {
  const { resource, form, paths, listeners, hasForeignGateway } = entry;
  const hosts = paths.flatMap(({ host, role }) =>
    role && host && !isMisplaced(resource, host, surface) ? [host] : [],
  );
  // What is no host has a finding of its own.
  const served = [...new Set(hosts)].filter((host) => !/[:/]/.test(host));
  if (form === 'ingress') {
    const blocks = tlsBlocksOf(resource).map(({ hosts }) => hosts);
    if (blocks.length === 0) return withoutBlocks(entry, served, surface);
    if (blocks.some((named) => named.length === 0 || named.some((host) => /[:/]/.test(host))))
      return [];
    if (isPlainBesideOthers(entry, blocks.flat(), surface)) return [];
    const named = [...new Set(blocks.flat())];
    const isCovered = coveredBy(named);
    return served
      .filter((host) => !isCovered(host))
      .map((host) => ({
        resource,
        path: 'spec.tls',
        message: `${host} is in no TLS block of the Ingress, which has ${someOf(named, SHOWN)}`,
      }));
  }
  const names = listeners.map(({ json }) => hostnameOf(json));
  if (hasForeignGateway || names.length === 0 || names.includes('')) return [];
  const lacking = served.filter((host) => !listeners.some(({ json }) => takesHost(json, [host])));
  return lacking.map((host) => ({
    resource,
    path: 'spec.hostnames',
    message: `${host} is the host of no listener that the route attaches to: ${names.join(', ')}`,
    fix: 'add a listener for the host, or give the route a host of a listener',
  }));
}

/** TLS of a shared Ingress is for hosts of others, those that its default backend serves among them; clients of ours use plain HTTP. */
function isPlainBesideOthers({ paths }: Entry, named: readonly string[], surface: Surface) {
  const isOfOthers = ({ host, role }: Entry['paths'][number]) =>
    !role && (host === '' || covers(named, host));
  const isOurs = paths.some(({ host, role }) => role && covers(named, host));
  return !isOurs && paths.some(isOfOthers) && !clientsUseTls(surface);
}

/** cert-manager is asked for a certificate, and is told neither hosts nor a Secret. An entry of the API has a code of its own. */
function withoutBlocks(entry: Entry, hosts: readonly string[], surface: Surface): Fault[] {
  const { resource, roles } = entry;
  if (roles.has('api') || !isAnnotated(resource) || !lacksTls(entry, surface)) return [];
  return [
    {
      resource,
      path: 'spec.tls',
      message: `an annotation asks cert-manager for a certificate, and there is no TLS block for ${hosts.join(', ')}`,
      fix: 'add a TLS block with the hosts and a Secret',
    },
  ];
}

/** Of a wildcard of a Gateway, those that its routes have: no request comes for others. */
function servedHosts(use: SecretUse, surface: Surface): string[] {
  const own = ownHosts(use, surface);
  if (use.resource.kind !== 'Gateway') return own;
  const routed = routedHosts(surface);
  return own.flatMap((host) => {
    const meant = host.startsWith('*')
      ? routed.filter((one) => matchesWildcard(host, one, 'any'))
      : [];
    return meant.length > 0 ? meant : [host];
  });
}

/** Of every route of the Gateway API, and of Istio's. */
const routedHosts = once(({ manifests }: Surface): string[] => [
  ...new Set([
    ...manifests.ofKind(...ROUTE_KINDS).flatMap(hostnamesOf),
    ...istioResources(manifests, 'VirtualService').flatMap(({ json }) =>
      strings(getIn(json, ['spec', 'hosts'])),
    ),
  ]),
]);

/** What an entry should not serve needs no certificate. */
function ownHosts(
  { resource, hosts }: { resource: Resource; hosts: readonly string[] },
  surface: Surface,
): string[] {
  return hosts.filter((host) => !isMisplaced(resource, host, surface));
}

/** Where TLS ends at Envoy, its certificate has to cover the app's hosts. */
function envoyHosts(surface: Surface): Fault[] {
  const passed = surface.entriesOf('envoy').filter(({ tlsPlace }) => tlsPlace === 'envoy');
  const hosts = passed.flatMap((entry) => ownHosts(entry, surface));
  return surface.mounting(surface.envoys).flatMap((workload) => {
    const names = volumesOf(workload).flatMap((volume) => sourcesOf(volume, 'secret'));
    const certificates = names.flatMap((name) =>
      certificatesFor(name, workload.namespace, surface),
    );
    // Several hosts have a certificate each: one that covers a host is enough.
    const covered = certificates.flatMap(dnsNamesOf);
    const [first] = certificates;
    return first ? notCovered(first, hosts, `${workload.kind} ${workload.name}`, covered) : [];
  });
}

function notCovered(
  certificate: Resource,
  hosts: readonly string[],
  user: string,
  names = dnsNamesOf(certificate),
): Fault[] {
  return hosts
    .filter((host) => !covers(names, host))
    .map((host) => ({
      resource: certificate,
      path: 'spec.dnsNames',
      message: `${user} serves ${host} with this certificate, which does not name it`,
      fix: `add ${host} to \`dnsNames\``,
    }));
}
