/** The TLS blocks of an Ingress: which are a role's, and what they say for its hosts. */
import type { PublicHost } from '../config/settings.ts';
import type { Draft } from '../manifests/edit.ts';
import { hostOfRule } from '../manifests/ingress.ts';
import { type Json, type JsonObject, list } from '../yaml/json.ts';

/**
 * A TLS block for each host with its own Secret, so that one failing certificate does not stop another.
 * @param oldHosts - hosts that the role had; empty text for a block without hosts, which stands for all
 */
export function writeTls(
  draft: Draft,
  hosts: readonly PublicHost[],
  oldHosts: readonly string[],
  secured: readonly PublicHost[],
): void {
  const blocks = list(draft.get(['spec', 'tls']));
  const wanted = secured.flatMap(({ host, secretName }): JsonObject[] =>
    secretName === undefined ? [] : [{ hosts: [host], secretName }],
  );
  const ownHosts = new Set([...oldHosts, ...hosts.map(({ host }) => host)]);
  const served = new Set(list(draft.get(['spec', 'rules'])).map(hostOfRule));
  const isOwn = (block: JsonObject) => hostsOf(block).some((host) => ownHosts.has(host));
  const isStale = (block: JsonObject) => hostsOf(block).every((host) => !served.has(host));
  const slots = blocks.some(isOwn) ? blocks.filter(isOwn) : blocks.filter(isStale);
  const written = blocks.flatMap((block): JsonObject[] => {
    if (!slots.includes(block)) return [block];
    const others = hostsOf(block).filter((host) => !ownHosts.has(host) && served.has(host));
    const rest = others.length > 0 ? [{ ...block, hosts: others as Json[] }] : [];
    return [...(block === slots[0] ? wanted : []), ...rest];
  });
  const all = slots.length > 0 ? written : [...blocks, ...wanted];
  if (all.length === 0) {
    draft.remove(['spec', 'tls'], 'spec.tls.mode');
    return;
  }
  const isSame = all.length === blocks.length;
  const field = isSame ? hosts[0]?.secretFrom : hosts.at(-1)?.from;
  for (const [index, block] of all.entries()) {
    // Hosts and Secrets follow from different fields.
    if (!isSame || block === blocks[index]) continue;
    const owner = hosts.find(({ host }) => hostsOf(block).includes(host));
    draft.reconcile(['spec', 'tls', index, 'hosts'], block['hosts'] as Json, owner?.from ?? '');
  }
  draft.reconcile(['spec', 'tls'], all, field ?? 'spec.tls.mode');
}

/** The hosts of a TLS block; a block without any stands for all that have no other. */
function hostsOf(block: JsonObject): string[] {
  const hosts = block['hosts'];
  return Array.isArray(hosts) && hosts.length > 0 ? hosts.map(String) : [''];
}
