/** How requests enter, for each of the two entries: what `entry` says for both, with what `entry.api` and `entry.app` say instead. */
import type { DomainConfig, Entry, GatewayEntry, IngressEntry } from './generated/domain-config.ts';

/** One way in, with the config field that it comes from. */
interface Way<T> {
  value: T;
  /** `spec.entry.ingress` or `spec.entry.api.ingress`. */
  from: string;
}

/** The ways into one entry. Both at once is a move from one to the other; none is what the base's Ingresses say. */
export interface EntrySettings {
  ingress?: Way<IngressEntry>;
  gateway?: Way<GatewayEntry>;
}

/** An entry of its own replaces the kinds of way that are set for both; fields that it leaves out come from there. */
export function resolveEntry(config: DomainConfig, role: 'api' | 'app'): EntrySettings {
  const shared = config.spec.entry ?? {};
  const { ingress, gateway }: Entry = shared[role] ?? shared;
  const from = shared[role] ? `spec.entry.${role}` : 'spec.entry';
  return {
    ...(ingress && {
      ingress: { value: { ...shared.ingress, ...ingress }, from: `${from}.ingress` },
    }),
    ...(gateway && {
      gateway: { value: mergeGateway(shared.gateway, gateway), from: `${from}.gateway` },
    }),
  };
}

/** A Gateway of one's own and one that exists exclude each other, so that the two forms are never mixed. */
function mergeGateway(shared: GatewayEntry | undefined, own: GatewayEntry): GatewayEntry {
  if (Object.keys(own).length === 0) return { ...shared };
  const isOtherForm = (own.parentRefs === undefined) !== (shared?.parentRefs === undefined);
  return isOtherForm ? own : { ...shared, ...own };
}
