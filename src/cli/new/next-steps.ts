/** What a person does after an environment was made. */
import type { Finding } from '../../checks/check.ts';
import { hostRoles, publicHostsOf, type Settings } from '../../config/settings.ts';
import { printed } from '../../errors.ts';
import { shellWord } from '../../foreign-text.ts';
import { withBaseSecrets } from '../../rules/base-secrets.ts';
import type { Surface } from '../../surface/surface.ts';
import { ENVIRONMENT_FILE } from '../environment-file.ts';
import { clusterApplySteps, clusterNamespaceSteps, clusterSecretSteps } from './cluster-steps.ts';
import { computeSteps } from './compute-steps.ts';
import type { Plan } from './plan.ts';

/** What was made, for the steps that follow from it. */
export interface Made {
  /** Its path from the project. */
  overlay: string;
  plan: Plan;
  settings: Settings;
  /** Of what was built: Secrets have the names that the base gave them. */
  surface: Surface;
  /** Of what was built. */
  findings: readonly Finding[];
  /** Every folder that belongs into the repository. */
  folders: readonly string[];
}

/** What to look at, and what the cluster still needs, as lines of text. */
export function nextSteps({ overlay, plan, settings, surface, findings, folders }: Made): string {
  const { domainFile, namespace, base, compute } = plan;
  // The config of another overlay says what it says.
  const hint = base ? ': what people usually set next stands there in comments' : '';
  const own = surface.manifests.ofKind('Namespace').some(({ name }) => name === namespace);
  const inNamespace = [
    ...certificateSteps(namespace, settings, surface),
    ...clusterSecretSteps(surface),
  ];
  const apply = `npx ma-overlays render ${shellWord(overlay)} | kubectl apply --server-side -f -`;
  const ofSide = compute
    ? computeSteps(overlay, compute.of, settings)
    : [
        ...clusterNamespaceSteps(namespace, settings, surface),
        // What is in it comes after it.
        ...(own ? [apply] : [`kubectl create namespace ${shellWord(namespace)}`]),
        ...inNamespace,
        ...(own ? [] : [apply]),
        ...clusterApplySteps(settings, apply),
        ...reachSteps(settings),
      ];
  const steps = [
    `look through ${overlay}/${domainFile}${hint}`,
    ...findingSteps(findings, `${overlay}/${domainFile}`),
    ...environmentSteps(overlay, plan),
    `git add ${folders.map(shellWord).join(' ')}`,
    ...ofSide,
  ];
  return `\nNext:\n${steps.map((step) => `  - ${printed(step)}\n`).join('')}`;
}

function environmentSteps(overlay: string, { files }: Plan): string[] {
  if (!files.has(ENVIRONMENT_FILE)) return [];
  return [
    `say in ${overlay}/${ENVIRONMENT_FILE} which cluster it is in, and \`sync: auto\` once it may go there by itself`,
  ];
}

/** Warnings stay in every `check` until something is done about them. */
function findingSteps(findings: readonly Finding[], domainFile: string): string[] {
  const codes = [...new Set(findings.map(({ code }) => code))];
  const open = codes.includes('api-without-authentication')
    ? [
        "let the API ask who calls: `apiserver.auth.mode: k8s-rbac` in the API server's config, once clients send tokens; or let the entry ask. Until then whoever reaches it may do everything",
      ]
    : [];
  if (codes.length === 0) return open;
  const example = `ignore: [{code: ${codes[0]}, reason: …}]`;
  return [
    ...open,
    `fix what \`check\` warns of (${codes.join(', ')}), or accept it under \`spec.checks\` in ${domainFile}: \`${example}\``,
  ];
}

/** `a, b and c`. */
function inWords(names: readonly string[]): string {
  return [names.slice(0, -1).join(', '), names.at(-1)].filter(Boolean).join(' and ');
}

/** How people reach the hosts. Names below `localhost` lead to the machine that asks. */
function reachSteps(settings: Settings): string[] {
  const hosts = hostRoles(settings).map((role) => settings.hosts[role][0].host);
  const isOwn = (host: string) => /(^|\.)localhost$/.test(host);
  if (hosts.every(isOwn))
    return [`let the cluster's entry listen on this machine, at port ${settings.port}`];
  const others = hosts.filter((host) => !isOwn(host));
  const names = inWords(others);
  return [
    settings.tlsMode === 'none'
      ? `let ${names} lead to the cluster's entry: in the hosts file of your machine, or in DNS`
      : `point ${names} at the cluster's entry, in DNS`,
  ];
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
      steps.push(`make the ${what} ${inWords(secrets)} in namespace ${namespace}`);
  }
  if (tlsMode === 'ca')
    steps.push(
      `put the CA into Secret ${config.spec.tls?.ca?.secretName ?? 'internal-ca-key-pair'}, in cert-manager's namespace`,
    );
  if (tlsMode === 'external') {
    const hosts = publicHostsOf(settings).map(({ host }) => host);
    steps.push(
      `see that what ends TLS, at the entry or in front of it, has a certificate for ${hosts.join(', ')}`,
    );
  }
  if (tlsMode === 'issuer')
    steps.push(
      `see that ${config.spec.tls?.issuer?.kind ?? 'ClusterIssuer'} ${config.spec.tls?.issuer?.name} is there`,
    );
  if (typeof trust === 'object')
    steps.push(`make ConfigMap ${trust.configMap} with the CA bundle in namespace ${namespace}`);
  return steps;
}
