/** The listeners of a Gateway of our own: which a host gets follows from where TLS ends. */
import type { PublicRole } from '../config/public-hosts.ts';
import type { PublicHost, Settings } from '../config/settings.ts';
import type { JsonObject } from '../yaml/json.ts';
import { listenerName } from './gateway-names.ts';

/** Source: GKE's "Secure a Gateway": certificates of a map, so that the listener names none. */
const CERTIFICATE_MAP = 'networking.gke.io/certmap';

/** The listeners that carry a role's requests. */
export function routedListeners(settings: Settings, role: PublicRole): 'http' | 'https' | 'tls' {
  if (settings.tlsMode === 'none') return 'http';
  const annotations = settings.entries[role].gateway?.value.annotations;
  if (settings.tlsMode === 'external')
    return annotations?.[CERTIFICATE_MAP] === undefined ? 'http' : 'https';
  return role === 'app' && settings.terminateAt === 'envoy' ? 'tls' : 'https';
}

/**
 * The listeners for one host. Behind somebody else's TLS (`external`) it is plain HTTP on port 80, whatever the public port; the
 * redirect and the challenges of ACME come in on port 80 as well.
 */
export function listenersOf(settings: Settings, role: PublicRole, host: PublicHost): JsonObject[] {
  const carrier = routedListeners(settings, role);
  const allowedRoutes = { namespaces: { from: 'Same' } };
  const common = { hostname: host.host, allowedRoutes };
  const plain: JsonObject = {
    name: listenerName('http', host.host, settings),
    ...common,
    port: carrier === 'http' && settings.tlsMode === 'none' ? settings.port : 80,
    protocol: 'HTTP',
  };
  if (carrier === 'http') return [plain];
  const secret = host.secretName
    ? { certificateRefs: [{ group: '', kind: 'Secret', name: host.secretName }] }
    : undefined;
  const tls =
    carrier === 'tls' ? { mode: 'Passthrough' } : secret && { mode: 'Terminate', ...secret };
  const secure: JsonObject = {
    name: listenerName(carrier, host.host, settings),
    ...common,
    port: settings.port,
    protocol: carrier === 'tls' ? 'TLS' : 'HTTPS',
    ...(tls ? { tls } : {}),
  };
  return [secure, plain];
}
