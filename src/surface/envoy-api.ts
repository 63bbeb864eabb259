/** What leads to the API server in the documents of Envoy that a stream has. */
import { type EnvoyApi, findApi, managersTo } from '../envoy/api.ts';
import { type CorsPolicy, corsOf, type HostCors, type ManagerCors } from '../envoy/cors.ts';
import { once, onceFor } from './once.ts';
import { type DocumentTarget, jsonOf } from './parts.ts';
import type { Surface } from './surface.ts';

/** Of one document: the clusters of the API, and the connection managers that route to them. What names the API follows from this stream. */
export const envoyApi = onceFor(
  (target: DocumentTarget, surface): EnvoyApi =>
    findApi(jsonOf(target), surface.upstreamHint(target.resource)),
);

/** A connection manager that serves the API, with what it says of CORS. */
export interface ApiManager extends ManagerCors {
  target: DocumentTarget;
}

/** A virtual host of such a manager, with its CORS policies. */
export interface ApiVirtualHost extends HostCors {
  target: DocumentTarget;
}

/** Managers with a virtual host that leads to the API; with all of them where no cluster is known to be the API's. */
export const apiManagers = once((surface): ApiManager[] =>
  surface.envoys.flatMap((target) => {
    const { clusters, managers } = envoyApi(target, surface);
    const found = clusters.length > 0 ? managers : managersTo(jsonOf(target), undefined);
    return found.map((manager) => ({ ...corsOf(manager), target }));
  }),
);

/** Those of all Envoys, in the order of the documents. */
export function apiVirtualHosts(surface: Surface): ApiVirtualHost[] {
  return apiManagers(surface).flatMap(({ hosts, target }) =>
    hosts.map((host) => ({ ...host, target })),
  );
}

/** Every CORS policy of the managers that serve the API, each once: a route table's belongs to each of its virtual hosts. */
export function corsPolicies(surface: Surface): { target: DocumentTarget; policy: CorsPolicy }[] {
  const found = new Map<CorsPolicy, DocumentTarget>();
  for (const { target, policies, shared } of apiVirtualHosts(surface))
    for (const policy of [...policies, ...shared]) found.set(policy, target);
  return [...found].map(([policy, target]) => ({ target, policy }));
}
