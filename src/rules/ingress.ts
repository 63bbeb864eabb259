/** `hosts`, `tls` → rule hosts, TLS hosts, Secrets and cert-manager's annotation of both Ingresses. */
import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import type { PublicHost, Settings } from '../config/settings.ts';
import { REDIRECT_MARKS } from '../controllers/index.ts';
import type { Problem } from '../errors.ts';
import { Draft } from '../manifests/edit.ts';
import { hostOfRule, pathsOfRule, rulesOf } from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Surface } from '../surface/surface.ts';
import { type JsonObject, list } from '../yaml/json.ts';
import { certificateRequest, issuerOf, writeIssuer } from './cert-manager.ts';
import { writeTls } from './ingress-tls.ts';
import { mainHost } from './main-host.ts';
import { fromDrafts, type Rule } from './rule.ts';

/** One role's part of an Ingress. */
interface Part {
  role: PublicRole;
  resource: Resource;
  hosts: readonly PublicHost[];
  /** Whether a rule has a path to the role's Service. */
  leadsTo: (rule: JsonObject) => boolean;
}

export const ingress: Rule = ({ settings, surface }) => {
  const parts = PUBLIC_ROLES.flatMap((role) => partOf(role, settings, surface));
  const shared = sharedHost(parts);
  if (shared) return { edits: [], problems: [shared] };
  // One Ingress may carry both hosts: both parts then go through the same draft.
  const drafts = new Map<Resource, Draft>();
  const problems: Problem[] = [];
  for (const part of parts) {
    const draft = drafts.get(part.resource) ?? new Draft(part.resource);
    drafts.set(part.resource, draft);
    const { ingress: way, gateway } = settings.entries[part.role];
    // While both are set, both serve.
    if (gateway && !way) {
      dropRules(draft, part, gateway.from);
      continue;
    }
    const oldHost = writeRules(draft, part);
    if (oldHost === undefined) problems.push(noRule(part));
    else {
      const isPassedThrough = part.role === 'app' && settings.terminateAt === 'envoy';
      writeTls(draft, part.hosts, ['', oldHost], isPassedThrough ? [] : part.hosts);
    }
    const isAsked = certificateRequest(settings, surface, part.role) === 'ingress';
    writeIssuer(draft, isAsked ? issuerOf(settings) : undefined, way?.value.annotations);
  }
  const emptied = [...drafts].filter(
    ([, draft]) => list(draft.get(['spec', 'rules'])).length === 0,
  );
  for (const [resource] of emptied) drafts.delete(resource);
  if (settings.tlsMode === 'none')
    for (const { role, resource } of parts) turnOffRedirects(drafts.get(resource), settings, role);
  return {
    ...fromDrafts([...drafts.values()], problems),
    removals: emptied.map(([resource]) => ({ resource, field: 'spec.entry.gateway' })),
  };
};

function partOf(role: PublicRole, settings: Settings, surface: Surface): Part[] {
  const resource = surface.ingressOf(role);
  if (!resource) return [];
  const leadsTo = (rule: JsonObject) =>
    pathsOfRule(rule).some((path) => surface.leadsTo(role, path, resource));
  return [{ role, resource, hosts: settings.hosts[role], leadsTo }];
}

/** A rule that leads to both Services: its host cannot become two. */
function sharedHost(parts: readonly Part[]): Problem | undefined {
  const [api, app] = parts;
  if (!api || !app || api.resource !== app.resource) return undefined;
  const shared = rulesOf(api.resource).find((rule) => parts.every((part) => part.leadsTo(rule)));
  if (!shared) return undefined;
  return {
    code: 'target-shape',
    severity: 'error',
    message: 'one host of the Ingress leads to the API server and to Envoy, which have a host each',
    resource: api.resource.reference,
    path: 'spec.rules',
    found: `one host for both: ${hostOfRule(shared) || 'none'}`,
    expected: 'a rule for each of the two, with hosts that differ',
    mend: 'give the API server a rule, or an Ingress, of its own; gRPC-Web reaches it through Envoy',
  };
}

/** Takes a role out of its Ingress; one that then has no rule left goes as a whole. */
function dropRules(draft: Draft, { leadsTo, hosts }: Part, field: string): void {
  const rules = list(draft.get(['spec', 'rules']));
  const left = rules.filter((rule) => !leadsTo(rule));
  if (left.length < rules.length) {
    const gone = rules.filter(leadsTo).map(hostOfRule);
    draft.set(['spec', 'rules'], left, field);
    if (left.length > 0) writeTls(draft, hosts, gone, []);
  }
}

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
function writeRules(draft: Draft, { resource, leadsTo, hosts }: Part): string | undefined {
  const rules = list(draft.get(['spec', 'rules']));
  const matching = rules.filter(leadsTo);
  const ours = matching.length === 0 && resource.role !== '' ? rules : matching;
  const wanted = hosts.map(({ host }) => host);
  const main = mainHost(ours.map(hostOfRule), wanted);
  if (main === undefined) return undefined;
  const template = ours.filter((rule) => hostOfRule(rule) === main);
  const written = rules.flatMap((rule): JsonObject[] => {
    if (rule === template[0]) return wanted.flatMap((host) => template.map(withHost(host)));
    const isReplaced = ours.includes(rule) && [main, ...wanted].includes(hostOfRule(rule));
    return isReplaced ? [] : [rule];
  });
  draft.reconcile(['spec', 'rules'], written, listField(hosts, rules.length, written.length));
  return main;
}

/** A list that grows or shrinks does so because of the aliases. */
function listField(hosts: readonly PublicHost[], oldLength: number, newLength: number): string {
  return (oldLength === newLength ? hosts[0] : hosts.at(-1))?.from ?? '';
}

function withHost(host: string): (rule: JsonObject) => JsonObject {
  return (rule) => ('host' in rule ? { ...rule, host } : { host, ...rule });
}

/** Where no controller is named, whose own marks would say it: what is there and redirects is turned off. */
function turnOffRedirects(draft: Draft | undefined, settings: Settings, role: PublicRole): void {
  const way = settings.entries[role].ingress?.value;
  if (!draft || way?.controller) return;
  for (const [annotation, off] of Object.entries(REDIRECT_MARKS)) {
    const path = ['metadata', 'annotations', annotation];
    if (draft.get(path) === undefined || way?.annotations?.[annotation] !== undefined) continue;
    if (off === null) draft.remove(path, 'spec.tls.mode');
    else draft.set(path, off, 'spec.tls.mode');
  }
}
