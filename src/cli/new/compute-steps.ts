/** What a person does after the environment of a compute cluster was made. */
import type { Settings } from '../../config/settings.ts';
import { shellWord } from '../../foreign-text.ts';
import { clusterSecrets } from '../../manifests/cluster.ts';
import { secretCommands, TOKEN_SECRET } from './cluster-steps.ts';

/** @param of - the overlay of the control plane */
export function computeSteps(
  overlay: string,
  of: string,
  { config, computeCluster }: Settings,
): string[] {
  const { name = '', namespaces = [] } = computeCluster ?? {};
  const kubectl = `kubectl --context ${shellWord(name)}`;
  const keys =
    'put the keys of the object store into Secret aws-credentials of the cluster, namespace';
  return [
    ...namespaces
      .filter((namespace) => namespace !== 'default')
      .map((namespace) => `${kubectl} create namespace ${shellWord(namespace)}`),
    ...(config.spec.objectStore?.useIam ? [] : [`${keys} ${namespaces.join(' and ')}`]),
    `npx ma-overlays render ${shellWord(overlay)} | ${kubectl} apply --server-side -f -`,
    `${kubectl} -n default wait --for=jsonpath='{.data.token}' --timeout=30s secret/${TOKEN_SECRET}`,
    'copy the token and the CA to the control plane, whose context is taken to be the current one:',
    ...secretCommands(name, clusterSecrets(name)),
    `after every change of either side: npx ma-overlays check ${shellWord(of)} ${shellWord(overlay)}`,
  ];
}
