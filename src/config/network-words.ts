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

/** What a row of `networkPolicies.egress` may be about. */
export type EgressWord = (typeof EGRESS_WORDS)[number] | `compute-${string}`;

/** The word of a compute cluster. */
export function computeWord(name: string): EgressWord {
  return `compute-${name}`;
}

/** Ports of what has the same ones everywhere, so that entries with selectors may leave them out. */
export const PORTS_OF_WORDS = {
  dns: [53],
  // Its Service, and the usual port of an API server.
  'kubernetes-api': [443, 6443],
} as const;

/** None for the others. */
export function portsOfWord(word: string): readonly number[] {
  return Object.entries(PORTS_OF_WORDS).find(([name]) => name === word)?.[1] ?? [];
}
