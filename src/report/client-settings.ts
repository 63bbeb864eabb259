/**
 * What people set on their machines to reach an environment.
 *
 * Sources: Michelangelo's `python/michelangelo/cli/mactl/config.py`: since February 2026 the CLI takes `address` and `use_tls` from the top
 * of `~/.ma/config.toml`, and environment variables win; `docs/user-guides/cli.md` puts both below `[ma]`, which it does not read.
 * `python/michelangelo/api/v2/services/base.py`: with `MA_API_SERVER` the SDK opens a channel without TLS.
 * `docs/operator-guides/authentication.md`: the redirect URI. gRPC, "Environment Variables": `GRPC_DEFAULT_SSL_ROOTS_FILE_PATH`.
 */
import type { PublicHost, Settings } from '../config/settings.ts';
import { originOf } from '../net/origins.ts';
import { addressesOf, isReachedAt } from '../surface/addresses.ts';
import { otherEntries } from '../surface/other-entries.ts';
import type { Surface } from '../surface/surface.ts';

/** What a person sets for one environment, ready to be shown. */
export interface ClientSettings {
  /** Name of the DomainConfig. */
  config: string;
  /** `host:port` of the API, main host first; the others are aliases. */
  addresses: readonly string[];
  useTls: boolean;
  /** Whether an entry of these manifests leads to the main address. */
  isServed: boolean;
  /** Whether clients need the CA in a file: gRPC trusts public authorities alone. `maybe` where these manifests do not say who signs. */
  caFile: 'needed' | 'maybe' | 'none';
  /** Of the `ma` CLI; they win over its file. */
  cliEnvironment: Readonly<Record<string, string>>;
  /** `~/.ma/config.toml`: where it is read, and where the documentation puts it. */
  cliFile: string;
  /** Of the Python SDK. Where the API has TLS it is not enough. */
  sdkEnvironment: Readonly<Record<string, string>>;
  /** URLs that people open, main host first. */
  pages: readonly string[];
  /** What an identity provider has to allow: at the page's hosts, and at those of its calls. */
  redirectUris: readonly string[];
}

/** @param surface - the finished manifests */
export function clientSettings(settings: Settings, surface: Surface): ClientSettings {
  const { hosts, scheme, port, name, publicApiAddress: address } = settings;
  const useTls = scheme === 'https';
  const lines = `address = "${address}"\nuse_tls = ${useTls}\n`;
  const origins = (of: readonly PublicHost[]) => of.map(({ host }) => originOf(scheme, host, port));
  const pages = origins(hosts.ui);
  return {
    config: name,
    addresses: hosts.api.map(({ host }) => `${host}:${port}`),
    useTls,
    isServed: isServed(hosts.api[0].host, surface),
    caFile: caFile(settings),
    cliEnvironment: { MACTL_ADDRESS: address, MACTL_USE_TLS: String(useTls) },
    cliFile: `${lines}\n[ma]\n${lines}`,
    sdkEnvironment: { MA_API_SERVER: address },
    pages,
    redirectUris: [...new Set([...pages, ...origins(hosts.app)])].map((url) => `${url}/callback`),
  };
}

function isServed(host: string, surface: Surface): boolean {
  return (
    addressesOf('api', surface).some((address) => isReachedAt(address, host)) ||
    surface.entriesOf('api').some(({ paths }) => paths.some((path) => path.host === '')) ||
    otherEntries(surface).some(({ role }) => role === 'api')
  );
}

function caFile({ tlsMode, config }: Settings): ClientSettings['caFile'] {
  if (tlsMode === 'none') return 'none';
  if (tlsMode === 'ca') return 'needed';
  if (tlsMode !== 'acme') return 'maybe';
  const { server = 'production' } = config.spec.tls?.acme ?? {};
  return server === 'production' ? 'none' : server === 'staging' ? 'needed' : 'maybe';
}
