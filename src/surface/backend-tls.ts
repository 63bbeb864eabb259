/**
 * Whether an entry is told to speak TLS to a backend.
 *
 * Sources: the annotations that the files of `src/controllers/` name; Contour's `upstream-protocol.h2` is HTTP/2 with TLS; Gateway API,
 * "BackendTLSPolicy".
 */
import { ANNOTATION_PREFIXES, type ControllerName } from '../controllers/index.ts';
import type { Resource } from '../manifests/resource.ts';
import { servicePort } from '../manifests/service.ts';
import { asText, list, objectAt } from '../yaml/json.ts';
import type { Backend, Entry, EntryPath } from './entry.ts';
import type { Surface } from './surface.ts';

/** Annotations of all controllers by which an entry, or a Service, says that its backend speaks TLS. */
export function saysBackendTls(key: string, value: unknown): boolean {
  const [prefix = '', name = ''] = key.split('/');
  if (!/[a-z]/.test(prefix)) return false;
  // A `healthcheck-protocol` is that of the checks, and `do-loadbalancer-protocol` that of the clients.
  if (/^protocol$|(?:^|[.-])(?:backend-protocol|serversscheme|app-protocols)$/.test(name))
    return /https|ssl|tls|grpcs/i.test(asText(value));
  return (
    LISTS.test(key) || (name === 'server-ssl' && /^(?:[1t]|true|enabled|on)$/i.test(asText(value)))
  );
}

/** Annotations whose value is a list of Services, or of ports. */
const LISTS = /\/(?:ssl-services|upstream-protocol\.(?:tls|h2))$/;

/** By a mark that its controller reads, on it or on the Service; or, for a route, by a policy for the Service. */
export function isToldTls(entry: Entry, { backend }: EntryPath, surface: Surface): boolean {
  const { service } = backend;
  const port = service && servicePort(service, backend.port);
  if (port?.appProtocol === 'https') return true;
  if (service && entry.form === 'route' && hasPolicy(service, surface)) return true;
  const readers = entry.form === 'route' ? (['contour'] as const) : entry.controllers;
  return [
    ...Object.entries(entry.resource.annotations),
    ...Object.entries(service?.annotations ?? {}),
  ].some(
    ([key, value]) =>
      isReadBy(key, readers) && saysBackendTls(key, value) && isAbout(key, value, backend, port),
  );
}

/** Of an unknown controller any mark may be its own. */
function isReadBy(key: string, readers: readonly ControllerName[]): boolean {
  return (
    readers.length === 0 ||
    readers.some((name) => ANNOTATION_PREFIXES.get(name)?.some((prefix) => key.startsWith(prefix)))
  );
}

function isAbout(
  key: string,
  value: unknown,
  { name }: Backend,
  port: { name: string; port: number } | undefined,
): boolean {
  if (!LISTS.test(key)) return true;
  const members = asText(value)
    .split(',')
    .map((member) => member.trim());
  return [name, port?.name, String(port?.port)].some((own) => own && members.includes(own));
}

/** By Gateway API, a policy says that a Service speaks TLS. */
export function hasPolicy(service: Resource, { manifests }: Surface): boolean {
  return manifests
    .find(['BackendTLSPolicy'], service.names)
    .some(
      ({ namespace, json }) =>
        namespace === service.namespace &&
        list(objectAt(json, ['spec'])['targetRefs']).some(({ name }) =>
          service.names.includes(asText(name)),
        ),
    );
}
