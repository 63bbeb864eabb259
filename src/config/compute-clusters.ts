/** The clusters that jobs are sent to, as rules and checks read them. */
import { readAddress } from '../net/addresses.ts';
import { asRange } from '../net/cidrs.ts';
import type { JsonObject } from '../yaml/json.ts';
import type { DomainConfig } from './generated/domain-config.ts';
import { type Field, itemsAt, textAt } from './partial.ts';

/** A row of `computeClusters`, its URL taken apart. */
export interface ComputeCluster {
  name: string;
  /** Of its Kubernetes API: a name, an IPv4 address, or an IPv6 address in brackets. */
  host: string;
  /** 443 where the URL has none. */
  port: number;
  /** Addresses of its Kubernetes API, each with its prefix length. */
  cidrs: string[];
  /** Whether a cloud runs its Kubernetes API. */
  managed: boolean;
  /** Where its task pods run: as the config says, or where Michelangelo makes Ray clusters. */
  namespaces: readonly string[];
  /** Its task pods among the pods there; an empty one means all. */
  podSelector: JsonObject;
  /** The config field that it follows from: `spec.computeClusters[0]`. */
  field: string;
}

/**
 * The namespace of every Ray cluster and job, whatever that of its project. Source: `RayLocalNamespace` in Michelangelo's
 * `go/components/jobs/client/k8sengine/constants.go`.
 */
const JOBS_NAMESPACE = 'default';

/** The clusters of a config that passed its checks, in its order. */
export function computeClusters({ spec }: DomainConfig): ComputeCluster[] {
  return (spec.computeClusters ?? []).map(
    ({ name, server, cidrs = [], managed = true, taskPods = {} }, index) => ({
      name,
      ...hostAndPort(server),
      cidrs: cidrs.map(asRange),
      managed,
      namespaces: taskPods.namespaces?.length ? taskPods.namespaces : [JOBS_NAMESPACE],
      podSelector: (taskPods.podSelector ?? {}) as unknown as JsonObject,
      field: `spec.computeClusters[${index}]`,
    }),
  );
}

/** Where the https URL of an API server leads. */
export function hostAndPort(server: string): { host: string; port: number } {
  const { host = '', port = 443 } = readAddress(server) ?? {};
  return { host, port };
}

/** The entry of the cluster that the overlay is for; undefined where none has the name. */
export function ownClusterEntry(config: unknown): Field<unknown> | undefined {
  const name = textAt(config, 'spec.computeCluster');
  return itemsAt(config, 'spec.computeClusters').find(
    ({ path }) => name !== undefined && textAt(config, `${path}.name`) === name,
  );
}
