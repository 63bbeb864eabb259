import { middlewaresOf } from '../manifests/middleware.ts';
import type { Entry } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { otherEntries } from '../surface/other-entries.ts';
import type { Surface } from '../surface/surface.ts';
import { isObject, objectAt, stringAt } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import { placesOf } from '../yaml/places.ts';
import type { Check } from './check.ts';

/**
 * Sources: ingress-nginx, "Proxy buffering" (off unless it is switched on); NGINX Inc., `nginx.org/proxy-buffering`; Kong, `response-buffering`
 * and `request-buffering`; Traefik, "Buffering" (bodies are read as a whole).
 */
export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'warning',
  title: 'The entry holds streams back',
  why: 'A buffer is sent on when it is full or the stream ends: what a watch has to say arrives late or never, and memory fills. Calls with one answer are as before.',
  fix: 'switch the buffer off',
  find: (surface) => [
    ...ofIngressRoutes(surface),
    ...surface.entries
      .filter(({ form, roles, tlsPlace }) => {
        const isCalled = roles.has('api') || roles.has('envoy');
        return form === 'ingress' && isCalled && tlsPlace !== 'envoy';
      })
      .flatMap((entry) => [...ofAnnotations(entry), ...ofMiddlewares(entry, surface)]),
  ],
};

/** With the roles that it holds for: nginx has no buffer for gRPC itself. */
const KEYS: Readonly<Record<string, { on: RegExp; off: string; isOfApi: boolean }>> = {
  'nginx.ingress.kubernetes.io/proxy-buffering': { on: /^on$/i, off: 'off', isOfApi: false },
  'nginx.org/proxy-buffering': { on: /^true$/i, off: 'False', isOfApi: false },
  'konghq.com/response-buffering': { on: /^true$/i, off: 'false', isOfApi: true },
  'konghq.com/request-buffering': { on: /^true$/i, off: 'false', isOfApi: true },
};

function ofAnnotations({ resource, roles }: Entry): Fault[] {
  return Object.entries(KEYS).flatMap(([key, { on, off, isOfApi }]) =>
    (roles.has('envoy') || isOfApi) && on.test(resource.annotation(key) ?? '')
      ? [
          {
            resource,
            path: `metadata.annotations[${key}]`,
            message: `${key.split('/')[1]} is on: what is streamed waits until a buffer is full`,
            fix: `write \`${key}: "${off}"\``,
          },
        ]
      : [],
  );
}

/** Traefik's own kind of route. */
function ofIngressRoutes(surface: Surface): Fault[] {
  const routes = otherEntries(surface).filter(
    ({ role, resource }) => role !== 'ui' && resource.kind === 'IngressRoute',
  );
  return [...new Set(routes.map(({ resource }) => resource))].flatMap((route) =>
    placesOf(route.json, ['spec', 'routes', '*', 'middlewares', '*']).flatMap(
      ({ value, path }): Fault[] => {
        const namespace = stringAt(value, ['namespace']) || route.namespace;
        const found = surface.manifests.named('Middleware', stringAt(value, ['name']), namespace);
        if (!isObject(objectAt(found?.json, ['spec'])['buffering'])) return [];
        return [
          {
            resource: route,
            path: toPath(path),
            message: `with Middleware ${found?.name} Traefik reads requests and answers as a whole before it sends them on`,
            fix: 'take the middleware away from this route',
          },
        ];
      },
    ),
  );
}

function ofMiddlewares({ resource }: Entry, { manifests }: Surface): Fault[] {
  return middlewaresOf(resource, manifests).flatMap((middleware) =>
    middleware && isObject(objectAt(middleware.json, ['spec'])['buffering'])
      ? [
          {
            resource: middleware,
            path: 'spec.buffering',
            message: `Traefik reads requests and answers of Ingress ${resource.name} as a whole before it sends them on`,
            fix: 'take the middleware away from this Ingress',
          },
        ]
      : [],
  );
}
