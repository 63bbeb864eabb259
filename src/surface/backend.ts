/** What a backend is, even where it names nothing: the check that says so has to know what was meant. */
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { servicePort, servicePorts } from '../manifests/service.ts';
import type { Backend, ServiceRole } from './entry.ts';
import { envoyListenerPorts, servingPorts } from './envoy-service.ts';
import { once } from './once.ts';
import { API_PORT, API_SERVICE, ENVOY_SERVICE, UI_SERVICE } from './roles.ts';

/** What backends are compared with. */
export interface KnownBackends {
  services: Readonly<Record<ServiceRole, readonly Resource[]>>;
  /** What the Services of the guide are called, for entries whose Service is in another stream. */
  names: Readonly<Record<ServiceRole, readonly string[]>>;
  /** Ports that Envoy listens on. */
  listeners: readonly number[];
  /** Whether a port of a Service leads to Envoy's listener. */
  leadsToEnvoy: (service: Resource, port: number | string | undefined) => boolean;
}

/** What our roles' Services are, and what tells a backend that names none of them. */
export const knownBackends = once((surface): KnownBackends => {
  const { apiServices, envoyServices, uiServices } = surface;
  return {
    services: { api: apiServices, envoy: envoyServices, ui: uiServices },
    names: { api: [API_SERVICE], envoy: [ENVOY_SERVICE], ui: [UI_SERVICE] },
    listeners: envoyListenerPorts(surface),
    leadsToEnvoy: (service, port) => {
      const wanted = servicePort(service, port);
      return servingPorts(service, surface.envoyPods).some(({ index }) => index === wanted?.index);
    },
  };
});

/** The role of a backend; a guess where its Service is not in the stream and has no name that is known. */
export function roleOfBackend(
  backend: Backend,
  entry: Resource,
  known: KnownBackends,
): { role: ServiceRole | undefined; isGuess: boolean } {
  const { services, names } = known;
  const roles: readonly ServiceRole[] = ['api', 'envoy', 'ui'];
  const { service } = backend;
  const found = service && roleOfService(service, backend.port, known);
  const name = service?.originalName ?? backend.name;
  const named = roles.find((role) => names[role].includes(name));
  // Where the role's own Service is known, another of that name is not it.
  if (service) {
    const isOurs = named && services[named].length === 0;
    return { role: found ?? (isOurs ? named : undefined), isGuess: false };
  }
  // One of the same name in another namespace than ours is somebody else's, or a mistake in an entry of ours.
  const ours = named ? services[named] : [];
  const isHere = (namespace: string) =>
    ours.length === 0 || ours.some((own) => sameNamespace(own.namespace, namespace));
  if (named && backend.kind === 'Service' && isHere(backend.namespace))
    return { role: named, isGuess: false };
  if (entry.role === 'api-entry') return { role: 'api', isGuess: true };
  if (entry.role === 'app-entry') return { role: 'envoy', isGuess: true };
  if (entry.role === 'ui-entry') return { role: 'ui', isGuess: true };
  const isMeant = backend.kind === 'Service' && isHere(entry.namespace);
  return { role: isMeant ? meantRole(backend, known) : undefined, isGuess: true };
}

/** One Service may lead to several containers of its pods, Envoy beside the page or the API server: the port tells them apart. */
function roleOfService(
  service: Resource,
  port: number | string | undefined,
  { services, leadsToEnvoy }: KnownBackends,
): ServiceRole | undefined {
  const others = (['api', 'ui'] as const).filter((role) => services[role].includes(service));
  if (!services.envoy.includes(service)) return others[0];
  return others.length === 0 || leadsToEnvoy(service, port) ? 'envoy' : others[0];
}

/** Those that any program may have: they tell nothing of what was meant. */
const USUAL_PORTS = [80, 443, 8080];

/** By port, then by name. */
function meantRole(
  { name, port }: Backend,
  { services, listeners }: KnownBackends,
): ServiceRole | undefined {
  const isTelling = !USUAL_PORTS.includes(Number(port));
  const hasPort = (role: ServiceRole) =>
    services[role].some((service) =>
      servicePorts(service).some((candidate) => candidate.port === port),
    );
  if (isTelling && (port === API_PORT || hasPort('api'))) return 'api';
  if (isTelling && (listeners.includes(Number(port)) || hasPort('envoy'))) return 'envoy';
  if (/api-?server/.test(name)) return 'api';
  if (/envoy/.test(name)) return 'envoy';
  return undefined;
}
