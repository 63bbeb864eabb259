/** Envoy's virtual hosts take calls by the host that clients ask for: one that takes neither the app's old host nor its new one answers 404. */
import { PUBLIC_ROLES } from '../config/public-hosts.ts';
import { matchesWildcard } from '../net/wildcards.ts';
import { envoyApi } from '../surface/envoy-api.ts';
import { clientHosts } from '../surface/old-hosts.ts';
import { PLACEHOLDER } from '../surface/placeholders.ts';
import { strings } from '../yaml/json.ts';
import { NOTHING, type Rule, targetProblem } from './rule.ts';

export const envoyDomains: Rule = ({ settings, surface }) => {
  const target = surface.only('envoy');
  const ingresses = surface.ingressesOf('app');
  if (!target || settings.oldHosts.app === undefined) return NOTHING;
  // What stands in front may ask for another host.
  const isRewritten = [...ingresses, ...surface.routesOf('app')].some(({ json }) =>
    /vhost|host-?rewrite|urlRewrite|rewrite-?host|pass-?host/i.test(JSON.stringify(json)),
  );
  const hosts = envoyApi(target, surface).managers.flatMap((manager) => manager.hosts);
  const domains = hosts.flatMap(({ host }) => strings(host.value['domains']));
  if (isRewritten || domains.length === 0) return NOTHING;
  const called = clientHosts(surface);
  const names = PUBLIC_ROLES.flatMap((role) => [
    ...settings.hosts[role].map(({ host }) => host),
    ...(called.get(role) ?? []),
    settings.oldHosts[role] ?? '',
  ]);
  if (domains.some((domain) => takesOneOf(names, domain))) return NOTHING;
  return {
    edits: [],
    problems: [
      targetProblem(target, 'static_resources', {
        code: 'target-shape',
        message:
          "no virtual host of the API's routes takes the app's host: its calls would get 404",
        found: domains.map((domain) => `\`${domain}\``).join(', '),
        expected: `\`${settings.oldHosts.app}\`, which is followed, \`${settings.hosts.app[0].host}\` or \`*\` among the \`domains\``,
        fix: "add the app's host to the domains of the virtual host in the base",
      }),
    ],
  };
};

/** Source: Envoy, `VirtualHost.domains`: a name, `*.suffix`, `prefix.*` or `*`, each perhaps with a port. */
function takesOneOf(names: readonly string[], domain: string): boolean {
  const bare = domain.replace(/:(?:\d+|\*)$/, '');
  // What becomes of a placeholder is a host of ours.
  if (bare === '*' || bare.includes(PLACEHOLDER)) return true;
  if (bare.endsWith('*')) return names.some((name) => name.startsWith(bare.slice(0, -1)));
  return names.some((name) => matchesWildcard(bare, name, 'any'));
}
