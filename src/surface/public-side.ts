/** What the entries say that the public addresses are: what worker, UI and CORS have to agree with. */
import { PUBLIC_ROLES } from '../config/public-hosts.ts';
import type { PublicHost } from '../config/settings.ts';
import { hostOfUrl, readHostAndPort } from '../net/addresses.ts';
import { originOf } from '../net/origins.ts';
import { asText, getIn } from '../yaml/json.ts';
import { addressesOf, isReachedAt } from './addresses.ts';
import type { PublicAddress, ServiceRole } from './entry.ts';
import { isMisplaced } from './faults/entry-host.ts';
import { foreignOwner } from './other-overlay.ts';
import { jsonOf } from './parts.ts';
import { placeholderIn } from './placeholders.ts';
import { redirectsAll } from './redirects.ts';
import { SERVICE_ROLES } from './roles.ts';
import type { Surface } from './surface.ts';

const OWN_PORTS = { http: 80, https: 443 } as const;

/** The public side of one role. */
export interface PublicSide {
  /** Lower case; wildcards among them. */
  hosts: readonly string[];
  /** Where they come from: entries, or the config. */
  names: readonly (PublicAddress | PublicHost)[];
  /** `either` where an entry has no TLS, or a Gateway of another stream, and nothing says whether somebody in front has it. */
  scheme: 'https' | 'http' | 'either';
  /** Undefined where neither a listener nor the config says: each scheme's own then. */
  port: number | undefined;
}

/**
 * Undefined where nobody can tell: no entry and no config, an entry for every host, or hosts that have a finding of their own.
 * @param roles - the first of them that has addresses counts
 */
export function publicSide(
  surface: Surface,
  ...roles: readonly ServiceRole[]
): PublicSide | undefined {
  const { settings } = surface;
  const entriesOf = (role: ServiceRole) =>
    surface.entriesOf(role).filter((entry) => !redirectsAll(entry, surface.manifests));
  const role = roles.find((candidate) => entriesOf(candidate).length > 0);
  const entries = role ? entriesOf(role) : [];
  const takesAll = entries.some(({ paths }) =>
    paths.some((path) => path.role === role && path.host === ''),
  );
  if (takesAll) return undefined;
  const all = role ? addressesOf(role, surface) : [];
  const found = all.filter(({ entry, host }) => !isMisplaced(entry.resource, host, surface));
  if (found.length === 0 && all.length > 0) return undefined;
  const configured =
    settings?.hosts[PUBLIC_ROLES.find((each) => SERVICE_ROLES[each] === roles[0]) ?? 'app'];
  const names = found.length > 0 ? found : (configured ?? []);
  const hosts = [...new Set(names.map(({ host }) => host.toLowerCase()))];
  if (hosts.length === 0 || hosts.some((host) => isExplained(surface, host))) return undefined;
  return {
    hosts,
    names,
    scheme: settings?.scheme ?? schemeOf(found),
    port: settings?.port ?? found.find(({ port }) => port !== undefined)?.port,
  };
}

/** Whether a host has a finding of its own already: a placeholder, another environment's, or none that Kubernetes takes. */
export function isExplained(surface: Surface, host: string): boolean {
  return (
    placeholderIn(host) !== undefined ||
    foreignOwner(surface, host) !== undefined ||
    /[:/]/.test(host)
  );
}

/** Whether a name is one that an entry of this side takes; wildcards of entries count. */
export function serves({ names }: PublicSide, name: string): boolean {
  return names.some((own) =>
    'entry' in own ? isReachedAt(own, name) : own.host.toLowerCase() === name.toLowerCase(),
  );
}

/** Whether a port is the public one; where nobody says it, the scheme's own or one that another place names too. */
export function isPublicPort(
  side: PublicSide,
  scheme: 'https' | 'http',
  port: number,
  isConfirmed: () => boolean,
): boolean {
  if (side.port !== undefined) return port === side.port;
  return port === OWN_PORTS[scheme] || isConfirmed();
}

/** The port of a public URL or address in words of its scheme. */
export function expectedPort({ port }: PublicSide, scheme: 'https' | 'http'): number {
  return port ?? OWN_PORTS[scheme];
}

/** The origins under which pages of a host may be opened, the likeliest first. */
export function originsOf(side: PublicSide, host: string, otherPorts: readonly number[] = []) {
  const schemes = side.scheme === 'either' ? (['https', 'http'] as const) : [side.scheme];
  return schemes.flatMap((scheme) =>
    [expectedPort(side, scheme), ...otherPorts].map((port) => originOf(scheme, host, port)),
  );
}

/** The ports that the UI's config names for a host of the app. */
export function uiPorts(surface: Surface): number[] {
  const app = publicSide(surface, 'envoy');
  return surface.uis.flatMap((target) => {
    const value = getIn(jsonOf(target), ['apiBaseUrl']);
    const host = typeof value === 'string' ? hostOfUrl(value) : undefined;
    if (host === undefined || !app || !serves(app, host)) return [];
    const { port, protocol } = new URL(asText(value));
    return [port === '' ? OWN_PORTS[protocol === 'http:' ? 'http' : 'https'] : Number(port)];
  });
}

/** The ports that the workers' configs name for a host of the API. */
export function workerPorts(surface: Surface): number[] {
  const api = publicSide(surface, 'api');
  return surface.workers.flatMap((target) => {
    const value = getIn(jsonOf(target), ['worker', 'address']);
    const address = typeof value === 'string' ? readHostAndPort(value) : undefined;
    return address?.port !== undefined && api && serves(api, address.host) ? [address.port] : [];
  });
}

function schemeOf(addresses: readonly PublicAddress[]): PublicSide['scheme'] {
  // The listeners of a Gateway that is not in the stream may be of any sort.
  const isKnown = ({ entry }: PublicAddress) =>
    !(entry.hasForeignGateway && entry.tlsPlace === 'external');
  const isSecure = addresses.some((address) => address.scheme === 'https' && isKnown(address));
  return isSecure ? 'https' : 'either';
}
