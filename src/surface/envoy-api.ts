/** What leads to the API server in the documents of Envoy that a stream has. */
import { type EnvoyApi, findApi, managersTo } from '../envoy/api.ts';
import { type CorsPolicy, corsOf, type HostCors, type ManagerCors } from '../envoy/cors.ts';
import { toPath } from '../yaml/path.ts';
import { type DocumentTarget, jsonOf } from './parts.ts';
import type { Surface } from './surface.ts';

export function envoyApi(target: DocumentTarget, { upstreamHint }: Surface): EnvoyApi {
  return findApi(jsonOf(target), upstreamHint);
}

/** A connection manager that serves the API, with what it says of CORS. */
export interface ApiManager extends ManagerCors {
  target: DocumentTarget;
  hosts: readonly ApiVirtualHost[];
}

export interface ApiVirtualHost extends HostCors {
  target: DocumentTarget;
}

/** Managers with a virtual host that leads to the API; with all of them where no cluster is known to be the API's. */
export function apiManagers(surface: Surface): ApiManager[] {
  return surface.envoys.flatMap((target) => {
    const { clusters, managers } = envoyApi(target, surface);
    const found = clusters.length > 0 ? managers : managersTo(jsonOf(target), undefined);
    return found.map(corsOf).map((manager) => ({
      ...manager,
      target,
      hosts: manager.hosts.map((host) => ({ ...host, target })),
    }));
  });
}

export function apiVirtualHosts(surface: Surface): ApiVirtualHost[] {
  return apiManagers(surface).flatMap(({ hosts }) => hosts);
}

/** Every CORS policy of the managers that serve the API, each once: a route table's belongs to each of its virtual hosts. */
export function corsPolicies(surface: Surface): { target: DocumentTarget; policy: CorsPolicy }[] {
  const seen = new Set<string>();
  return apiVirtualHosts(surface).flatMap(({ target, policies }) =>
    policies
      .filter(({ path }) => {
        const { kind, namespace, name } = target.resource;
        const key = [kind, namespace, name, target.key, toPath(path)].join('\n');
        return !seen.has(key) && seen.add(key);
      })
      .map((policy) => ({ target, policy })),
  );
}
