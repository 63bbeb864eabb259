/** Names of what the function adds for the Gateway API: each is that of a Service as it is now, so that a second run finds it again. */
import type { PublicRole } from '../config/public-hosts.ts';
import type { Settings } from '../config/settings.ts';
import { equalJson, type JsonObject } from '../json.ts';
import type { Inventory } from '../resources/inventory.ts';
import type { Resource } from '../resources/resource.ts';
import { shortName } from '../short-name.ts';

/** The Service that a role's requests go to. */
export function serviceOf(inventory: Inventory, role: PublicRole): Resource | undefined {
  return role === 'api' ? inventory.apiServer : inventory.envoyServices[0];
}

/** Whether both roles come in through one Gateway of our own. */
function isShared({ entries: { api, app } }: Settings): boolean {
  return equalJson(api.gateway?.value, app.gateway?.value);
}

/** Name and namespace of the Gateway that the function makes for a role; undefined where it makes none. */
export function gatewayName(
  settings: Settings,
  inventory: Inventory,
  role: PublicRole,
): JsonObject & { name: string } | undefined {
  const gateway = settings.entries[role].gateway;
  const service = serviceOf(inventory, isShared(settings) ? 'app' : role);
  if (!gateway || gateway.value.parentRefs || !service) return undefined;
  return { name: service.name, ...(service.namespace ? { namespace: service.namespace } : {}) };
}

/** Name of the listener for a host: it follows the host, so that a host which becomes main or alias keeps it. */
export function listenerName(protocol: 'http' | 'https' | 'tls', host: string): string {
  return shortName(`${protocol}-${host.replaceAll('.', '-')}`);
}
