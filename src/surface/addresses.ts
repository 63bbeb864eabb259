/** The addresses under which parts are reached from outside. */
import { getIn } from '../yaml/json.ts';
import type { Entry, PublicAddress, ServiceRole } from './entry.ts';
import { jsonOf } from './parts.ts';
import type { Surface } from './surface.ts';

/** Whether anything in manifests without a config speaks of TLS: an entry, a worker or the UI. */
export function saysTls({ entries, workers, uis }: Surface): boolean {
  return (
    entries.some(({ roles, tlsPlace }) => roles.size > 0 && tlsPlace !== 'none') ||
    workers.some((target) => getIn(jsonOf(target), ['worker', 'useTLS']) === true) ||
    uis.some((target) => String(getIn(jsonOf(target), ['apiBaseUrl'])).startsWith('https:'))
  );
}

/** The hosts under which an entry leads to a role; without those that stand for every host. */
export function addressesOfEntry(
  entry: Entry,
  role: ServiceRole,
  { usesTls, settings }: Surface,
): PublicAddress[] {
  const hosts = entry.paths.filter((path) => path.role === role).map(({ host }) => host);
  // An entry that lacks its TLS has a finding of its own; what clients are told is right nevertheless.
  const isSecure = usesTls || entry.tlsPlace !== 'none';
  const port = settings?.port ?? listenerPort(entry, isSecure);
  return [...new Set(hosts)].filter(Boolean).map((host) => ({
    host,
    scheme: isSecure ? 'https' : 'http',
    port,
    entry,
  }));
}

/** The port of the listener that carries an entry's requests; undefined where none of the stream does. */
export function listenerPort({ listeners }: Entry, isSecure: boolean): number | undefined {
  const protocols = isSecure ? ['HTTPS', 'TLS'] : ['HTTP'];
  const found = listeners.find(({ json }) => protocols.includes(String(json['protocol'])));
  const port = found?.json['port'];
  return typeof port === 'number' ? port : undefined;
}
