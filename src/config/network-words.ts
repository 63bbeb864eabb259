/** The words of `networkPolicies.egress[].to`: what the components connect to beside each other. */

/** Those of any environment; each cluster of `computeClusters` has one of its own. */
export const EGRESS_WORDS = [
  'dns',
  'kubernetes-api',
  'workflow-engine',
  'object-store',
  'cloud-identity',
  'database',
  'identity-provider',
  'public-api',
  'api-server',
  'envoy-upstream',
  'inference-servers',
] as const;

export type EgressWord = (typeof EGRESS_WORDS)[number] | `compute-${string}`;

/** The word of a compute cluster. */
export function computeWord(name: string): EgressWord {
  return `compute-${name}`;
}

/** Words whose usual ports do not depend on what a config says, so that entries with selectors may leave them out. */
export const WORDS_WITH_PORTS: readonly string[] = ['dns', 'kubernetes-api'];
