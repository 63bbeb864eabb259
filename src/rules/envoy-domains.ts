/**
 * Envoy's virtual hosts take calls by the host that clients ask for: one that takes neither the app's old host nor its new one answers 404. An
 * old host is followed where it stands; where a pattern takes it, the new one gets its place beside the pattern.
 */
import { PUBLIC_ROLES } from '../config/public-hosts.ts';
import type { Located } from '../envoy/bootstrap.ts';
import type { Problem } from '../errors.ts';
import { matchesWildcard } from '../net/wildcards.ts';
import { envoyApi } from '../surface/envoy-api.ts';
import { clientHosts } from '../surface/old-hosts.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import { PLACEHOLDER } from '../surface/placeholders.ts';
import type { Surface } from '../surface/surface.ts';
import { strings } from '../yaml/json.ts';
import { EnvoyDraft } from './envoy-draft.ts';
import { fromDrafts, NOTHING, type Rule, targetProblem } from './rule.ts';
import type { RuleSettings } from './rule-settings.ts';

/** Edits of Envoy's document; nothing where what stands before Envoy may ask it for another host than clients do. */
export const envoyDomains: Rule = ({ settings, surface }) => {
  const target = surface.only('envoy');
  const old = settings.oldHosts.app;
  if (!target || old === undefined) return NOTHING;
  const isRewritten = [...surface.ingressesOf('app'), ...surface.routesOf('app')].some(({ json }) =>
    /vhost|host-?rewrite|urlRewrite|rewrite-?host|pass-?host/i.test(JSON.stringify(json)),
  );
  const lists = envoyApi(target, surface).managers.map(({ hosts }) => hosts.map(domainsOf));
  const domains = lists.flat().flatMap((list) => list.domains);
  if (isRewritten || domains.length === 0) return NOTHING;
  const isTaken = takesNewHosts(settings, surface);
  const draft = new EnvoyDraft(target);
  for (const hosts of lists) {
    if (hosts.some((list) => list.domains.some(isTaken))) continue;
    const found = hosts.find((list) => list.domains.some((domain) => takesOneOf([old], domain)));
    const pattern = found?.domains.find((domain) => takesOneOf([old], domain));
    if (!found || pattern === undefined) continue;
    const port = pattern.slice(nameOf(pattern).length);
    for (const [index, { host, from }] of settings.hosts.app.entries())
      draft.insert(found.path, found.domains.length + index, `${host}${port}`, from);
  }
  if (draft.edits.length > 0 || domains.some(isTaken)) return fromDrafts([draft], []);
  return { edits: [], problems: [notServed(target, domains, old, settings.hosts.app[0].host)] };
};

/** Tells domains that take a host by which clients will call, as they stand or once an old host in them is followed. */
function takesNewHosts(settings: RuleSettings, surface: Surface): (domain: string) => boolean {
  const called = clientHosts(surface);
  const mains = PUBLIC_ROLES.map((role) => settings.hosts[role][0].host);
  const names = PUBLIC_ROLES.flatMap((role) => [
    ...settings.hosts[role].map(({ host }) => host),
    ...(called.get(role) ?? []),
    settings.oldHosts[role] ?? '',
  ]);
  // A pattern is not followed: it has to take the new host as it is.
  return (domain) => takesOneOf(nameOf(domain).includes('*') ? mains : names, domain);
}

function notServed(
  target: DocumentTarget,
  domains: readonly string[],
  old: string,
  host: string,
): Problem {
  return targetProblem(target, 'static_resources', {
    code: 'target-shape',
    message: "no virtual host of the API's routes takes the app's host: its calls would get 404",
    found: domains.map((domain) => `\`${domain}\``).join(', '),
    expected: `\`${old}\`, which is followed, \`${host}\` or \`*\` among the \`domains\``,
    fix: "add the app's host to the domains of the virtual host in the base",
  });
}

function domainsOf({ host }: { host: Located }) {
  return { path: [...host.path, 'domains'], domains: strings(host.value['domains']) };
}

/** A domain without its port. */
function nameOf(domain: string): string {
  return domain.replace(/:(?:\d+|\*)$/, '');
}

/** Source: Envoy, `VirtualHost.domains`: a name, `*.suffix`, `prefix.*` or `*`, each perhaps with a port. */
function takesOneOf(names: readonly string[], domain: string): boolean {
  const bare = nameOf(domain);
  // What becomes of a placeholder is a host of ours.
  if (bare === '*' || bare.includes(PLACEHOLDER)) return true;
  if (bare.endsWith('*'))
    return names.some((name) => name.toLowerCase().startsWith(bare.slice(0, -1).toLowerCase()));
  return names.some((name) => matchesWildcard(bare, name, 'any'));
}
