import { objectsAt, portOf } from '../envoy/bootstrap.ts';
import { spokenAt } from '../envoy/listeners.ts';
import { type ServicePort, servicePort } from '../manifests/service.ts';
import { isToldTls } from '../surface/backend-tls.ts';
import type { Entry, EntryPath } from '../surface/entry.ts';
import { targetOf } from '../surface/envoy-service.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { implementationOf } from '../surface/gateway-class.ts';
import { jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';
import { openPorts } from './shared/open-services.ts';

/** Resources by which a controller may be told of TLS in a way that is not read here. */
const POLICIES = ['DestinationRule', 'ServersTransport', 'BackendTLSPolicy'];

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'The entry speaks plain text to Envoy where Envoy ends TLS, or the other way round',
  why: 'A listener with TLS closes a connection that begins without, and one without reads a handshake as nonsense: every request fails with 400, 502 or 503.',
  fix: "let the entry speak to Envoy as Envoy's listener does",
  find: (surface) => [
    ...surface.entriesOf('envoy').flatMap((entry) => {
      // Two hosts of one entry lead to the same listener.
      const found = entry.paths.flatMap((path) => faultOf(entry, path, surface) ?? []);
      return found.slice(0, 1);
    }),
    ...openPorts(surface),
  ],
};

function faultOf(entry: Entry, path: EntryPath, surface: Surface): Fault | undefined {
  const { service, port } = path.backend;
  const own = service && servicePort(service, port);
  if (path.role !== 'envoy' || path.isGuess || !service || !own) return undefined;
  const listens = listenersAt(own, surface);
  const isTls = entry.tlsPlace === 'envoy' || speaksTls(entry, path, own, surface);
  const { resource, controllers } = entry;
  const who = `${resource.kind} ${resource.name}`;
  if (isTls && listens === 'plain')
    return {
      resource,
      message: `${who} ${entry.tlsPlace === 'envoy' ? 'passes TLS through' : 'speaks TLS'} to port ${own.port} of Service ${service.name}, and Envoy's listener there has no TLS`,
      fix: 'let TLS end at the entry and speak plain text to Envoy, or give the listener a `transport_socket` with a `DownstreamTlsContext`',
    };
  if (isTls || listens !== 'tls') return undefined;
  if (surface.manifests.find(POLICIES, service.names).length > 0) return undefined;
  const isKnown =
    entry.form === 'ingress'
      ? controllers.length === 1
      : entry.listeners.some(({ gateway }) => implementationOf(gateway, surface.manifests));
  return {
    resource,
    severity: isKnown ? undefined : 'warning',
    message: `${who} speaks plain text to port ${own.port} of Service ${service.name}, and Envoy's listener there takes TLS alone${isKnown ? '' : ', unless its controller, which is not known here, is told by other signs'}`,
    fix:
      entry.form === 'ingress'
        ? 'pass TLS through, or let the entry speak TLS to the backend (ingress-nginx: `nginx.ingress.kubernetes.io/backend-protocol: HTTPS`)'
        : 'add a BackendTLSPolicy for the Service, or pass TLS through with a TLSRoute',
  };
}

/** Traefik goes by the port as well. Source: Traefik, "Kubernetes Ingress Controller": a port 443, or a name that begins with `https`. */
function speaksTls(entry: Entry, path: EntryPath, own: ServicePort, surface: Surface): boolean {
  const isByPort = own.port === 443 || own.name.startsWith('https');
  return (
    isToldTls(entry, path, surface) ||
    (entry.form === 'ingress' &&
      isByPort &&
      (entry.controllers.includes('traefik') || entry.controllers.length === 0))
  );
}

/** What Envoy's listeners behind a port take; undefined where they take both, or none of them is behind it. */
function listenersAt(port: ServicePort, surface: Surface): 'tls' | 'plain' | undefined {
  const number = targetOf(port, surface.envoyPods);
  if (number === undefined) return undefined;
  const listeners = surface.envoys
    .flatMap((target) => objectsAt(jsonOf(target), ['static_resources', 'listeners']))
    .filter(({ value }) => portOf(value) === number);
  return spokenAt(listeners);
}
