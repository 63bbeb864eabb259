/** Names in pods that nothing of the stream has, with what was probably meant. */
import { dnsNamesOf } from '../../manifests/certificate.ts';
import { type PodReference, podReferencesOf } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import { groupedBy } from '../../maps.ts';
import { programsOf } from '../../surface/configs.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { covers } from '../../surface/issuers.ts';
import { areNearNames, prefixOf, withoutHash } from '../../surface/near-names.ts';
import { once, onceFor } from '../../surface/once.ts';
import { isProvidedIn, type Provided, providersOf } from '../../surface/providers.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { usedSecrets } from './used-secrets.ts';

/** What every namespace has by itself. */
const ALWAYS_THERE = [
  'kube-root-ca.crt',
  'openshift-service-ca.crt',
  'istio-ca-root-cert',
  'default',
];

/** What has a name that a pod may use, in the namespace of the pod or in another one. */
const candidatesFor = onceFor((kind: PodReference['kind'], surface): Provided[] => {
  if (kind === 'ConfigMap' || kind === 'Secret') return providersOf(kind, surface);
  return surface.manifests
    .ofKind(kind)
    .flatMap((by) =>
      by.names.map((name) => ({ by, name, namespace: by.namespace, keys: undefined })),
    );
});

const candidatesByName = onceFor((kind: PodReference['kind'], surface) =>
  groupedBy(candidatesFor(kind, surface), ({ name }) => [name]),
);

/** One with the name is here, or comes with every namespace. */
export function providedFor(
  { kind, name }: PodReference,
  workload: Resource,
  surface: Surface,
): Provided[] {
  const named = candidatesByName(kind, surface).get(name) ?? [];
  return named.filter((one) => isProvidedIn(one, workload.namespace));
}

/** Every name of pods that nothing here has, where that can be told. */
export function missingObjects(surface: Surface): Fault[] {
  const ours = new Set([...programsOf(surface), ...podsBehindEntries(surface)]);
  return surface.workloads.flatMap((workload) => {
    const told = new Set<string>();
    return podReferencesOf(workload).flatMap((reference): Fault[] => {
      const { kind, name, path } = reference;
      const id = `${kind} ${name}`;
      if (told.has(id) || ALWAYS_THERE.includes(name)) return [];
      if (providedFor(reference, workload, surface).length > 0) return [];
      const fault = judge(reference, workload, ours.has(workload), surface);
      if (!fault) return [];
      told.add(id);
      return [{ resource: workload, path: toPath(path), ...fault }];
    });
  });
}

/** A program that does not find its config is told by what leads to it. */
function podsBehindEntries(surface: Surface): Resource[] {
  return surface.entries.flatMap(({ paths }) =>
    paths.flatMap(({ role, backend: { service } }) =>
      role !== undefined && service ? surface.podsOf(service) : [],
    ),
  );
}

function judge(
  reference: PodReference,
  workload: Resource,
  isOurs: boolean,
  surface: Surface,
): Fault | undefined {
  const { kind, name, isOptional } = reference;
  // It may be the document that could not be read, which is said by itself.
  if (surface.manifests.isBroken([kind], [name])) return undefined;
  const what = `there is no ${kind} ${name}${workload.namespace ? ` in namespace ${workload.namespace}` : ''}`;
  const candidates = candidatesFor(kind, surface);
  // A pod starts without it: only what was meant and is not found tells that something is wrong.
  const severity = isOptional ? 'warning' : undefined;
  const near = nearestOf(reference, workload, candidates, surface);
  if (near && (near.isFree || isOurs))
    return {
      severity: near.isFree ? severity : 'warning',
      message: `${what}; ${described(near.found)} is there`,
      fix: `write \`${near.found.name}\``,
    };
  const [elsewhere] = candidatesByName(kind, surface).get(name) ?? [];
  if (elsewhere) {
    const { by, namespace = '' } = elsewhere;
    const isNeededThere = isUsed(kind, name, namespace, surface);
    if (elsewhere.leftOut)
      return {
        severity,
        message: `${what}: ${by.kind} ${by.name} makes it in namespaces that its selector takes, and Namespace ${workload.namespace} has other labels`,
        fix: `give Namespace ${workload.namespace} the labels that \`namespaceSelector\` asks for`,
      };
    return {
      severity: isNeededThere || isOptional ? 'warning' : undefined,
      message: `${what}; ${described(elsewhere)} is in namespace ${namespace}${isNeededThere ? ', where other pods use it' : ''}`,
      fix: `put ${by.kind} ${by.name} into the namespace of the pods${isNeededThere ? ' as well, unless something else makes it there' : ''}`,
    };
  }
  const certificate = kind === 'Secret' ? certificateFor(workload, candidates, surface) : undefined;
  if (certificate)
    return {
      severity,
      message: `${what}; ${described(certificate.made)}, for ${certificate.host}, and nothing uses that`,
      fix: `write \`${certificate.made.name}\` here, or \`secretName: ${name}\` there`,
    };
  if (kind === 'ServiceAccount' && isOurs) return otherAccount(what, workload, surface);
  const isInStream = kind === 'ConfigMap' || kind === 'PersistentVolumeClaim';
  if (!isInStream || !isOurs || isOptional || isGiven(name, surface)) return undefined;
  return {
    severity: 'warning',
    message: `${what}: the pods start only where something outside of these manifests makes it`,
    fix: `add ${kind} ${name}, or correct the name`,
  };
}

/** The accounts of other pods are here: one that is not was probably forgotten. A single one tells nothing. */
function otherAccount(what: string, workload: Resource, surface: Surface): Fault | undefined {
  const others = candidatesFor('ServiceAccount', surface)
    .filter((one) => isProvidedIn(one, workload.namespace))
    .map(({ by }) => by.name);
  if (others.length < 2) return undefined;
  const free = others.find((name) => !isUsed('ServiceAccount', name, workload.namespace, surface));
  return {
    severity: 'warning',
    message: `${what}, and ServiceAccount ${free ?? others[0]} is${free ? ', which no pod uses' : ''}: pods are made only where something outside of these manifests adds it`,
    fix: free ? `write \`${free}\`` : 'add it, or correct the name',
  };
}

/** A Certificate for a host that Envoy serves, whose Secret nothing uses: it was probably made for this. */
function certificateFor(
  workload: Resource,
  candidates: readonly Provided[],
  surface: Surface,
): { made: Provided; host: string } | undefined {
  if (!surface.envoyPods.workloads.includes(workload)) return undefined;
  const passed = surface.entriesOf('envoy').filter(({ tlsPlace }) => tlsPlace === 'envoy');
  const hosts = passed.flatMap((entry) => entry.hosts);
  for (const made of candidates) {
    const isFree = !usedSecrets(surface).has(`${made.by.namespace}/${made.name}`);
    if (made.by.kind !== 'Certificate' || !isProvidedIn(made, workload.namespace) || !isFree)
      continue;
    const host = hosts.find((one) => covers(dnsNamesOf(made.by), one));
    if (host !== undefined) return { made, host };
  }
  return undefined;
}

/** The config says that it is made elsewhere. */
function isGiven(name: string, { settings }: Surface): boolean {
  return getIn(settings?.config.spec.tls, ['trust', 'configMap']) === name;
}

function described({ by, name }: Provided): string {
  return by.name === name ? `${by.kind} ${name}` : `${name}, which ${by.kind} ${by.name} makes`;
}

/** What was probably meant: one that differs by the hash, or by a prefix that the workload has too; or a near one, best without a user. */
function nearestOf(
  { kind, name, keys }: PodReference,
  workload: Resource,
  candidates: readonly Provided[],
  surface: Surface,
): { found: Provided; isFree: boolean } | undefined {
  const plain = withoutHash(name);
  const hasKeys = (one: Provided) =>
    one.keys === undefined || keys.every(({ key }) => one.keys?.includes(key));
  const here = candidates.filter((one) => isProvidedIn(one, workload.namespace) && hasKeys(one));
  const renamed = here.find((one) => {
    const prefix = prefixOf(plain, withoutHash(one.name));
    const isOfLayer = prefix !== '' && workload.name.startsWith(prefix);
    return withoutHash(one.name) === plain || isOfLayer;
  });
  if (renamed) return { found: renamed, isFree: true };
  const near = here.filter((one) => areNearNames(plain, withoutHash(one.name)));
  const free = near.find((one) => !isUsed(kind, one.name, workload.namespace, surface));
  const found = free ?? near[0];
  return found && { found, isFree: free !== undefined };
}

/** What pods name, as `Kind namespace/name`. */
const used = once(
  (surface) =>
    new Set(
      surface.workloads.flatMap((workload) =>
        podReferencesOf(workload).map(({ kind, name }) => `${kind} ${workload.namespace}/${name}`),
      ),
    ),
);

function isUsed(kind: string, name: string, namespace: string, surface: Surface): boolean {
  return used(surface).has(`${kind} ${namespace}/${name}`);
}
