/** How Envoy may name the API server: by its Service, in every spelling, by the public host, or as the config says. */
import type { UpstreamHint } from '../envoy/api.ts';
import type { Resource } from '../manifests/resource.ts';
import { isAddressOf } from '../manifests/service-address.ts';
import { readAddress } from '../net/addresses.ts';
import { parseServiceAddress } from '../net/service-address.ts';
import { stringAt } from '../yaml/json.ts';
import { apiServicePort } from './api-port.ts';
import { type DocumentTarget, jsonOf } from './parts.ts';
import { API_PORT, API_SERVICE } from './roles.ts';
import type { Surface } from './surface.ts';

/** @param home - the ConfigMap of the bootstrap, from whose namespace short names are read */
export function apiHint(home: Resource, { apiServices, settings, workers }: Surface): UpstreamHint {
  const [apiServer] = apiServices;
  const port = apiServer && apiServicePort(apiServer);
  const numbers = port ? [port.port, Number(port.targetPort)] : [];
  return {
    isAddress: (address) => isApiAddress(address, home, apiServices),
    serviceNames: [...(apiServer?.names ?? []), API_SERVICE],
    ports: [...new Set([API_PORT, ...numbers.filter(Number.isInteger)])],
    publicHosts: [
      ...(settings?.hosts.api ?? []).map(({ host }) => host),
      ...workers.flatMap((worker) => apiHostOf(worker) ?? []),
    ],
    given: settings?.config.spec.envoy?.upstream,
  };
}

/** The host of the API that a worker's config names. */
function apiHostOf(worker: DocumentTarget): string | undefined {
  return readAddress(stringAt(jsonOf(worker), ['worker', 'address']))?.host;
}

/** Without its namespace the guide's name is enough: prefixes may be gone from finished output. */
function isApiAddress(address: string, home: Resource, services: readonly Resource[]): boolean {
  if (services.some((service) => isAddressOf(service, address, home))) return true;
  const parsed = parseServiceAddress(address);
  const isElsewhere = services.length > 0 && parsed?.namespace !== undefined;
  return parsed?.name === API_SERVICE && !isElsewhere;
}
