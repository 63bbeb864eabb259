/** The addresses under which parts are reached from outside. */
import { matchesWildcard } from '../net/wildcards.ts';
import { asText, getIn } from '../yaml/json.ts';
import type { Entry, PublicAddress, ServiceRole } from './entry.ts';
import { once } from './once.ts';
import { jsonOf, turnsTlsOn } from './parts.ts';
import { redirectsAll } from './redirects.ts';
import type { Surface } from './surface.ts';

/** Whether clients are meant to use TLS: as the config says, or as any entry, worker or UI does. */
export const usesTls = once((surface: Surface): boolean => {
  if (surface.settings) return surface.settings.scheme === 'https';
  return (
    surface.entries.some(({ roles, tlsPlace }) => roles.size > 0 && tlsPlace !== 'none') ||
    clientsUseTls(surface)
  );
});

/** Whether clients are told to use TLS, whatever the entries have. */
export function clientsUseTls({ settings, workers, uis }: Surface): boolean {
  if (settings) return settings.scheme === 'https';
  return (
    workers.some(turnsTlsOn) ||
    uis.some((target) => asText(getIn(jsonOf(target), ['apiBaseUrl'])).startsWith('https:'))
  );
}

/** Hosts under which a role is reached; without those of entries that take every host. */
export function addressesOf(role: ServiceRole, surface: Surface): PublicAddress[] {
  const isTls = usesTls(surface);
  return surface.entriesOf(role).flatMap((entry) => {
    if (redirectsAll(entry, surface.manifests)) return [];
    const hosts = entry.paths.filter((path) => path.role === role).map(({ host }) => host);
    // An entry that lacks its TLS has a finding of its own; what clients are told is right nevertheless.
    const isSecure = isTls || entry.tlsPlace !== 'none';
    const scheme = isSecure ? 'https' : 'http';
    const port = surface.settings?.port ?? listenerPort(entry, isSecure);
    return [...new Set(hosts)].filter(Boolean).map((host) => ({ host, scheme, port, entry }));
  });
}

/** Whether a name is reached at an address: an Ingress's wildcard stands for one label, a route's for any number. */
export function isReachedAt({ host, entry }: Pick<PublicAddress, 'host' | 'entry'>, name: string) {
  return matchesWildcard(host, name, entry.form === 'ingress' ? 'one' : 'any');
}

/** The port of the listener that carries an entry's requests; undefined where none of the stream does. */
export function listenerPort({ listeners }: Entry, isSecure: boolean): number | undefined {
  const protocols = isSecure ? ['HTTPS', 'TLS'] : ['HTTP'];
  const found = listeners.find(({ json }) => protocols.includes(asText(json['protocol'])));
  const port = found?.json['port'];
  return typeof port === 'number' ? port : undefined;
}
