/** What rules read beside the config: what follows from the base as it came, worked out once before the first of them. */
import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import { allowedOrigins, type Settings } from '../config/settings.ts';
import { hostnamesOf, isRedirect } from '../manifests/route.ts';
import { mainHost } from '../surface/main-host.ts';
import { oldHostsOf } from '../surface/old-hosts.ts';
import { placeholderIn } from '../surface/placeholders.ts';
import { pathOfCalls } from '../surface/rewrites.ts';
import type { Surface } from '../surface/surface.ts';
import { isPageApart } from '../surface/ui-service.ts';
import { withBaseSecrets } from './base-secrets.ts';
import { type CertificateRequest, certificateRequests } from './certificate-requests.ts';
import { ingressParts } from './ingress-part.ts';

/** The settings, and what follows from the base beside them. */
export interface RuleSettings extends Settings {
  /** The host that each role has in the base; undefined where it has none. */
  oldHosts: Readonly<Record<PublicRole, string | undefined>>;
  /** What asks for the certificates of each role's hosts; undefined where nothing does. */
  requests: Readonly<Record<PublicRole, CertificateRequest | undefined>>;
  /** Whether the page comes in by entries to its own Service. */
  isPageApart: boolean;
  /** The beginning of the path that the entries of the app take away: `/api`. */
  callsPrefix: string | undefined;
}

/** Asked once, before the first rule. */
export function ruleSettings(given: Settings, surface: Surface): RuleSettings {
  const settings = withBaseSecrets(given, surface);
  const parts = ingressParts(settings, surface);
  const oldHost = (role: PublicRole) =>
    parts.find((part) => part.role === role)?.main ??
    hostOfRoutes(role, settings, surface) ??
    hostOfOthers(role, settings, surface);
  const [api, app, ui] = PUBLIC_ROLES.map(oldHost);
  // A page on the API's host goes with that one, unless it gets a host of its own.
  const isWithApi = ui !== undefined && ui === api && ui !== app && !settings.hasPageHost;
  return {
    ...(isWithApi ? withPageAtApi(settings) : settings),
    oldHosts: { api, app, ui },
    requests: certificateRequests(settings, surface, parts),
    isPageApart: isPageApart(surface),
    callsPrefix: pathOfCalls(surface),
  };
}

/** The page is opened at the API's hosts, from which it calls those of the app. */
function withPageAtApi(settings: Settings): Settings {
  const { config, hosts, scheme, port } = settings;
  const origins = allowedOrigins(config, [...hosts.app, ...hosts.api], scheme, port);
  return { ...settings, hosts: { ...hosts, ui: hosts.api }, origins };
}

/** Of an entry of another kind, or one that is elsewhere: what old hosts are followed by. */
function hostOfOthers(role: PublicRole, settings: Settings, surface: Surface): string | undefined {
  if (surface.ingressesOf(role).length + surface.routesOf(role).length > 0) return undefined;
  const { parts } = oldHostsOf(surface, settings);
  const own = [...parts].flatMap(([host, part]) =>
    part === role && placeholderIn(host) === undefined ? [host] : [],
  );
  return own.length === 1 ? own[0] : undefined;
}

function hostOfRoutes(role: PublicRole, settings: Settings, surface: Surface): string | undefined {
  const routes = surface.routesOf(role).filter((route) => !isRedirect(route));
  return mainHost(
    routes.flatMap(hostnamesOf),
    settings.hosts[role].map(({ host }) => host),
  );
}
