/**
 * Michelangelo's `Cluster`: where jobs are sent to. Its namespace and that of its Secrets are fixed in upstream's code.
 *
 * Source: Michelangelo, proto/api/v2/{cluster,kubernetes}.proto; go/components/jobs/cluster/controller.go (`constants.ClustersNamespace`),
 * go/components/jobs/common/secrets/secrets.go.
 */
import { getIn, type JsonObject, stringAt } from '../yaml/json.ts';
import type { Resource } from './resource.ts';

/** Where the controller manager looks for Clusters, and for the Secrets that they name. */
export const CLUSTERS_NAMESPACE = 'ma-system';
/** Where upstream looks for the Secrets that a `Cluster` names, whatever namespace the rest is in. */
export const CLUSTER_SECRETS_NAMESPACE = 'default';

const REST = ['spec', 'kubernetes', 'rest'];

/** How the controller manager reaches a cluster. Upstream joins `host` and `port` with a colon, as they are. */
export interface ClusterConnection {
  /** With its scheme. */
  host: string;
  port: string;
  /** Name of the Secret with key `token`. */
  tokenTag: string;
  /** Name of the Secret with key `cadata`. */
  caDataTag: string;
}

/** Each part is empty where it is missing. */
export function connectionOf({ json }: Resource): ClusterConnection {
  const at = (key: keyof ClusterConnection) => stringAt(json, [...REST, key]);
  const port = getIn(json, [...REST, 'port']);
  return {
    host: at('host'),
    port: typeof port === 'number' ? String(port) : at('port'),
    tokenTag: at('tokenTag'),
    caDataTag: at('caDataTag'),
  };
}

/** Where the controller manager connects to. Without a port the address ends with the colon, which Go's clients take for 443. */
export function addressOfCluster(cluster: Resource): string {
  const { host, port } = connectionOf(cluster);
  return `${host}:${port || '443'}`.toLowerCase();
}

/** The place of a part in the resource. */
export function connectionPath(key: keyof ClusterConnection): string {
  return [...REST, key].join('.');
}

/** The Secrets of a cluster, as upstream's guide names them. */
export function clusterSecrets(cluster: string): Pick<ClusterConnection, 'tokenTag' | 'caDataTag'> {
  return {
    tokenTag: `cluster-${cluster}-client-token`,
    caDataTag: `cluster-${cluster}-ca-data`,
  };
}

/** The `spec` of a Cluster. */
export function clusterSpec(connection: ClusterConnection): JsonObject {
  return { kubernetes: { rest: { ...connection } } };
}
