/** The commands that register compute clusters: what the config cannot hold, and what has to be there before it is applied. */
import type { Settings } from '../../config/settings.ts';
import { shellWord } from '../../foreign-text.ts';
import {
  CLUSTER_SECRETS_NAMESPACE,
  CLUSTERS_NAMESPACE,
  type ClusterConnection,
  connectionOf,
} from '../../manifests/cluster.ts';
import type { Surface } from '../../surface/surface.ts';

/** The Secret with the token of the ServiceAccount that sends jobs, in the compute cluster. Source: upstream's guide to registering one. */
export const TOKEN_SECRET = 'ray-manager-token';

/** The namespace of the Clusters, where nothing else makes it. */
export function clusterNamespaceSteps(
  namespace: string,
  { computeClusters }: Settings,
  { manifests }: Surface,
): string[] {
  const isMade = manifests.ofKind('Namespace').some(({ name }) => name === CLUSTERS_NAMESPACE);
  if (computeClusters.length === 0 || namespace === CLUSTERS_NAMESPACE || isMade) return [];
  return [`kubectl create namespace ${CLUSTERS_NAMESPACE}`];
}

/** For each cluster, what copies its token and its CA, with the context that kubectl has for it. */
export function clusterSecretSteps({ manifests }: Surface): string[] {
  return manifests
    .ofKind('Cluster')
    .flatMap((cluster) => [
      `copy the token and the CA of compute cluster ${cluster.name}; its context is taken to be ${cluster.name}:`,
      ...secretCommands(cluster.name, connectionOf(cluster)),
    ]);
}

/** One for each Secret. No file and no argument ever holds the token. */
export function secretCommands(
  cluster: string,
  { tokenTag, caDataTag }: Pick<ClusterConnection, 'tokenTag' | 'caDataTag'>,
): string[] {
  const context = shellWord(cluster);
  const copy = (from: string, secret: string, key: string) =>
    `kubectl --context ${context} -n default get secret ${TOKEN_SECRET} -o jsonpath='{.data.${from}}' | base64 -d | kubectl -n ${CLUSTER_SECRETS_NAMESPACE} create secret generic ${shellWord(secret)} --from-file=${key}=/dev/stdin`;
  return [copy('token', tokenTag, 'token'), copy('ca\\.crt', caDataTag, 'cadata')];
}

/** What is sent away once more: the API server makes the kind when it starts. */
export function clusterApplySteps({ computeClusters }: Settings, apply: string): string[] {
  if (computeClusters.length === 0) return [];
  return [
    `once the API server runs, the same again, for the Clusters: it makes their kind when it starts: ${apply}`,
  ];
}
