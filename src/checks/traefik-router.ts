/**
 * What Traefik cannot make a router of, or makes one of that no request reaches.
 *
 * Source: Traefik, "Kubernetes Ingress: Annotations" (a middleware is `<namespace>-<name>@kubernetescrd`; without `@` it is looked for in the
 * provider of the Ingress, which has none), "EntryPoints", and its Helm chart, whose entry points are `web` on port 80 and `websecure` on 443.
 */
import { CONTROLLERS } from '../controllers/index.ts';
import type { Manifests } from '../manifests/manifests.ts';
import { MIDDLEWARES, middlewareNamesOf, middlewaresOf } from '../manifests/middleware.ts';
import type { Resource } from '../manifests/resource.ts';
import { entriesAt } from '../surface/entries-at.ts';
import type { Entry } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { areNearNames, isMisspelled } from '../surface/near-names.ts';
import { redirectsAll } from '../surface/redirects.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, list, stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { routeFaults } from './shared/traefik-routes.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A router that Traefik does not serve',
  why: 'A router that names an entry point or a middleware which is not there is not made, and requests get 404; one on the entry point for plain HTTP takes nothing that comes with TLS.',
  fix: 'name the entry point `websecure`, and a middleware as `<namespace>-<name>@kubernetescrd`',
  find: (surface) => [
    ...surface.entries
      .filter(({ controllers, roles }) => controllers.includes('traefik') && roles.size > 0)
      .filter(({ controllers }) => controllers.length === 1)
      .flatMap((entry) => [
        ...entryPoints(entry, surface),
        ...withoutTls(entry),
        ...middlewares(entry.resource, surface),
      ]),
    ...surface.manifests.ofKind('IngressRoute').flatMap((route) => ofRoute(route, surface)),
    ...routeFaults(surface),
  ],
};

const ENTRY_POINTS = CONTROLLERS.traefik.entryPoints ?? '';
const TLS = 'traefik.ingress.kubernetes.io/router.tls';

const pointsOf = ({ resource }: Entry) =>
  (resource.annotation(ENTRY_POINTS) ?? '').split(',').flatMap((name) => name.trim() || []);

function entryPoints(entry: Entry, surface: Surface): Fault[] {
  const { resource, tlsPlace, hosts } = entry;
  const points = pointsOf(entry);
  const path = `metadata.annotations[${ENTRY_POINTS}]`;
  const misspelled = points.flatMap((point): Fault[] => {
    const meant = ['websecure', 'web'].find((known) => isMisspelled(point, known));
    if (meant === undefined || point.length < 4) return [];
    const message = `there is no entry point ${point}; ${meant} is`;
    return [{ resource, path, message, fix: `write \`${meant}\`` }];
  });
  if (misspelled.length > 0 || points.length === 0) return misspelled;
  const isMeantForTls = tlsPlace === 'entry' || tlsPlace === 'external';
  if (!isMeantForTls || points.some((point) => point !== 'web')) return [];
  if (redirectsAll(entry, surface.manifests)) return [];
  const beside = hosts
    .flatMap((host) => entriesAt(host, surface))
    .some((other) => other !== entry && pointsOf(other).some((point) => point !== 'web'));
  if (beside) return [];
  return [
    {
      resource,
      path,
      message: `the router is on entry point web alone, port 80, and ${hosts.join(', ')} is meant to have TLS: requests on port 443 get 404`,
      fix: `write \`${ENTRY_POINTS}: websecure\``,
    },
  ];
}

function withoutTls({ resource, tlsPlace }: Entry): Fault[] {
  const written = resource.annotation(TLS);
  if (written === undefined || written === 'true' || tlsPlace !== 'entry') return [];
  return [
    {
      resource,
      path: `metadata.annotations[${TLS}]`,
      severity: 'warning',
      message: `router.tls is ${written}: the router takes requests with TLS only where its entry point has TLS of its own`,
      fix: `write \`${TLS}: "true"\``,
    },
  ];
}

function middlewares(ingress: Resource, surface: Surface): Fault[] {
  const names = middlewareNamesOf(ingress);
  const found = middlewaresOf(ingress, surface.manifests);
  return names.flatMap((name, index): Fault[] => {
    const fault = found[index] ? undefined : missing(name, ingress, surface.manifests);
    return fault
      ? [{ resource: ingress, path: `metadata.annotations[${MIDDLEWARES}]`, ...fault }]
      : [];
  });
}

const called = ({ namespace, name }: Resource) => `${namespace || 'default'}-${name}@kubernetescrd`;

function missing(
  written: string,
  { namespace }: Resource,
  manifests: Manifests,
): Omit<Fault, 'resource' | 'path'> | undefined {
  const [name = '', provider] = written.split('@');
  // Of a file, of Docker: nobody can see them here.
  if (provider !== undefined && provider !== 'kubernetescrd') return undefined;
  const all = manifests.ofKind('Middleware');
  const own = all.find((one) => one.name === name);
  const bare = all.find((one) => called(one) === `${name}@kubernetescrd`) ?? own;
  if (provider === undefined)
    return {
      message: `middleware ${name} has no provider behind an @, so that Traefik looks for it among those of Ingresses, where there is none`,
      fix: `write \`${bare ? called(bare) : `${namespace}-${name}@kubernetescrd`}\``,
    };
  if (own)
    return {
      message: `there is no middleware ${written}: Traefik puts the namespace in front, ${called(own)}`,
      fix: `write \`${called(own)}\``,
    };
  const near = all.find((one) => areNearNames(called(one), written) || isMoved(one, name));
  if (near)
    return {
      message: `there is no middleware ${written}; Middleware ${near.name} is in namespace ${near.namespace}`,
      fix: `write \`${called(near)}\``,
    };
  // Those of other namespaces, and of one that has none here, may be in another stream.
  if (!name.startsWith(`${namespace}-`)) return undefined;
  return {
    severity: 'warning',
    message: `there is no Middleware ${name.slice(namespace.length + 1)} in namespace ${namespace} of these manifests, and without it the router is not made`,
    fix: 'add it, unless another stream has it',
  };
}

/** The right name behind another namespace. */
function isMoved({ name }: Resource, written: string): boolean {
  return name.length > 3 && written.endsWith(`-${name}`);
}

/** Of Traefik's own kind of route, which names a middleware and its namespace. */
function ofRoute(route: Resource, { manifests }: Surface): Fault[] {
  return list(getIn(route.json, ['spec', 'routes'])).flatMap((rule, index) =>
    list(rule['middlewares']).flatMap((reference, position): Fault[] => {
      const name = stringAt(reference, ['name']);
      const namespace = stringAt(reference, ['namespace']) || route.namespace;
      if (name === '' || name.includes('@') || manifests.named('Middleware', name, namespace))
        return [];
      const all = manifests.ofKind('Middleware');
      const near = all.find((one) => one.name === name || areNearNames(one.name, name));
      if (!near) return [];
      const isMovedAway = near.name === name;
      return [
        {
          resource: route,
          path: `spec.routes[${index}].middlewares[${position}].name`,
          message: `there is no Middleware ${name} in namespace ${namespace}; ${isMovedAway ? `it is in namespace ${near.namespace}` : `Middleware ${near.name} is there`}`,
          fix: isMovedAway ? `add \`namespace: ${near.namespace}\`` : `write \`${near.name}\``,
        },
      ];
    }),
  );
}
