/** Everything that checks look at: one stream of manifests, parsed once, whoever made it. */
import type { Settings } from '../config/settings.ts';
import type { ResourceReference } from '../errors.ts';
import type { Chunk } from '../manifests/chunk.ts';
import { ResourceIndex } from '../manifests/resource-index.ts';
import { getIn } from '../yaml/json.ts';
import type { Entry, PublicAddress } from './entry.ts';
import { ingressEntries } from './ingress-entries.ts';
import { findParts, jsonOf, type Parts, type ServiceRole } from './parts.ts';
import { routeEntries } from './route-entries.ts';

export { groupOf, sameNamespace } from '../manifests/resource-index.ts';
export type {
  Backend,
  Entry,
  EntryPath,
  Listener,
  PublicAddress,
} from './entry.ts';
export { implementationOf } from './gateway-class.ts';
export { containersOf, jsonOf, mounting, type ServiceRole, selectedBy } from './parts.ts';

/** What is known of another overlay that was named beside this one. */
export interface OtherOverlay {
  name: string;
  role: Settings['role'] | undefined;
  /** `spec.domain`; undefined where there is no DomainConfig. */
  domain: string | undefined;
  /** Every public host that it serves. */
  hosts: readonly string[];
  /** Namespaces that its resources are in. */
  namespaces: ReadonlySet<string>;
  resources: ResourceIndex;
}

/** The parts that were found are properties of the view itself: `view.envoys`, `view.apiServices`. */
export interface ManifestView extends Parts {
  /** As messages call it: the overlay's path, the file's, or `standard input`. */
  name: string;
  /** What the DomainConfig says; undefined where the manifests are not those of an overlay. */
  settings: Settings | undefined;
  /** Lookups by kind, name and namespace; `resources.all` is everything. */
  resources: ResourceIndex;
  /** Every Ingress and every route, other programs' included: those have no `roles`. */
  entries: readonly Entry[];
  /** Whether clients are meant to use TLS: as the config says, or as any entry, worker or UI does. */
  usesTls: boolean;
  others: readonly OtherOverlay[];
  /** The entries that lead to a role. */
  entriesOf(role: ServiceRole): Entry[];
  /** Hosts under which a role is reached; without those of entries that take every host. */
  addressesOf(role: ServiceRole): PublicAddress[];
}

/** What is known beside the manifests themselves. */
export interface ViewOptions {
  name?: string;
  settings?: Settings | undefined;
  others?: readonly ManifestView[];
}

/** Parses a stream that is cut into documents already. */
export function viewOf(chunks: readonly Chunk[], options: ViewOptions = {}): ManifestView {
  const { name = 'standard input', settings, others = [] } = options;
  const resources = new ResourceIndex(chunks);
  const parts = findParts(resources);
  const entries = [
    ...ingressEntries(resources, parts, settings),
    ...routeEntries(resources, parts, settings),
  ];
  const usesTls = settings ? settings.scheme === 'https' : saysTls(entries, parts);
  const entriesOf = (role: ServiceRole) => entries.filter(({ roles }) => roles.has(role));
  return {
    ...parts,
    name,
    settings,
    resources,
    entries,
    usesTls,
    others: others.map(asOther),
    entriesOf,
    addressesOf: (role) =>
      entriesOf(role).flatMap((entry) => addressesOfEntry(entry, role, usesTls, settings)),
  };
}

/** The same view beside the others that were named with it. */
export function beside(view: ManifestView, views: readonly ManifestView[]): ManifestView {
  return { ...view, others: views.filter((other) => other !== view).map(asOther) };
}

/** Where `kubectl apply` puts a resource, whatever version of its API it is written in. */
export function sameObject(left: ResourceReference, right: ResourceReference): boolean {
  const group = ({ apiVersion }: ResourceReference) =>
    apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return (
    left.kind === right.kind &&
    left.name === right.name &&
    left.namespace === right.namespace &&
    group(left) === group(right)
  );
}

function saysTls(entries: readonly Entry[], { workers, uis }: Parts): boolean {
  return (
    entries.some(({ roles, tlsPlace }) => roles.size > 0 && tlsPlace !== 'none') ||
    workers.some((target) => getIn(jsonOf(target), ['worker', 'useTLS']) === true) ||
    uis.some((target) => String(getIn(jsonOf(target), ['apiBaseUrl'])).startsWith('https:'))
  );
}

function asOther(view: ManifestView): OtherOverlay {
  const { name, settings, resources, entries } = view;
  const configured = settings ? [...settings.apiHosts, ...settings.appHosts] : [];
  const served = entries.filter(({ roles }) => roles.size > 0).flatMap(({ hosts }) => hosts);
  return {
    name,
    role: settings?.role,
    domain: settings?.config.spec.domain,
    hosts: [...new Set([...configured.map(({ host }) => host), ...served])],
    namespaces: new Set(resources.all.flatMap(({ namespace }) => namespace || [])),
    resources,
  };
}

function addressesOfEntry(
  entry: Entry,
  role: ServiceRole,
  usesTls: boolean,
  settings: Settings | undefined,
): PublicAddress[] {
  const hosts = entry.paths.filter((path) => path.role === role).map(({ host }) => host);
  // An entry that lacks its TLS has a finding of its own; what clients are told is right nevertheless.
  const isSecure = usesTls || entry.tlsPlace !== 'none';
  const port = settings?.port ?? listenerPort(entry, isSecure);
  return [...new Set(hosts)].filter(Boolean).map((host) => ({
    host,
    scheme: isSecure ? 'https' : 'http',
    port,
    entry,
  }));
}

function listenerPort({ listeners }: Entry, isSecure: boolean): number | undefined {
  const protocols = isSecure ? ['HTTPS', 'TLS'] : ['HTTP'];
  const found = listeners.find(({ json }) => protocols.includes(String(json['protocol'])));
  const port = found?.json['port'];
  return typeof port === 'number' ? port : undefined;
}
