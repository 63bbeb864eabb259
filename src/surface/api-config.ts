/**
 * The config of the API server.
 *
 * Source: Michelangelo's `go/cmd/apiserver/config`, and `apiserver-configmap.yaml` of its Helm chart.
 */
import type { Resource } from '../manifests/resource.ts';
import { mountsConfigMap } from '../manifests/workload.ts';
import { getIn, isObject } from '../yaml/json.ts';
import { type DocumentTarget, jsonOf } from './parts.ts';
import type { Surface } from './surface.ts';

/** Documents with a section of the API server, in ConfigMaps that the pods mount. */
export function apiConfigsOf(pods: readonly Resource[], { manifests }: Surface): DocumentTarget[] {
  return manifests
    .find(['ConfigMap'], ['apiserver'])
    .filter((configMap) => pods.some((pod) => mountsConfigMap(pod, configMap)))
    .flatMap((resource) =>
      resource
        .documentKeys((text) => text.includes('apiserver'))
        .map((key): DocumentTarget => ({ resource, key })),
    )
    .filter((target) => isObject(getIn(jsonOf(target), ['apiserver'])));
}
