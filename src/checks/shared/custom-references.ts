/**
 * What resources of controllers' own kinds, and annotations of controllers, name by name and namespace.
 *
 * Sources: Traefik, "Kubernetes CRD" (TLSOption, TLSStore, ServersTransport, `chain`; a name with `@` is of another provider); F5 NGINX, "VirtualServer and VirtualServerRoute" and "Policy"; Kong Ingress Controller, `konghq.com/plugins`;
 * Gateway API, "Policy attachment"; Kubernetes, IngressClass.
 */
import { listenersOf } from '../../manifests/gateway.ts';
import { groupOf, sameNamespace } from '../../manifests/manifests.ts';
import { KONG_PLUGINS } from '../../manifests/middleware.ts';
import type { Resource } from '../../manifests/resource.ts';
import { servicePorts } from '../../manifests/service.ts';
import { isTemplated } from '../../net/addresses.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { isMisspelledName } from '../../surface/near-names.ts';
import type { Surface } from '../../surface/surface.ts';
import { isObject, type Json, stringAt } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { placesOf } from '../../yaml/places.ts';

/** Where resources of some kinds name others. */
interface Row {
  from: readonly string[];
  /** Of `from`, where other programs have kinds of that name. */
  group?: RegExp;
  /** A star stands for every item of a list. */
  path: string;
  /** The kind that it names; what the reference itself says where there is none. */
  kind?: string;
  /** Without it. */
  without: string;
}

const NOT_MADE = 'the router is not made';
const REFUSED = 'requests are answered with 500';
const TRAEFIK = /^traefik\.(?:io|containo\.us)$/;
const F5 = /^k8s\.nginx\.org$/;
const ROUTERS = ['IngressRoute', 'IngressRouteTCP'];

const OF_TRAEFIK: readonly Omit<Row, 'group'>[] = [
  { from: ROUTERS, path: 'spec.tls.options', kind: 'TLSOption', without: NOT_MADE },
  { from: ROUTERS, path: 'spec.tls.store', kind: 'TLSStore', without: NOT_MADE },
  {
    from: ['IngressRoute'],
    path: 'spec.routes.*.services.*.serversTransport',
    kind: 'ServersTransport',
    without: NOT_MADE,
  },
  {
    from: ['Middleware'],
    path: 'spec.chain.middlewares.*',
    kind: 'Middleware',
    without: 'no router that uses it is made',
  },
];

const OF_F5: readonly Omit<Row, 'group'>[] = [
  { from: ['VirtualServer'], path: 'spec.policies.*', kind: 'Policy', without: REFUSED },
  { from: ['VirtualServer'], path: 'spec.routes.*.policies.*', kind: 'Policy', without: REFUSED },
  {
    from: ['VirtualServer'],
    path: 'spec.routes.*.route',
    kind: 'VirtualServerRoute',
    without: 'nothing is served there',
  },
];

/** Kinds that say with `targetRef` or `targetRefs` what they are about. */
const POLICIES = [
  'BackendTLSPolicy',
  'BackendTrafficPolicy',
  'ClientTrafficPolicy',
  'SecurityPolicy',
  'EnvoyExtensionPolicy',
  'EnvoyPatchPolicy',
  'TrafficPolicy',
  'GCPBackendPolicy',
  'GCPGatewayPolicy',
  'HealthCheckPolicy',
];

const ROWS: readonly Row[] = [
  ...OF_TRAEFIK.map((row) => ({ ...row, group: TRAEFIK })),
  ...OF_F5.map((row) => ({ ...row, group: F5 })),
  {
    from: ['IngressClass'],
    path: 'spec.parameters',
    without: 'the controller serves nothing of the class',
  },
  { from: POLICIES, path: 'spec.targetRef', without: 'nothing of the policy holds' },
  { from: POLICIES, path: 'spec.targetRefs.*', without: 'nothing of the policy holds' },
];

/** One fault for each that is not in the stream: an error where another has nearly its name. */
export function customReferences(surface: Surface): Fault[] {
  const { manifests } = surface;
  return [
    ...ROWS.flatMap(({ from, group, path, kind, without }) =>
      manifests
        .ofKind(...from)
        .filter((resource) => group?.test(groupOf(resource)) ?? true)
        .flatMap((resource) =>
          placesOf(resource.json, path.split('.')).flatMap(({ value, path: keys }) => {
            const named = referenceIn(value, kind, resource);
            return named
              ? judge({ resource, place: toPath(keys), without, ...named }, surface)
              : [];
          }),
        ),
    ),
    ...kongPlugins(surface),
  ];
}

interface Named {
  name: string;
  /** Empty for what belongs to none. */
  namespace: string;
  kinds: readonly string[];
  /** A listener of a Gateway, or a port of a Service. */
  section?: string;
}

/** Names that a controller has by itself. */
const BUILT_IN = ['default'];

/** A map, `namespace/name`, or a name alone. */
function referenceIn(value: Json, kind: string | undefined, from: Resource): Named | undefined {
  const isMap = isObject(value);
  const own = kind ?? stringAt(value, ['kind']);
  const text = isMap ? stringAt(value, ['name']) : typeof value === 'string' ? value : '';
  const [name = '', written] = isMap ? [text] : text.split('/').reverse();
  if (name === '' || own === '' || name.includes('@') || isTemplated(name)) return undefined;
  if (kind !== undefined && BUILT_IN.includes(name)) return undefined;
  const namespace = (isMap ? stringAt(value, ['namespace']) : written) || from.namespace;
  const section = stringAt(value, ['sectionName']);
  return { name, namespace, kinds: [own], ...(section && { section }) };
}

/** Of `konghq.com/plugins`, on what leads to our programs. */
function kongPlugins(surface: Surface): Fault[] {
  const entries = surface.entries.filter(
    ({ controllers, roles }) => controllers.includes('kong') && roles.size > 0,
  );
  const owners = entries.flatMap(({ resource, paths }) => [
    resource,
    ...paths.flatMap(({ backend, role }) => (role && backend.service) || []),
  ]);
  return [...new Set(owners)].flatMap((resource) =>
    (resource.annotation(KONG_PLUGINS) ?? '').split(',').flatMap((written) => {
      const name = written.trim();
      if (name === '' || name.includes(':') || isTemplated(name)) return [];
      const { namespace } = resource;
      const kinds = ['KongPlugin', 'KongClusterPlugin'];
      const place = `metadata.annotations[${KONG_PLUGINS}]`;
      const without = 'the controller leaves the route as it was, or out';
      return judge({ resource, place, without, name, namespace, kinds }, surface);
    }),
  );
}

interface Reference extends Named {
  resource: Resource;
  place: string;
  without: string;
}

function judge(reference: Reference, surface: Surface): Fault[] {
  const { name, namespace, kinds, section } = reference;
  const { manifests } = surface;
  const found = kinds.map((kind) => manifests.named(kind, name, namespace)).find(Boolean);
  if (found) return section ? onSection(reference, section, found) : [];
  // Of a namespace that is not here nothing can be said.
  const isHere = manifests.all.some((one) => one.namespace === namespace);
  return isHere ? [missing(reference, surface)] : [];
}

function missing(
  { resource, place: path, without, name, namespace, kinds }: Reference,
  surface: Surface,
): Fault {
  const all = kinds.flatMap((kind) => surface.manifests.ofKind(kind));
  const moved = all.find((one) => one.name === name);
  const near = all.find((one) => sameNamespace(one.namespace, namespace) && isNear(one.name, name));
  const what = `there is no ${kinds[0]} ${name}${namespace === '' ? '' : ` in namespace ${namespace}`}`;
  const at = { resource, path };
  if (near)
    return {
      ...at,
      message: `${what}; ${near.kind} ${near.name} is there: ${without}`,
      fix: `write \`${near.name}\``,
    };
  const home = moved?.namespace || 'default';
  return {
    ...at,
    severity: moved ? undefined : 'warning',
    message: moved
      ? `${what}; it is in namespace ${home}: ${without}`
      : `${what} of these manifests: unless something else makes it, ${without}`,
    fix: moved
      ? `put it into namespace ${namespace}, or name namespace ${home} where the field lets you`
      : `name a ${kinds[0]} that is there, or add it`,
  };
}

/** A part of what is named: a listener of a Gateway, a port of a Service, a rule of a route. */
function onSection(
  { resource, place, without }: Reference,
  section: string,
  found: Resource,
): Fault[] {
  const parts =
    found.kind === 'Gateway'
      ? listenersOf(found).map(({ json }) => stringAt(json, ['name']))
      : found.kind === 'Service'
        ? servicePorts(found).map(({ name }) => name)
        : undefined;
  if (parts === undefined || parts.includes(section)) return [];
  const what = found.kind === 'Gateway' ? 'listener' : 'port';
  return [
    {
      resource,
      path: `${place}.sectionName`,
      message: `${found.kind} ${found.name} has no ${what} ${section}: ${without}`,
      fix: `name one of: ${parts.join(', ')}; or take \`sectionName\` away`,
    },
  ];
}

/** With a word more at one end, or one word misspelled: of the names of one program all but a word agree. */
function isNear(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  const isLonger = long.startsWith(`${short}-`) || long.endsWith(`-${short}`);
  return one !== other && (isLonger || isMisspelledName(one, other));
}
