/** What a person does after an environment was made. */
import { hostRoles, publicHostsOf, type Settings } from '../../config/settings.ts';
import { printed } from '../../errors.ts';
import { shellWord } from '../../foreign-text.ts';
import { withBaseSecrets } from '../../rules/base-secrets.ts';
import type { Surface } from '../../surface/surface.ts';
import type { Plan } from './plan.ts';

/**
 * What to look at, and what the cluster still needs, as lines of text.
 * @param surface - of what was built: Secrets have the names that the base gave them
 */
export function nextSteps(
  overlay: string,
  plan: Plan,
  settings: Settings,
  surface: Surface,
): string {
  const { domainFile, namespace, base } = plan;
  // The config of another overlay says what it says.
  const hint = base ? ': what people usually set next stands there in comments' : '';
  const steps = [
    `look through ${overlay}/${domainFile}${hint}`,
    ...certificateSteps(namespace, settings, surface),
    `point ${hostNames(settings)} at the cluster's entry, in DNS`,
    `kubectl create namespace ${shellWord(namespace)}`,
    `npx ma-overlays render ${shellWord(overlay)} | kubectl apply --server-side -f -`,
    `git add ${shellWord(overlay)}`,
  ];
  return `\nNext:\n${steps.map((step) => `  - ${printed(step)}\n`).join('')}`;
}

function hostNames(settings: Settings): string {
  const hosts = hostRoles(settings).map((role) => settings.hosts[role][0].host);
  return `${hosts.slice(0, -1).join(', ')} and ${hosts.at(-1)}`;
}

function certificateSteps(namespace: string, settings: Settings, surface: Surface): string[] {
  const { config, tlsMode } = settings;
  const steps: string[] = [];
  const trust = config.spec.tls?.trust;
  if (tlsMode === 'secret') {
    const hosts = publicHostsOf(withBaseSecrets(settings, surface));
    const secrets = [...new Set(hosts.flatMap(({ secretName }) => secretName ?? []))];
    const what = secrets.length > 1 ? 'TLS Secrets' : 'TLS Secret';
    if (secrets.length > 0)
      steps.push(`make the ${what} ${secrets.join(' and ')} in namespace ${namespace}`);
  }
  if (tlsMode === 'ca')
    steps.push(
      `put the CA into Secret ${config.spec.tls?.ca?.secretName ?? 'internal-ca-key-pair'}, in cert-manager's namespace`,
    );
  if (tlsMode === 'issuer')
    steps.push(
      `see that ${config.spec.tls?.issuer?.kind ?? 'ClusterIssuer'} ${config.spec.tls?.issuer?.name} is there`,
    );
  if (typeof trust === 'object')
    steps.push(`make ConfigMap ${trust.configMap} with the CA bundle in namespace ${namespace}`);
  return steps;
}
