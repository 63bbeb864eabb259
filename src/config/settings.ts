/**
 * What the rules read: the config with every default filled in and every derived value worked out once.
 *
 * Each derived value keeps the name of the config field that it follows from (`from`), because every edit has to say it.
 */
import { type Origin, originExpression, originOf, parseOrigin } from '../net/origins.ts';
import { type ComputeCluster, computeClusters } from './compute-clusters.ts';
import { type EntrySettings, resolveEntry } from './entries.ts';
import type { DomainConfig } from './generated/domain-config.ts';
import { textsAt } from './partial.ts';
import { hasPageHost, hostPlaces, PUBLIC_ROLES, type PublicRole } from './public-hosts.ts';

/** Who makes the certificates. */
export type TlsMode = 'acme' | 'ca' | 'issuer' | 'secret' | 'external' | 'none';

/** One public host name of a role with the Secret of its certificate. */
export interface PublicHost {
  host: string;
  /** Undefined where no Secret is involved: `external`, `none`. */
  secretName: string | undefined;
  /** Path of the field that the host follows from, for instance `spec.domain` or `spec.hosts.aliases.api[0]`. */
  from: string;
  /** Path of the field that the Secret's name follows from; `spec.tls.mode` where it is the default. */
  secretFrom: string;
}

/** A config with its defaults, and what several rules work out of it. */
export interface Settings {
  /** `metadata.name` of the config. */
  name: string;
  /** The validated config as it was written. */
  config: DomainConfig;
  role: 'control-plane' | 'compute';
  /** Main host first, then the aliases in the order of the config; those of the page are the app's where they share a host. */
  hosts: Readonly<Record<PublicRole, [PublicHost, ...PublicHost[]]>>;
  /** Whether the page is opened at another host than the one that it calls. */
  hasPageHost: boolean;
  /** Public port of all, and the scheme that goes with the TLS mode. */
  port: number;
  scheme: 'https' | 'http';
  /** `external` on the compute side where `tls` is left out: https, and nothing to make. */
  tlsMode: TlsMode;
  /** Where TLS of the app host ends; without meaning for `external` and `none`. */
  terminateAt: 'entry' | 'envoy';
  /** How requests reach each of them; the page as the app. */
  entries: Readonly<Record<PublicRole, EntrySettings>>;
  /** Whether workers use the public address or the Service in the cluster. */
  apiAddress: 'public' | 'service';
  /** `api.example.com:443`: main host and port, always both, as gRPC clients want it. */
  publicApiAddress: string;
  /** `https://app.example.com`, with the port where it is not the scheme's own. */
  appOrigin: string;
  /** The same of the page, which is what people open. */
  pageOrigin: string;
  /** Origins of the page's hosts, then `cors.allowOrigins`, without repetition. */
  origins: AllowedOrigin[];
  /** The clusters that jobs are sent to. */
  computeClusters: ComputeCluster[];
  /** The one that this overlay is for; undefined for a control plane. */
  computeCluster: ComputeCluster | undefined;
  /** Roles that this base lacks on purpose. */
  absent: ReadonlySet<string>;
}

/** An origin that Envoy lets in. */
interface AllowedOrigin {
  /** As it stands in the config, in lower case: `https://app.example.com`, `https://*.example.com`, `http://localhost:*`. */
  origin: string;
  /** RE2, anchored by Envoy's full match, everything from the config escaped. */
  regex: string;
  from: string;
}

function publicHosts(
  config: DomainConfig,
  role: PublicRole,
  mode: TlsMode,
): [PublicHost, ...PublicHost[]] {
  const withSecret = mode !== 'external' && mode !== 'none';
  const hosts = hostPlaces(config, role).map(
    (place): PublicHost => ({
      host: place.host,
      secretName: withSecret ? place.secretName : undefined,
      from: place.path,
      secretFrom: withSecret ? place.secretPath : 'spec.tls.mode',
    }),
  );
  // A config that passed its checks has a domain, and so a main host.
  return hosts as [PublicHost, ...PublicHost[]];
}

/** Origins of the page's hosts, then those of `cors.allowOrigins`. */
export function allowedOrigins(
  config: DomainConfig,
  pageHosts: readonly PublicHost[],
  scheme: 'https' | 'http',
  port: number,
): AllowedOrigin[] {
  const own = pageHosts.map(({ host, from }) => ({
    path: from,
    value: originOf(scheme, host, port),
  }));
  const unique = new Map<string, AllowedOrigin>();
  for (const { path, value } of [...own, ...textsAt(config, 'spec.cors.allowOrigins')]) {
    if (unique.has(value)) continue;
    const origin = parseOrigin(value) as Origin;
    unique.set(value, { origin: value, regex: originExpression(origin), from: path });
  }
  return [...unique.values()];
}

/** The roles that have hosts, and certificates, of their own. */
export function hostRoles({ hasPageHost }: Pick<Settings, 'hasPageHost'>): readonly PublicRole[] {
  return hasPageHost ? PUBLIC_ROLES : PUBLIC_ROLES.filter((role) => role !== 'ui');
}

/** Every public host, each once. */
export function publicHostsOf(settings: Pick<Settings, 'hasPageHost' | 'hosts'>): PublicHost[] {
  return hostRoles(settings).flatMap((role) => settings.hosts[role]);
}

/** Fills in the defaults of a config that passed its checks, and works out what follows from it. */
export function resolveSettings(config: DomainConfig): Settings {
  const { metadata, spec } = config;
  const mode = spec.tls?.mode ?? 'external';
  const scheme = mode === 'none' ? 'http' : 'https';
  const port = spec.port ?? (scheme === 'http' ? 80 : 443);
  // A compute cluster has no Service of the API.
  const isLocal = mode === 'none' && spec.role !== 'compute';
  const clusters = computeClusters(config);
  const isApart = hasPageHost(config);
  const app = publicHosts(config, 'app', mode);
  const ui = isApart ? publicHosts(config, 'ui', mode) : app;
  const hosts = { api: publicHosts(config, 'api', mode), app, ui };
  const entryOfApp = resolveEntry(config, 'app');
  return {
    name: metadata.name,
    config,
    role: spec.role ?? 'control-plane',
    hosts,
    hasPageHost: isApart,
    port,
    scheme,
    tlsMode: mode,
    terminateAt: spec.tls?.terminateAt ?? 'entry',
    entries: { api: resolveEntry(config, 'api'), app: entryOfApp, ui: entryOfApp },
    apiAddress: spec.worker?.apiAddress ?? (isLocal ? 'service' : 'public'),
    publicApiAddress: `${hosts.api[0].host}:${port}`,
    appOrigin: originOf(scheme, hosts.app[0].host, port),
    pageOrigin: originOf(scheme, hosts.ui[0].host, port),
    origins: allowedOrigins(config, hosts.ui, scheme, port),
    computeClusters: clusters,
    computeCluster: clusters.find(({ name }) => name === spec.computeCluster),
    absent: new Set<string>(spec.absent),
  };
}
