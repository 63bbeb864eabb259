/** The parts that NetworkPolicies of the function are made of. */
import { asRange } from '../net/cidrs.ts';
import type { Json, JsonObject } from '../yaml/json.ts';

/** Addresses, as a policy takes them. */
export function rangePeers(cidrs: readonly string[]): JsonObject[] {
  return cidrs.map((cidr) => ({ ipBlock: { cidr: asRange(cidr) } }));
}

/** TCP ports, each once. */
export function tcpPorts(numbers: readonly number[]): Json {
  return [...new Set(numbers)].map((port) => ({ protocol: 'TCP', port }));
}
