/**
 * Pods of ours that never come to serve: a program among the init containers, or one that ends by itself.
 *
 * Sources: Kubernetes, "Init Containers" (each has to end before the next begins) and "Sidecar Containers" (`restartPolicy: Always`); Envoy,
 * "Command line options" (`--mode validate` and `--version` end).
 */
import { isUpstreamImage } from '../../manifests/images.ts';
import { placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import { hasSwitch, optionOf, runsEnvoy } from '../../surface/envoy-program.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { asText, strings } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

const SERVING = /\/(?:apiserver|controllermgr|worker)(?:[:@]|$)/;

/** Faults of one workload. */
export function neverStarted(workload: Resource): Fault[] {
  return placedContainers(workload).flatMap(({ json, path }): Fault[] => {
    const name = asText(json['name'] ?? '');
    const isInit = path.includes('initContainers') && json['restartPolicy'] !== 'Always';
    const isEnvoy = runsEnvoy(json);
    const mode = isEnvoy ? optionOf(json, ['--mode']) : undefined;
    const isShort = mode === 'validate' || (isEnvoy && hasSwitch(json, '--version'));
    // With words of its own it may do something else, and end.
    const words = [...strings(json['command']), ...strings(json['args'])];
    const isOurs =
      isUpstreamImage(json) && SERVING.test(asText(json['image'])) && words.length === 0;
    if (isInit && !isShort && (isEnvoy || isOurs))
      return [
        {
          resource: workload,
          path: toPath(path),
          message: `init container ${name} never ends, and the other containers of the pod wait for that`,
          fix: 'write `restartPolicy: Always` beside it, which makes it a sidecar, or move it to `containers`',
        },
      ];
    if (isInit || !isShort) return [];
    return [
      {
        resource: workload,
        path: toPath([...path, 'args']),
        message: `Envoy in container ${name} ${mode === 'validate' ? 'reads its config' : 'says its version'} and ends: the pod is started anew without end`,
        fix: `take \`${mode === 'validate' ? '--mode validate' : '--version'}\` away`,
      },
    ];
  });
}
