/**
 * Which virtual host, and which filter chain, takes a host.
 *
 * Sources: Envoy's `config.route.v3.VirtualHost` (the exact domain, then the longest `*.example.com`, the longest `example.*`, then `*`; a
 * port in the Host header is compared as well, unless it is taken away before) and `FilterChainMatch.server_names` (a star stands for any
 * number of labels; a chain without names takes what no other does).
 */
import { getIn, type Json, strings } from '../yaml/json.ts';
import { type Located, listenerOf, objectIn, objectsIn } from './bootstrap.ts';
import { isTrue } from './proto-json.ts';

/** @param authority - as a client names it, with a port where it is not the scheme's own */
export function virtualHostFor(hosts: readonly Located[], authority: string): Located | undefined {
  const ranked = hosts
    .flatMap((host) =>
      strings(host.value['domains']).map((domain) => ({ host, rank: rankOf(domain, authority) })),
    )
    .filter(({ rank }) => rank > 0);
  return ranked.sort((left, right) => right.rank - left.rank)[0]?.host;
}

/** How closely a domain means an authority; 0 where it does not. */
function rankOf(domain: string, authority: string): number {
  const [wanted, found] = [domain.toLowerCase(), authority.toLowerCase()];
  if (wanted === '*') return 1;
  if (wanted === found) return 30_000;
  const isLonger = found.length >= wanted.length;
  if (wanted.startsWith('*') && isLonger && found.endsWith(wanted.slice(1)))
    return 20_000 + wanted.length;
  if (wanted.endsWith('*') && isLonger && found.startsWith(wanted.slice(0, -1)))
    return 10_000 + wanted.length;
  return 0;
}

/**
 * Whether a port in the Host header does not count. `strip_matching_host_port` takes away that of the listener alone.
 * @param listens - the port that the listener is bound to
 */
export function ignoresPort(
  { value }: Located,
  port: number | undefined,
  listens: number | undefined,
): boolean {
  return (
    isTrue(value['strip_any_host_port']) ||
    (isTrue(value['strip_matching_host_port']) && port === listens) ||
    isTrue(getIn(value, ['route_config', 'ignore_port_in_host_matching']))
  );
}

/** The server names of the chains of a manager's listener; undefined where one takes any name. */
export function serverNames(
  root: Json | undefined,
  manager: Located,
): { names: string[]; first: Located } | undefined {
  const listener = listenerOf(root, manager);
  if (!listener || objectIn(listener, ['default_filter_chain']).length > 0) return undefined;
  const chains = objectsIn(listener, ['filter_chains']);
  const named = chains.map((chain) =>
    strings(getIn(chain.value, ['filter_chain_match', 'server_names'])),
  );
  const [first] = chains;
  if (!first || named.some((names) => names.length === 0)) return undefined;
  return { names: named.flat(), first };
}

/** Whether the server name of a filter chain takes a host. */
export function isServerName(name: string, host: string): boolean {
  const [wanted, found] = [name.toLowerCase(), host.toLowerCase()];
  return wanted === found || (wanted.startsWith('*.') && found.endsWith(wanted.slice(1)));
}
