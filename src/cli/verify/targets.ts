/** What the overlay says that there is to reach: read from the surface, like everything that checks and map say. */
import type { PublicRole } from '../../config/public-hosts.ts';
import { type BrowserProtocol, protocolsOf } from '../../envoy/http-filters.ts';
import { EVERY_PAGE, pageHeaders } from '../../envoy/page-headers.ts';
import { isTemplated, withoutBrackets } from '../../net/addresses.ts';
import { originOf, parseOrigin } from '../../net/origins.ts';
import { parseUrl } from '../../net/url.ts';
import { apiManagers } from '../../surface/envoy-api.ts';
import { crossingFrom } from '../../surface/page-origin.ts';
import { pageProtocol } from '../../surface/page-protocol.ts';
import { jsonOf } from '../../surface/parts.ts';
import { expectedPort, publicSide } from '../../surface/public-side.ts';
import { SERVICE_ROLES } from '../../surface/roles.ts';
import type { Surface } from '../../surface/surface.ts';
import { stringAt } from '../../yaml/json.ts';

/** A public host, and what it is for. */
export interface PublicHost {
  host: string;
  port: number;
  scheme: 'https' | 'http';
  roles: readonly PublicRole[];
}

/** An origin that CORS has to let in. */
export interface KnownOrigin {
  /** As the config has it, wildcards included. */
  origin: string;
  /** One that a browser could send. */
  sample: string;
  /** Whether pages of that origin call under it themselves: no browser asks CORS then. */
  isSame: boolean;
}

/** Public hosts, and what each is expected to serve. */
export interface Targets {
  /** Each once; those of the API first. */
  hosts: readonly PublicHost[];
  /** Where people open the page; undefined where nobody can tell. */
  page: PublicHost | undefined;
  /** Where the page calls, without a slash at its end; undefined where nobody can tell. */
  calls: { host: PublicHost; path: string } | undefined;
  /** What the page's config.json has to say; several where there are several pages. */
  apiBaseUrls: readonly string[];
  origins: readonly KnownOrigin[];
  /** What pages speak to Envoy. */
  protocol: BrowserProtocol;
  /** The request headers that their calls have for certain. */
  pageHeaders: readonly string[];
}

/** Hosts that several roles share are there once, with all of the roles. */
export function targetsOf(surface: Surface): Targets {
  const [api, app, ui] = (['api', 'app', 'ui'] as const).map((role) => hostsOf(surface, role));
  const hosts = new Map<string, PublicHost>();
  for (const one of [...(api ?? []), ...(app ?? []), ...(ui ?? [])]) {
    const key = `${one.host}:${one.port}`;
    const roles = [...(hosts.get(key)?.roles ?? []), ...one.roles];
    hosts.set(key, { ...one, roles: [...new Set(roles)] });
  }
  const known = [...hosts.values()];
  const page = known.find(({ roles }) => roles.includes('ui'));
  const written = surface.uis
    .map((target) => stringAt(jsonOf(target), ['apiBaseUrl']))
    .filter((text) => !isTemplated(text));
  const calls = callsOf(written[0], page, known);
  return {
    hosts: calls && !known.includes(calls.host) ? [...known, calls.host] : known,
    page,
    calls,
    apiBaseUrls: [...new Set(written)],
    origins: originsFor(surface, page),
    ...protocolOf(surface),
  };
}

/** `https://app.example.com`, with the port where it is not the scheme's own. */
export function urlOf({ scheme, host, port }: PublicHost, path = ''): string {
  return `${originOf(scheme, host, port)}${path}`;
}

/** Names that can be asked for: a wildcard stands for none. */
function hostsOf(surface: Surface, role: PublicRole): PublicHost[] {
  // Page and calls are the control plane's.
  if (surface.settings?.role === 'compute' && role !== 'api') return [];
  const service = SERVICE_ROLES[role];
  // Where no entry leads to the page itself, Envoy serves it.
  const side = publicSide(surface, service, ...(role === 'ui' ? (['envoy'] as const) : []));
  const configured = surface.settings?.hosts[role].map(({ host }) => host.toLowerCase());
  if (!side && !configured) return [];
  const scheme = surface.settings?.scheme ?? (side?.scheme === 'http' ? 'http' : 'https');
  const port =
    surface.settings?.port ?? (side ? expectedPort(side, scheme) : scheme === 'http' ? 80 : 443);
  const names = [...new Set(configured ?? side?.hosts ?? [])];
  return names
    .filter((host) => !host.startsWith('*'))
    .map((host) => ({ host, port, scheme, roles: [role] }));
}

/** The page calls the URL in its config; one without a host is at the page's own. */
function callsOf(
  written: string | undefined,
  page: PublicHost | undefined,
  hosts: readonly PublicHost[],
): Targets['calls'] {
  const app = hosts.find(({ roles }) => roles.includes('app'));
  if (written === undefined) return app && { host: app, path: '' };
  const isPath = written === '' || /^\/(?!\/)/.test(written);
  const url = parseUrl(isPath && page ? urlOf(page, written) : written);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:')
    return app && { host: app, path: '' };
  const scheme = url.protocol === 'http:' ? 'http' : 'https';
  const port = Number(url.port) || (scheme === 'http' ? 80 : 443);
  const path = url.pathname.replace(/\/$/, '');
  const host = withoutBrackets(url.hostname);
  const known = hosts.find((one) => one.host === host && one.port === port);
  return { host: known ?? { host, port, scheme, roles: ['app'] }, path };
}

function originsFor(surface: Surface, page: PublicHost | undefined): KnownOrigin[] {
  const own = page ? [urlOf(page)] : [];
  const listed = surface.settings?.origins.map(({ origin }) => origin) ?? own;
  return listed.map((origin) => ({
    origin,
    sample: sampleOf(origin),
    isSame: crossingFrom(parseOrigin(origin)?.host ?? '', surface) === 'same',
  }));
}

/** One label for a wildcard, and any port for a star. */
function sampleOf(origin: string): string {
  return origin.replace('://*.', '://verify.').replace(/:\*$/, ':5173');
}

function protocolOf(surface: Surface): Pick<Targets, 'protocol' | 'pageHeaders'> {
  const spoken = apiManagers(surface).flatMap(({ manager }) => [...(protocolsOf(manager) ?? [])]);
  const known = pageProtocol(surface);
  const protocol = known ?? spoken[0] ?? 'gRPC-Web';
  return { protocol, pageHeaders: known ? pageHeaders(known) : EVERY_PAGE };
}
