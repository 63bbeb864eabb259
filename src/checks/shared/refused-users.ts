/**
 * Containers that the kubelet does not start because they would run as root.
 *
 * Source: Kubernetes, `pkg/kubelet/kuberuntime/security_context.go`, `verifyRunAsNonRoot`; the Dockerfiles of the official images, which
 * start as root and leave it later.
 */
import { placedContainers } from '../../manifests/pod-references.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podSpecOf, podTemplatePath } from '../../manifests/workload.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { getIn, type JsonObject, stringAt } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

const ROOT_IMAGE =
  /^(?:docker\.io\/)?(?:(?:library\/)?nginx(?=[:@]|$)|envoyproxy\/envoy:(?!distroless|google-vrp))/;

/** Of one workload or Pod: containers with `runAsNonRoot` whose user is root, or is root as far as their image is known. */
export function refusedUsers(resource: Resource): Fault[] {
  return placedContainers(resource).flatMap(({ json, path }): Fault[] => {
    const user = inContext('runAsUser', json, resource);
    if (inContext('runAsNonRoot', json, resource) !== true) return [];
    const name = stringAt(json, ['name']);
    const image = stringAt(json, ['image']);
    const isOwn = getIn(json, ['securityContext', 'runAsUser']) !== undefined;
    const place = [...(isOwn ? path : podPath(resource)), 'securityContext'];
    if (user === 0)
      return [
        {
          resource,
          path: toPath([...place, 'runAsUser']),
          message: `container ${name} has runAsNonRoot, and runAsUser 0 is root: the kubelet does not start it`,
          fix: 'write the number of another user in `runAsUser`',
        },
      ];
    if (user !== undefined || !ROOT_IMAGE.test(image)) return [];
    return [
      {
        resource,
        path: toPath([...place, 'runAsUser']),
        message: `container ${name} has runAsNonRoot, and its image ${image} starts as root: the kubelet does not start it`,
        fix: 'write the number of a user that is not root in `runAsUser`, or take an image that has one',
      },
    ];
  });
}

const podPath = (workload: Resource) => [...podTemplatePath(workload), 'spec'];

/** What counts for a container: its own, else that of the pod. */
export function inContext(field: string, container: JsonObject, workload: Resource) {
  const own = getIn(container, ['securityContext', field]);
  return own ?? getIn(podSpecOf(workload), ['securityContext', field]) ?? undefined;
}
