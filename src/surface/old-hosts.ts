/**
 * The hosts that a base has today: at the entries, in the workers' address, in the page's and the links' URLs, in CORS. Each belongs to a
 * part, and is to become that part's new host wherever else it stands.
 */
import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import type { Settings } from '../config/settings.ts';
import { hostOfUrl, readHostAndPort } from '../net/addresses.ts';
import { isPublicHost } from '../net/host-names.ts';
import { parseUrl } from '../net/url.ts';
import { asText, getIn, leavesOf } from '../yaml/json.ts';
import { corsPolicies } from './envoy-api.ts';
import { LINK_PLACES } from './links.ts';
import { ingressMain } from './main-host.ts';
import { once, onceFor } from './once.ts';
import { otherEntries } from './other-entries.ts';
import { type DocumentTarget, jsonOf, turnsTlsOn } from './parts.ts';
import { PLACEHOLDER } from './placeholders.ts';
import { SERVICE_ROLES } from './roles.ts';
import { sitesOfOthers } from './sites-of-others.ts';
import type { Surface } from './surface.ts';
import { variableOf } from './task-pods.ts';

/** What the base called its parts, and how it was reached. */
export interface OldHosts {
  /** In lower case, with the part that each belonged to. */
  parts: ReadonlyMap<string, OldPart>;
  /** How each part is served, as worker and page say; with TLS on port 443 where they do not. */
  served: Readonly<Record<PublicRole, Served>>;
}

/** The part of a host; `both` and, for one that the config gives to the other part, `reused` where it cannot be told what it becomes. */
type OldPart = PublicRole | 'both' | 'reused';

/** How a part is served. */
export interface Served {
  isSecure: boolean;
  port: number;
}

/** What base manifests carry where the host of a part belongs. */
export function partPlaceholder(role: PublicRole): string {
  return `${role}.${PLACEHOLDER}`;
}

/** @param surface - as it is before any rule has changed it */
export function oldHostsOf(surface: Surface, settings: Settings): OldHosts {
  return oldHostsFor(settings, surface);
}

const oldHostsFor = onceFor((settings: Settings, surface): OldHosts => {
  const wantedBy = (role: PublicRole) => settings.hosts[role].map(({ host }) => host.toLowerCase());
  const wanted = new Set(PUBLIC_ROLES.flatMap(wantedBy));
  const known = new Map<string, OldPart>();
  const take = (found: ReadonlyMap<PublicRole, readonly string[]>) => {
    // Who says it first is right: an entry decides before what others call it.
    const before = new Set(known.keys());
    for (const [part, hosts] of found) {
      // A page that shares the host of the app has no other to become.
      const role = part === 'ui' && !settings.hasPageHost ? 'app' : part;
      for (const host of hosts.map((each) => each.toLowerCase().replace(/\.$/, ''))) {
        if (before.has(host) || !isOutside(host, surface)) continue;
        if (!wanted.has(host)) known.set(host, (known.get(host) ?? role) === role ? role : 'both');
        else if (!wantedBy(role).includes(host)) known.set(host, 'reused');
      }
    }
  };
  const clients = clientHosts(surface);
  const atEntries = PUBLIC_ROLES.map((role): [PublicRole, string[]] => {
    return [role, entryHosts(surface, role, wantedBy(role), clients)];
  });
  take(new Map(atEntries));
  take(clients);
  const page = settings.hasPageHost ? 'ui' : 'app';
  if (![...known.values()].includes(page)) take(new Map([[page, onlyOrigin(surface)]]));
  for (const role of PUBLIC_ROLES) known.set(partPlaceholder(role).toLowerCase(), role);
  return { parts: known, served: servedNow(surface) };
});

function servedNow({ workers, uis }: Surface): OldHosts['served'] {
  const [worker] = workers;
  const dialled = readHostAndPort(asText(worker && getIn(jsonOf(worker), ['worker', 'address'])));
  const isPublic = dialled !== undefined && isPublicHost(dialled.host);
  const isPlain = isPublic && worker !== undefined && !turnsTlsOn(worker);
  const [page] = uis;
  const url = parseUrl(asText(page && getIn(jsonOf(page), ['apiBaseUrl'])));
  const isPage = url !== undefined && /^https?:$/.test(url.protocol);
  const isSecure = !isPage || url.protocol === 'https:';
  const app = { isSecure, port: Number((isPage && url.port) || (isSecure ? 443 : 80)) };
  return {
    api: { isSecure: !isPlain, port: (isPublic ? dialled.port : undefined) ?? 443 },
    app,
    // Nothing else says it of the page.
    ui: app,
  };
}

/** What each entry of a role is called: the host that its rule replaces. */
function entryHosts(
  surface: Surface,
  role: PublicRole,
  own: readonly string[],
  clients: ReadonlyMap<PublicRole, readonly string[]>,
): string[] {
  const resources = new Set([...surface.ingressesOf(role), ...surface.routesOf(role)]);
  const entries = surface.entries.filter(({ resource }) => resources.has(resource));
  const { host: main } = ingressMain(role, surface, own);
  const isOneOfSeveral = surface.ingressesOf(role).length > 1 && main;
  const known = entries.map(({ form, paths, hosts }) => {
    const ours = paths.filter((path) => path.role === SERVICE_ROLES[role]);
    const named = ours.map(({ host }) => host).filter(Boolean);
    // Several Ingresses of one role have one main host; their others stay.
    if (form === 'ingress' && isOneOfSeveral) return named.filter((host) => host === main);
    // An entry for every host is known by its certificate, where that is for this part alone.
    return named.length === 0 && ours.length === paths.length ? hosts : named;
  });
  const others = otherEntries(surface)
    .filter((entry) => entry.role === role)
    .map(({ hosts }) => hosts);
  return [
    ...known.flatMap((hosts) => mainOf(hosts, own, clients.get(role)) ?? []),
    // Nothing replaces one of several hosts there.
    ...others.flatMap((hosts) =>
      new Set(hosts).size > 1 && !hosts.some((host) => clients.get(role)?.includes(host))
        ? []
        : (mainOf(hosts, own, clients.get(role)) ?? []),
    ),
  ];
}

/** The one of an entry's hosts that is the part's own; undefined where it has the new one already. */
function mainOf(
  hosts: readonly string[],
  own: readonly string[],
  clients: readonly string[] = [],
): string | undefined {
  const names = hosts.map((host) => host.toLowerCase()).filter((host) => !host.includes('*'));
  if (names.some((host) => own.includes(host))) return undefined;
  return names.find((host) => clients.includes(host)) ?? names[0];
}

/** What the parts call each other, by worker and page, in lower case. */
export const clientHosts = once((surface): ReadonlyMap<PublicRole, readonly string[]> => {
  const { workers, uis, clients } = surface;
  const textsAt = (targets: readonly DocumentTarget[], path: readonly string[]) =>
    targets.flatMap((target) => {
      const value = getIn(jsonOf(target), path);
      return typeof value === 'string' ? [value] : [];
    });
  const dialled = workers.flatMap((target) =>
    textsAt([target], ['worker', 'address'])
      .flatMap((address) => readHostAndPort(address)?.host ?? [])
      // A Service of the worker's own namespace.
      .filter((host) => host.split('.').slice(1).join('.') !== target.resource.namespace),
  );
  const told = surface.taskPods.flatMap((configMap) =>
    ['REGISTRY_ENDPOINT', 'MA_API_SERVER'].flatMap(
      (name) => readHostAndPort(variableOf(configMap, name))?.host ?? [],
    ),
  );
  const called = textsAt(uis, ['apiBaseUrl']);
  // The page, as notifications link to it. What the config gives is not a host of the past.
  const given = surface.settings?.config.spec.links?.studio;
  const opened = textsAt(clients, LINK_PLACES.studio).filter((url) => url !== given);
  const hostsIn = (urls: readonly string[]) => urls.flatMap((url) => hostOfUrl(url) ?? []);
  return new Map([
    ['api', [...dialled, ...told]],
    ['app', hostsIn(called)],
    ['ui', hostsIn(opened)],
  ]);
});

/** The host of the only origin that Envoy lets in; nobody can tell which of several is the app's own. */
function onlyOrigin(surface: Surface): string[] {
  const hosts = corsPolicies(surface)
    .flatMap(({ policy }) => leavesOf(policy.value))
    .flatMap(({ value }) => ORIGIN.exec(value)?.[1]?.replace(/\\+\.|\[\.\]/g, '.') ?? [])
    .filter((host) => isOutside(host, surface) && !sitesOfOthers(surface).has(host.toLowerCase()));
  const [host, ...others] = new Set(hosts);
  return host === undefined || others.length > 0 ? [] : [host];
}

/** An origin, escaped or not, from its beginning on. */
const ORIGIN = /^\^?https?:\\?\/\\?\/((?:[\w-]|\\*\.|\[\.\])+)/i;

/** Whether a name is none of a Service: `apiserver.michelangelo` is one, `example.com` is not. */
export function isOutside(host: string, { manifests }: Surface): boolean {
  if (!isPublicHost(host)) return false;
  const [name = '', , ...more] = host.split('.');
  if (more.length > 0) return true;
  return !manifests.find(['Service'], [name]).some(({ names }) => names.includes(name));
}

/** Domains that old hosts are below, and no new one is. */
interface OldParents {
  /** Longer than a company's own domain. */
  whole: readonly string[];
  /** A company's own, under which much else stands too: only what covers all of its names is of concern, `*.example.com`. */
  open: readonly string[];
}

/** Domains that the old hosts are below, and no new one is: where one of them stands alone it may have been meant as well. */
export function oldParents({ parts: old }: OldHosts, { hosts }: Settings): OldParents {
  const wanted = PUBLIC_ROLES.flatMap((role) => hosts[role].map(({ host }) => `.${host}`));
  const found = [...old.keys()]
    .filter((host) => !host.endsWith(PLACEHOLDER.toLowerCase()))
    .map((host) => host.split('.').slice(1).join('.'))
    .filter((parent) => !old.has(parent) && !wanted.some((host) => host.endsWith(`.${parent}`)));
  const parents = [...new Set(found)];
  return {
    whole: parents.filter((parent) => parent.split('.').length > 2),
    open: parents.filter((parent) => parent.split('.').length === 2),
  };
}
