/** `hosts`, `tls`, `entry.ingress.className` → rule hosts, TLS hosts, Secrets and class of both Ingresses. */
import type { PublicHost, Settings } from '../config/settings.ts';
import { REDIRECT_MARKS } from '../controllers/redirect-marks.ts';
import type { Problem } from '../errors.ts';
import { getIn, type Json, type JsonObject } from '../json.ts';
import { Draft } from '../resources/edit.ts';
import type { Resource } from '../resources/resource.ts';
import { list } from '../resources/workloads.ts';
import { PLACEHOLDER } from './placeholder.ts';
import { fromDrafts, type Rule } from './rule.ts';

/** One role's part of an Ingress. */
interface Part {
  resource: Resource;
  services: ReadonlySet<string>;
  hosts: readonly PublicHost[];
}

export const ingress: Rule = ({ settings, inventory }) => {
  const { apiEntry, appEntry, backends } = inventory;
  const parts: Part[] = [];
  if (apiEntry)
    parts.push({ resource: apiEntry, services: backends.api, hosts: settings.apiHosts });
  if (appEntry)
    parts.push({ resource: appEntry, services: backends.app, hosts: settings.appHosts });
  // One Ingress may carry both hosts: both parts then go through the same draft.
  const drafts = new Map<Resource, Draft>();
  const problems: Problem[] = [];
  for (const part of parts) {
    const draft = drafts.get(part.resource) ?? new Draft(part.resource);
    drafts.set(part.resource, draft);
    const oldHost = writeRules(draft, part);
    if (oldHost === undefined) problems.push(noRule(part));
    else writeTls(draft, part, oldHost);
  }
  for (const draft of drafts.values()) {
    writeClass(draft, settings);
    if (settings.tlsMode === 'none') turnOffRedirects(draft);
  }
  return fromDrafts([...drafts.values()], problems);
};

function noRule({ resource }: Part): Problem {
  return {
    code: 'target-missing',
    severity: 'error',
    message: 'the Ingress has no rule for the Service of its role',
    resource: resource.reference,
    path: 'spec.rules',
    expected: 'a rule with a path whose backend is that Service',
    mend: 'add the rule with path / and the Service as its backend; a default backend alone serves every host',
  };
}

/**
 * Gives the main host's rules the new host, and each alias rules of its own beside them. Rules of other hosts stay.
 * Returns the host that stood there before; undefined where the Ingress has no rule of the role.
 */
function writeRules(draft: Draft, { resource, services, hosts }: Part): string | undefined {
  const rules = list(draft.get(['spec', 'rules']));
  const matching = rules.filter((rule) => leadsTo(rule, services));
  const ours = matching.length === 0 && resource.role !== '' ? rules : matching;
  const wanted = hosts.map(({ host }) => host);
  const main = mainHost(ours.map(hostOf), wanted);
  if (main === undefined) return undefined;
  const template = ours.filter((rule) => hostOf(rule) === main);
  const written = rules.flatMap((rule): JsonObject[] => {
    if (rule === template[0]) return wanted.flatMap((host) => template.map(withHost(host)));
    const isReplaced = ours.includes(rule) && [main, ...wanted].includes(hostOf(rule));
    return isReplaced ? [] : [rule];
  });
  draft.reconcile(['spec', 'rules'], written, listField(hosts, rules.length, written.length));
  return main;
}

/** The host whose rules are the pattern: the wanted one, else the placeholder, else the first that is no alias. */
function mainHost(old: readonly string[], wanted: readonly string[]): string | undefined {
  return (
    old.find((host) => host === wanted[0]) ??
    old.find((host) => host.includes(PLACEHOLDER)) ??
    old.find((host) => !wanted.includes(host)) ??
    old[0]
  );
}

/** A list that grows or shrinks does so because of the aliases. */
function listField(hosts: readonly PublicHost[], oldLength: number, newLength: number): string {
  return (oldLength === newLength ? hosts[0] : hosts.at(-1))?.from ?? '';
}

function leadsTo(rule: JsonObject, services: ReadonlySet<string>): boolean {
  return list(getIn(rule, ['http', 'paths'])).some((path) =>
    services.has(String(getIn(path, ['backend', 'service', 'name']))),
  );
}

function hostOf(rule: JsonObject): string {
  return typeof rule['host'] === 'string' ? rule['host'] : '';
}

function withHost(host: string): (rule: JsonObject) => JsonObject {
  return (rule) => ('host' in rule ? { ...rule, host } : { host, ...rule });
}

/** A TLS block for each host with its own Secret, so that one failing certificate does not stop another. */
function writeTls(draft: Draft, { hosts }: Part, oldHost: string): void {
  const blocks = list(draft.get(['spec', 'tls']));
  const wanted = hosts.flatMap(({ host, secretName }): JsonObject[] =>
    secretName === undefined ? [] : [{ hosts: [host], secretName }],
  );
  const ownHosts = new Set(['', oldHost, ...hosts.map(({ host }) => host)]);
  const served = new Set(list(draft.get(['spec', 'rules'])).map(hostOf));
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
  if (all.length === 0) return draft.remove(['spec', 'tls'], 'spec.tls.mode');
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

function writeClass(draft: Draft, settings: Settings): void {
  const className = settings.config.spec.entry?.ingress?.className;
  if (className === undefined) return;
  const field = 'spec.entry.ingress.className';
  draft.set(['spec', 'ingressClassName'], className, field);
  // The annotation of old and the field exclude each other.
  draft.remove(['metadata', 'annotations', 'kubernetes.io/ingress.class'], field);
}

function turnOffRedirects(draft: Draft): void {
  for (const [annotation, off] of Object.entries(REDIRECT_MARKS)) {
    const path = ['metadata', 'annotations', annotation];
    if (draft.get(path) === undefined) continue;
    if (off === null) draft.remove(path, 'spec.tls.mode');
    else draft.set(path, off, 'spec.tls.mode');
  }
}
