/** Hosts that entries of the stream, or the config, serve. */
import { matchesWildcard } from '../../net/wildcards.ts';
import { once } from '../../surface/once.ts';
import { otherEntries } from '../../surface/other-entries.ts';
import type { Surface } from '../../surface/surface.ts';

/** In small letters, wildcards among them. */
export const servedHosts = once((surface): Set<string> => {
  const routes = otherEntries(surface).filter(({ resource }) => resource.kind !== 'Service');
  const found = [...surface.entries, ...routes].flatMap(({ hosts }) => hosts);
  const given = Object.values(surface.settings?.hosts ?? {}).flatMap((hosts) =>
    hosts.map(({ host }) => host),
  );
  return new Set([...found, ...given].map((host) => host.toLowerCase()));
});

const wildcards = once((surface) =>
  [...servedHosts(surface)].filter((host) => host.startsWith('*')),
);

/** Whether a host, in small letters, is one of them, or under a wildcard. */
export function isServed(host: string, surface: Surface): boolean {
  return (
    servedHosts(surface).has(host) ||
    wildcards(surface).some((wildcard) => matchesWildcard(wildcard, host, 'any'))
  );
}

/** Those of our own programs, without wildcards. */
export const ownHosts = once((surface): string[] => {
  const found = surface.entries.filter(({ roles }) => roles.size > 0).flatMap(({ hosts }) => hosts);
  return [...new Set(found.map((host) => host.toLowerCase()))].filter(
    (host) => host !== '' && !host.startsWith('*'),
  );
});

/** A host of ours of the same company and with the same first label, which this one may have been meant for. */
export function twinOf(host: string, surface: Surface): string | undefined {
  const partsOf = (name: string) => [name.split('.')[0], ...name.split('.').slice(-2)].join('.');
  return ownHosts(surface).find((own) => own !== host && partsOf(own) === partsOf(host));
}
