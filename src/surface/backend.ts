/** What a backend is, even where it names nothing: the check that says so has to know what was meant. */

import { listenerPorts } from '../envoy/bootstrap.ts';
import type { Resource } from '../manifests/resource.ts';
import { servicePorts } from '../manifests/workloads.ts';
import type { Backend } from './entry.ts';
import { jsonOf, type Parts, type ServiceRole } from './parts.ts';
import { API_PORT } from './roles.ts';

export function roleOfBackend(
  backend: Backend,
  entry: Resource,
  parts: Parts,
): ServiceRole | undefined {
  const { service } = backend;
  const lists: [ServiceRole, readonly Resource[]][] = [
    ['api', parts.apiServices],
    ['envoy', parts.envoyServices],
    ['ui', parts.uiServices],
  ];
  if (service) return lists.find(([, services]) => services.includes(service))?.[0];
  if (entry.role === 'api-entry') return 'api';
  if (entry.role === 'app-entry') return 'envoy';
  return meantRole(backend, parts);
}

/** By port, then by name. */
function meantRole({ name, port }: Backend, parts: Parts): ServiceRole | undefined {
  const hasPort = (services: readonly Resource[]) =>
    services.some((service) => servicePorts(service).some((candidate) => candidate.port === port));
  if (port === API_PORT || hasPort(parts.apiServices)) return 'api';
  const listeners = parts.envoys.flatMap((target) => listenerPorts(jsonOf(target)));
  if (listeners.includes(Number(port)) || hasPort(parts.envoyServices)) return 'envoy';
  if (/api-?server/.test(name)) return 'api';
  if (/envoy/.test(name)) return 'envoy';
  return undefined;
}
