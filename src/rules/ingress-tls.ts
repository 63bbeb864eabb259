/** The TLS blocks of an Ingress: each host of a role is followed where it stands, hosts of others stay as they are. */
import { PUBLIC_ROLES } from '../config/public-hosts.ts';
import type { PublicHost } from '../config/settings.ts';
import type { Draft } from '../manifests/edit.ts';
import { hostOfRule, pathsOf, rulesOf } from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import { matchesWildcard } from '../net/wildcards.ts';
import type { Surface } from '../surface/surface.ts';
import { type JsonObject, list, strings } from '../yaml/json.ts';
import { hostField } from './host-field.ts';

/** What a role has to say about the TLS blocks of its Ingress. */
export interface TlsClaim {
  hosts: readonly PublicHost[];
  /** The host that its rules have today; empty where they take every host. */
  main: string;
  /** Every host that the part has today, in lower case: a certificate may be for one that no rule has. */
  old: readonly string[];
  /** Whether TLS of these hosts ends at the Ingress. */
  isSecured: boolean;
}

/** A host of a block, with the Secret that it is to have. */
interface Item {
  host: string;
  own: PublicHost | undefined;
}

/** The Secret of a TLS block; undefined for the controller's own certificate. */
export function secretOf(block: JsonObject): string | undefined {
  const name = block['secretName'];
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/** The hosts of a TLS block; one of empty text where it names none, and stands for all that have no other. */
export function hostsOf(block: JsonObject): string[] {
  const hosts = strings(block['hosts']);
  return hosts.length > 0 ? hosts : [''];
}

/** Whether a block's host, a wildcard or none, stands for another one. */
export function coversHost(pattern: string, host: string): boolean {
  return pattern === '' || matchesWildcard(pattern, host, 'one');
}

/** Whether somebody else, in any Ingress, has a host that a wildcard stands for: by a rule, or by a default backend. */
export function isNeededByOthers(
  wildcard: string,
  own: ReadonlySet<string>,
  surface: Surface,
): boolean {
  const { manifests } = surface;
  return (
    manifests
      .find(['Ingress'], [wildcard.slice(1)])
      .flatMap(rulesOf)
      .map(hostOfRule)
      .some((host) => !own.has(host) && coversHost(wildcard, host)) ||
    manifests
      .find(['Ingress'], ['defaultBackend'])
      .some((ingress) => hasFallbackOfOthers(ingress, surface))
  );
}

/** Whether requests for hosts that no rule has go to a Service of none of our parts. */
export function hasFallbackOfOthers(ingress: Resource, surface: Surface): boolean {
  return pathsOf(ingress).some(
    (path) =>
      path.place === 'spec.defaultBackend' &&
      !PUBLIC_ROLES.some((role) => surface.leadsTo(role, path, ingress)),
  );
}

/**
 * Brings the blocks of an Ingress up to date.
 * @param isNeeded - whether others need a wildcard, or a block without hosts
 */
export function writeTls(
  draft: Draft,
  claims: readonly TlsClaim[],
  isNeeded: (pattern: string) => boolean,
): void {
  const blocks = list(draft.get(['spec', 'tls']));
  const listed = new Set(blocks.flatMap(hostsOf));
  const done = new Set<string>();
  const itemsOf = (block: JsonObject) =>
    hostsOf(block)
      .flatMap((host) => followed(host, claims, listed, isNeeded))
      .filter(({ host, own }) => !own || !done.has(host));
  const written = blocks.flatMap((block): JsonObject[] => {
    const items = itemsOf(block);
    for (const { host, own } of items) if (own) done.add(host);
    return rewritten(block, items);
  });
  for (const claim of claims) addMissing(written, claim);
  reconcile(draft, blocks, written, claims);
}

/** What becomes of a host of a block. */
function followed(
  host: string,
  claims: readonly TlsClaim[],
  listed: ReadonlySet<string>,
  isNeeded: (pattern: string) => boolean,
): Item[] {
  const stays: Item[] = [{ host, own: undefined }];
  const exact = claims.filter(
    ({ main, old, hosts }) =>
      main === host || old.includes(host.toLowerCase()) || hosts.some(isHost(host)),
  );
  const isPattern = host === '' || host.startsWith('*.');
  if (exact.length > 0 && !isPattern)
    return exact.flatMap((claim) => wanted(claim, claim.hosts.find(isHost(host))));
  const covered = claims.filter(({ main }) => coversHost(host, main) && !isListed(main, listed));
  const stillCovers = covered.some(
    ({ isSecured, hosts }) => isSecured && host !== '' && coversHost(host, hosts[0]?.host ?? ''),
  );
  if (!isPattern || covered.length === 0 || stillCovers || isNeeded(host)) return stays;
  return covered.flatMap((claim) => wanted(claim));
}

function isHost(name: string): (host: PublicHost) => boolean {
  return ({ host }) => host === name;
}

function isListed(main: string, listed: ReadonlySet<string>): boolean {
  return main !== '' && listed.has(main);
}

function wanted({ isSecured, hosts }: TlsClaim, host = hosts[0]): Item[] {
  return isSecured && host ? [{ host: host.host, own: host }] : [];
}

/** A block keeps the hosts whose Secret it has; each other one of ours gets a block of its own in front. */
function rewritten(block: JsonObject, items: readonly Item[]): JsonObject[] {
  const kept = items.filter(({ own }) => !own || own.secretName === secretOf(block));
  const moved = items.flatMap(({ own }) =>
    own && own.secretName !== secretOf(block) ? [own] : [],
  );
  const apart = moved.map((host, index) => ({
    ...(kept.length === 0 && index === 0 ? block : {}),
    ...blockFor(host),
  }));
  if (kept.length === 0) return apart;
  const hosts = kept.map(({ host }) => host);
  const isSame = hosts.join() === hostsOf(block).join();
  return [...apart, isSame ? block : { ...block, hosts }];
}

function blockFor({ host, secretName }: PublicHost): JsonObject {
  return { hosts: [host], ...(secretName === undefined ? {} : { secretName }) };
}

/**
 * A host without a block joins the one of its role with its Secret, because two blocks with one Secret would ask for it twice. Else it gets
 * one behind those of its role: a certificate that fails does not stop another.
 */
function addMissing(written: JsonObject[], { isSecured, hosts }: TlsClaim): void {
  const isOwn = (block: JsonObject) => hosts.some(({ host }) => hostsOf(block).includes(host));
  for (const host of isSecured ? hosts : []) {
    const alike = written.filter((block) => secretOf(block) === host.secretName);
    const isServed =
      written.some((block) => hostsOf(block).includes(host.host)) ||
      alike.some((block) =>
        hostsOf(block).some((pattern) => pattern !== '' && coversHost(pattern, host.host)),
      );
    if (isServed) continue;
    const joined = alike.find(isOwn);
    if (joined) {
      const grown = { ...joined, hosts: [...hostsOf(joined), host.host] };
      written.splice(written.indexOf(joined), 1, grown);
      continue;
    }
    const last = written.findLastIndex(isOwn);
    written.splice(last < 0 ? written.length : last + 1, 0, blockFor(host));
  }
}

/** Hosts and Secrets follow from different fields. */
function reconcile(
  draft: Draft,
  blocks: readonly JsonObject[],
  written: readonly JsonObject[],
  claims: readonly TlsClaim[],
): void {
  const hosts = claims.flatMap((claim) => claim.hosts);
  if (written.length === 0) {
    draft.remove(['spec', 'tls'], 'spec.tls.mode');
    return;
  }
  if (written.length === blocks.length)
    for (const [index, block] of written.entries()) {
      const path = ['spec', 'tls', index];
      const owner = hosts.find(({ host }) => hostsOf(block).includes(host));
      if (block === blocks[index] || !owner) continue;
      draft.reconcile([...path, 'hosts'], block['hosts'] ?? [], owner.from);
      draft.reconcile(path, block, owner.secretFrom);
    }
  draft.reconcile(['spec', 'tls'], [...written], hostField(hosts));
}
