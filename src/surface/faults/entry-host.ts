/**
 * Entries with a host that is not that of the part which they lead to: the other part's, or one under which nothing calls the part.
 *
 * The entry is at fault where everything else agrees. What worker, page and CORS say is not held against such a host then: told to call
 * it, they would call the wrong part.
 */
import { letsIn, originMatchersOf } from '../../envoy/origins/matcher.ts';
import { hostnameOf } from '../../manifests/gateway.ts';
import type { Resource } from '../../manifests/resource.ts';
import { hostOfUrl, isTemplated, readHostAndPort } from '../../net/addresses.ts';
import { asText, getIn } from '../../yaml/json.ts';
import { addressesOf } from '../addresses.ts';
import type { Entry } from '../entry.ts';
import { corsPolicies } from '../envoy-api.ts';
import { isOutside } from '../old-hosts.ts';
import { once } from '../once.ts';
import { otherEntries } from '../other-entries.ts';
import { jsonOf } from '../parts.ts';
import { isExplained } from '../public-side.ts';
import { SERVICE_ROLES } from '../roles.ts';
import type { Surface } from '../surface.ts';
import { variableOf } from '../task-pods.ts';
import type { Fault } from './fault.ts';
import { misspelledRecords } from './misspelled-records.ts';

const ROLES = ['api', 'app'] as const;
type Role = (typeof ROLES)[number];

const PROGRAMS = { api: 'the API server', app: 'Envoy' } as const;
const PARTS = { api: 'the API', app: 'the app' } as const;

/** A host that does not belong to what its entry leads to. */
interface MisplacedHost extends Fault {
  resource: Resource;
  host: string;
  /** The part whose host it is; undefined where nothing says so. */
  owner: Role | undefined;
}

/** A host at which a part is called, with who says so. */
interface Claim {
  host: string;
  by: string;
  /** Whether it is said by the config, which decides. */
  isConfig?: true;
}

interface Served {
  resource: Resource;
  host: string;
  path: string | undefined;
}

/** Each such host, once for each entry and part. */
export const misplacedHosts = once((surface): MisplacedHost[] => {
  const served = { api: servedAs('api', surface), app: servedAs('app', surface) };
  const claims = { api: claimsOfApi(surface), app: claimsOfApp(surface) };
  const placed = ROLES.flatMap((role) =>
    (served[role] ?? []).flatMap((one): MisplacedHost[] => {
      const other = role === 'api' ? 'app' : 'api';
      const { host, resource, path } = one;
      const own = hostsOf(claims[role]);
      if (own.length === 0 || own.includes(host) || isExplained(surface, host)) return [];
      const at = { resource, host, path };
      const wanted = own.find((each) => !served[role]?.some((known) => known.host === each));
      const owning = claims[other].filter((claim) => claim.host === host);
      const says = [...new Set(owning.map(({ by }) => by))];
      // What the config alone says is not carried out yet.
      if (owning.some(({ isConfig }) => !isConfig)) {
        const right = served[other]?.find((known) => known.host === host);
        const lost = wanted ? `; no entry leads ${wanted} to ${PROGRAMS[role]}` : '';
        return [
          {
            ...at,
            owner: other,
            message: `${host} is the host of ${PARTS[other]} in ${inWords(says)}, but this entry leads it to ${PROGRAMS[role]}${lost}`,
            fix: fixOf(one, wanted, right, surface.serviceOf(other)),
          },
        ];
      }
      const agreed = wanted && agreedOn(wanted, claims[role], served[role] ?? []);
      if (!agreed) return [];
      return [
        {
          ...at,
          owner: undefined,
          message: `${host} leads to ${PROGRAMS[role]}, but the host of ${PARTS[role]} is ${wanted} in ${inWords(agreed)}, and no entry has that host`,
          fix: `write \`${wanted}\` in ${resource.kind} ${resource.name}, wherever ${host} stands in it`,
        },
      ];
    }),
  );
  const misspelled = ROLES.flatMap((role) =>
    misspelledRecords(role, claims[role], served[role] ?? [], surface).map((one) => ({
      ...one,
      message: `external-dns makes a record for ${one.host}, but the host of ${PARTS[role]} is ${one.wanted} in ${one.by}, and nothing makes a record for that`,
      fix: `write \`${one.wanted}\` in ${one.resource.kind} ${one.resource.name}, wherever ${one.host} stands in it`,
    })),
  );
  return [...placed, ...misspelled];
});

/** Whether a host of this resource is one of them: what else names the host is not at fault then. */
export function isMisplaced(resource: Resource, host: string, surface: Surface): boolean {
  return misplacedHosts(surface).some(
    ({ resource: owner, host: own }) => owner === resource && own === host.toLowerCase(),
  );
}

/** Whether an entry leads the host of another part somewhere: how it speaks to that is no fault of its own then. */
export function isCrossed({ resource }: Entry, surface: Surface): boolean {
  return misplacedHosts(surface).some(
    (one) => one.resource === resource && one.owner !== undefined,
  );
}

function fixOf(
  { resource, host }: Served,
  wanted: string | undefined,
  right: Served | undefined,
  service: Resource | undefined,
): string {
  const backend = service ? `Service ${service.name}` : 'the other part';
  if (!wanted)
    return right
      ? `take ${host} away here: ${right.resource.kind} ${right.resource.name} serves it`
      : `lead it to ${backend}`;
  const write = `write \`${wanted}\` in ${resource.kind} ${resource.name}, wherever ${host} stands in it`;
  return right ? write : `${write}; or lead it to ${backend}, where the host is meant`;
}

/** Who agrees on a host, where that outweighs the only one that is served. */
function agreedOn(
  wanted: string,
  claims: readonly Claim[],
  served: readonly Served[],
): string[] | undefined {
  const config = claims.filter(({ isConfig }) => isConfig);
  const known = config.length > 0 ? hostsOf(config) : [wanted];
  if (hostsOf(served).length !== 1 || claims.some(({ host }) => !known.includes(host)))
    return undefined;
  const says = [...new Set(claims.map(({ by }) => by))];
  // What the config alone says is not carried out yet.
  return says.length > 1 ? says : undefined;
}

/** Undefined where one of them takes many hosts, or one that is not known yet. */
function servedAs(role: Role, surface: Surface): Served[] | undefined {
  const service = SERVICE_ROLES[role];
  const takesAll = surface
    .entriesOf(service)
    .some(({ paths }) => paths.some((path) => path.role === service && path.host === ''));
  const own = addressesOf(service, surface).map(({ host, entry: { resource, form, paths } }) => {
    const place = paths.find((path) => path.role === service && path.host === host)?.place;
    const path = form === 'route' ? 'spec.hostnames' : place?.replace(/\.http\..*$/, '.host');
    return { resource, host: host.toLowerCase(), path };
  });
  const others = otherEntries(surface)
    .filter((entry) => entry.role === role && entry.resource.kind !== 'Service')
    .flatMap(({ resource, hosts }) => hosts.map((host) => ({ resource, host, path: undefined })));
  const all = [...own, ...others];
  return takesAll || all.some(({ host }) => host.includes('*') || isTemplated(host))
    ? undefined
    : all;
}

function claimsOfApi(surface: Surface): Claim[] {
  const workers = surface.workers.map((target) => ({
    resource: target.resource,
    written: asText(getIn(jsonOf(target), ['worker', 'address'])),
  }));
  const pods = surface.taskPods.map((resource) => ({
    resource,
    written: variableOf(resource, 'REGISTRY_ENDPOINT'),
  }));
  const called = [...workers, ...pods].flatMap(({ resource, written }) =>
    claim(readHostAndPort(written)?.host, resource, surface),
  );
  return [...configured('api', surface), ...called, ...listening('api', called, surface)];
}

function claimsOfApp(surface: Surface): Claim[] {
  const pages = surface.uis.flatMap((target) =>
    claim(hostOfUrl(asText(getIn(jsonOf(target), ['apiBaseUrl']))), target.resource, surface),
  );
  // An origin is that of a page, which may have a host of its own: it counts where both agree.
  const origins = corsPolicies(surface).flatMap(({ target, policy }) =>
    hostsOf(pages)
      .filter((host) =>
        originMatchersOf(policy.value).some((matcher) => letsIn(matcher, `https://${host}`)),
      )
      .map((host) => ({ host, by: `CORS in ConfigMap ${target.resource.name}` })),
  );
  return [...configured('app', surface), ...pages, ...origins, ...listening('app', pages, surface)];
}

/** Listeners of a Gateway that its routes attach to: they count where they agree with what is called. */
function listening(role: Role, called: readonly Claim[], surface: Surface): Claim[] {
  const listeners = surface.entriesOf(SERVICE_ROLES[role]).flatMap((entry) => entry.listeners);
  return listeners.flatMap(({ gateway, json }) =>
    hostsOf(called)
      .filter((host) => host === hostnameOf(json))
      .map((host) => ({ host, by: `Gateway ${gateway.name}` })),
  );
}

function configured(role: Role, { settings }: Surface): Claim[] {
  return (settings?.hosts[role] ?? []).map(({ host }) => ({
    host: host.toLowerCase(),
    by: 'the config',
    isConfig: true as const,
  }));
}

function claim(host: string | undefined, { kind, name }: Resource, surface: Surface): Claim[] {
  const isKnown =
    host !== undefined &&
    !isTemplated(host) &&
    !isExplained(surface, host) &&
    isOutside(host, surface);
  return isKnown ? [{ host: host.toLowerCase(), by: `${kind} ${name}` }] : [];
}

function hostsOf(all: readonly { host: string }[]): string[] {
  return [...new Set(all.map(({ host }) => host))];
}

function inWords(names: readonly string[]): string {
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} more`] : names;
  return [shown.slice(0, -1).join(', '), shown.at(-1)].filter(Boolean).join(' and ');
}
