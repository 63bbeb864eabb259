/** `hosts`, `tls` → rule hosts, TLS hosts, Secrets and cert-manager's annotation of our Ingresses. */
import type { Settings } from '../config/settings.ts';
import { tlsPlace } from '../controllers/shared/wanted-marks.ts';
import { type Problem, printable } from '../errors.ts';
import { Draft } from '../manifests/edit.ts';
import { hostOfRule, pathsOf, rulesOf, tlsBlocksOf } from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import { groupedBy } from '../maps.ts';
import { oldHostsOf } from '../surface/old-hosts.ts';
import type { Surface } from '../surface/surface.ts';
import { type JsonObject, list } from '../yaml/json.ts';
import {
  asksForCertificates,
  isAskedOf,
  issuerOf,
  issuerOfOthers,
  secretsOfOthers,
  writeIssuer,
} from './cert-manager.ts';
import { hostField } from './host-field.ts';
import { hasNoRule, hostsOfParts, type IngressPart, ingressParts } from './ingress-part.ts';
import {
  coversHost,
  hasFallbackOfOthers,
  isNeededByOthers,
  type TlsClaim,
  writeTls,
} from './ingress-tls.ts';
import { isPassedThrough, passedThrough } from './passed-through.ts';
import type { Rule } from './rule.ts';
import type { RuleSettings } from './rule-settings.ts';
import { hostsOfOthers, sharedIngressProblems } from './shared-ingress.ts';
import { tlsByMarks, turnOffRedirects, unservedTls } from './unnamed-controller.ts';

/** One Ingress, which may carry several hosts: the parts of all of them go through the same draft. */
interface Carrier {
  resource: Resource;
  parts: readonly IngressPart[];
  draft: Draft;
}

export const ingress: Rule = ({ settings, surface }) => {
  const parts = ingressParts(settings, surface);
  const shared = sharedHosts(parts);
  if (shared.length > 0) return { edits: [], problems: shared };
  const carriers = [...groupedBy(parts, ({ resource }) => [resource])].map(
    ([resource, own]): Carrier => ({ resource, parts: own, draft: new Draft(resource) }),
  );
  const written = carriers.flatMap(({ draft, parts: own }) =>
    own.flatMap((part) => writePart(draft, part, parts, settings, surface)),
  );
  const emptied = carriers.filter(
    ({ resource, parts: own, draft }) =>
      own.some((part) => leaves(part, settings) !== undefined) &&
      list(draft.get(['spec', 'rules'])).length === 0 &&
      !servesOthers(resource, own, surface),
  );
  const left = carriers.filter((one) => !emptied.includes(one));
  for (const { draft, parts: own } of left) followTls(draft, own, parts, settings, surface);
  const problems = [
    ...written,
    ...unservedTls(parts, settings, surface),
    ...(settings.tlsMode === 'none' ? withoutTls(left, parts, settings, surface) : []),
    ...emptied.flatMap(({ resource }) => certificatesOfOthers(resource, parts, surface)),
  ];
  const edits = left.flatMap(({ draft }) => draft.edits);
  const removals = emptied.map(({ resource }) => ({ resource, field: 'spec.entry.gateway' }));
  return { edits, problems, removals };
};

/** Gives a part its hosts and its issuer, or takes its rules away. */
function writePart(
  draft: Draft,
  part: IngressPart,
  all: readonly IngressPart[],
  settings: RuleSettings,
  surface: Surface,
): Problem[] {
  const { role, resource, main } = part;
  const field = leaves(part, settings);
  // While both are set, both serve.
  if (field !== undefined) {
    dropRules(draft, part, field);
    return [];
  }
  if (main !== undefined) writeRules(draft, part, main);
  const problems = main === undefined && hasNoRule(part) ? [noRule(part)] : [];
  if (main?.startsWith('*.')) problems.push(wildcardReplaced(part, main));
  if (part.isSecuredElsewhere) return problems;
  if (isPassedThrough(part, settings, surface)) return [...problems, passedThrough(part, settings)];
  const wanted = settings.requests[role] === 'ingress' ? issuerOf(settings) : undefined;
  const others = secretsOfOthers(resource, all, surface);
  if (others.length === 0 || !asksForCertificates(resource))
    return [
      ...problems,
      ...writeIssuer(draft, resource, wanted, settings.entries[role].ingress?.value),
    ];
  const isMissed = tlsPlace(role, settings) === 'entry' && !isAskedOf(wanted, resource);
  return isMissed ? [...problems, issuerOfOthers(resource, others)] : problems;
}

/** What an Ingress says that does not fit plain HTTP. */
function withoutTls(
  carriers: readonly Carrier[],
  all: readonly IngressPart[],
  settings: Settings,
  surface: Surface,
): Problem[] {
  return [
    ...carriers.flatMap(({ resource, parts, draft }) =>
      parts.flatMap(({ role }) => turnOffRedirects(draft, resource, settings, role)),
    ),
    ...tlsByMarks(all, settings),
    ...carriers.flatMap(({ resource, draft }) =>
      sharedIngressProblems(resource, draft, hostsOfOthers(resource, all, surface), 'none'),
    ),
  ];
}

/** The field by which a role leaves its Ingress for a Gateway; undefined where it stays. */
function leaves({ role }: IngressPart, { entries }: Settings): string | undefined {
  const { ingress: way, gateway } = entries[role];
  return gateway && !way ? gateway.from : undefined;
}

function followTls(
  draft: Draft,
  members: readonly IngressPart[],
  all: readonly IngressPart[],
  settings: Settings,
  surface: Surface,
): void {
  const old = [...oldHostsOf(surface, settings).parts];
  const own = hostsOfParts(all, surface);
  const claims = members.flatMap((part): TlsClaim[] => {
    if (part.main === undefined) return [];
    const isSecured =
      leaves(part, settings) === undefined && tlsPlace(part.role, settings) === 'entry';
    // What passes through has a block only where somebody wrote one.
    if (isPassedThrough(part, settings, surface) && tlsBlocksOf(part.resource).length === 0)
      return [];
    const before = old.filter(([, role]) => role === part.role).map(([host]) => host);
    return part.isSecuredElsewhere
      ? []
      : [{ hosts: part.hosts, main: part.main, old: before, isSecured }];
  });
  const hasOthers =
    members.some(({ resource }) => hasFallbackOfOthers(resource, surface)) ||
    list(draft.get(['spec', 'rules'])).some((rule) => !own.has(hostOfRule(rule)));
  writeTls(draft, claims, (pattern) =>
    pattern === '' ? hasOthers : isNeededByOthers(pattern, own, surface),
  );
}

/** A rule that leads to the Services of two parts: its host cannot become two. */
function sharedHosts(parts: readonly IngressPart[]): Problem[] {
  const members = [...groupedBy(parts, ({ resource }) => [resource]).values()];
  const pairs = members.flatMap((those) =>
    those.flatMap((one, index) => those.slice(index + 1).map((other) => [one, other] as const)),
  );
  return pairs.flatMap(([one, other]): Problem[] => {
    const shared = rulesOf(one.resource).find((rule) => one.leadsTo(rule) && other.leadsTo(rule));
    if (!shared) return [];
    const isApi = one.role === 'api';
    return [
      {
        code: 'target-shape',
        severity: 'error',
        message: `one host of the Ingress leads to ${SERVED[one.role]} and to ${SERVED[other.role]}, which have a host each`,
        resource: one.resource.reference,
        path: 'spec.rules',
        found: `one host for both: ${hostOfRule(shared) || 'none'}`,
        expected: 'a rule for each of the two, with hosts that differ',
        fix: isApi
          ? 'give the API server a rule, or an Ingress, of its own; gRPC-Web reaches it through Envoy'
          : 'leave `hosts.ui` out, so that page and calls stay on one host; or give the page a rule, or an Ingress, of its own',
      },
    ];
  });
}

const SERVED = { api: 'the API server', app: 'Envoy', ui: 'the page' } as const;

/** Takes the rules of a role's hosts out of its Ingress. */
function dropRules(draft: Draft, { ownOf, hosts, main }: IngressPart, field: string): void {
  const rules = list(draft.get(['spec', 'rules']));
  const moved = [main, ...hosts.map(({ host }) => host)];
  const gone = ownOf(rules).filter((rule) => moved.includes(hostOfRule(rule)));
  const left = rules.filter((rule) => !gone.includes(rule));
  if (left.length === 0) draft.remove(['spec', 'rules'], field);
  else draft.reconcile(['spec', 'rules'], left, field);
}

/** Controllers that merge Ingresses take a certificate from one that has no rule for its host. */
function certificatesOfOthers(
  resource: Resource,
  parts: readonly IngressPart[],
  surface: Surface,
): Problem[] {
  const own = hostsOfParts(parts, surface);
  const others = tlsBlocksOf(resource)
    .flatMap(({ hosts }) => hosts)
    .filter((host) => ![...own].some((name) => coversHost(host, name)));
  if (others.length === 0) return [];
  return [
    {
      code: 'entry-refused',
      severity: 'error',
      message: 'the Ingress that a Gateway takes the place of has certificates of other hosts',
      resource: resource.reference,
      path: 'spec.tls',
      found: others.map((host) => `\`${host}\``).join(', '),
      expected: 'TLS blocks of the hosts that leave',
      fix: 'move the blocks of the other hosts to the Ingress that has their rules',
    },
  ];
}

/** Whether an Ingress without rules still has a default backend of somebody else's. */
function servesOthers(
  resource: Resource,
  members: readonly IngressPart[],
  surface: Surface,
): boolean {
  const backends = pathsOf(resource).filter(({ place }) => place === 'spec.defaultBackend');
  return backends.some(
    (path) => !members.some(({ role }) => surface.leadsTo(role, path, resource)),
  );
}

function noRule({ resource }: IngressPart): Problem {
  return {
    code: 'target-missing',
    severity: 'error',
    message: 'the Ingress has no rule for the Service of its role',
    resource: resource.reference,
    path: 'spec.rules',
    expected: 'a rule with a path whose backend is that Service',
    fix: 'add the rule with path / and the Service as its backend; a default backend alone serves every host',
  };
}

/** Gives the main host's rules the new host, and each alias rules of its own beside them. Rules of other hosts stay. */
function writeRules(draft: Draft, { ownOf, hosts }: IngressPart, main: string): void {
  const rules = list(draft.get(['spec', 'rules']));
  const ours = ownOf(rules);
  const wanted = hosts.map(({ host }) => host);
  const template = ours.filter((rule) => hostOfRule(rule) === main);
  const written = rules.flatMap((rule): JsonObject[] => {
    if (rule === template[0]) return wanted.flatMap((host) => template.map(withHost(host)));
    const isReplaced = ours.includes(rule) && [main, ...wanted].includes(hostOfRule(rule));
    return isReplaced ? [] : [rule];
  });
  draft.reconcile(['spec', 'rules'], written, hostField(hosts));
}

/** Nobody can tell which other hosts a wildcard served. */
function wildcardReplaced({ resource, hosts }: IngressPart, main: string): Problem {
  return {
    code: 'value-replaced',
    severity: 'warning',
    message: 'a rule for every host below a domain becomes one for the new host alone',
    resource: resource.reference,
    path: 'spec.rules',
    found: `\`${printable(main)}\``,
    expected: `${hosts.map(({ host }) => `\`${host}\``).join(', ')}, by \`${hosts[0]?.from}\``,
    fix: 'give each other host below that domain which is to be served a rule of its own in the base',
  };
}

function withHost(host: string): (rule: JsonObject) => JsonObject {
  return (rule) => ('host' in rule ? { ...rule, host } : { host, ...rule });
}
