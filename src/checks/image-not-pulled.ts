/** Images that a node has only where somebody put them there. Source: Kubernetes, "Images" (`imagePullPolicy: Never`; the status is then `ErrImageNeverPull`). */
import { placedContainers } from '../manifests/pod-references.ts';
import { programsOf } from '../surface/configs.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { stringAt } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';
import { isTest } from './shared/production.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'warning',
  title: 'An image that no registry is asked for',
  why: 'A node runs it only where the image was loaded onto the node by hand, as with kind or minikube. On a new node the pod does not start.',
  fix: 'take `imagePullPolicy` away, and name an image of a registry that the nodes reach',
  find: (surface) =>
    programsOf(surface)
      .filter(
        ({ name, namespace }) =>
          ![surface.settings?.name ?? '', name, namespace].some((text) => isTest(text)),
      )
      .flatMap((resource) =>
        placedContainers(resource).flatMap(({ json, path }): Fault[] => {
          const image = stringAt(json, ['image']);
          const place = (field: string) => ({ resource, path: toPath([...path, field]) });
          if (stringAt(json, ['imagePullPolicy']) === 'Never')
            return [
              {
                ...place('imagePullPolicy'),
                message: `imagePullPolicy is Never: ${image} is run only on nodes that have it already`,
              },
            ];
          const local = /^(?:localhost|127\.0\.0\.1)(?::\d+)?(?=\/)/.exec(image)?.[0];
          return local
            ? [
                {
                  ...place('image'),
                  message: `each node asks itself for ${image}: that is right only where a registry listens on ${local} of every node`,
                },
              ]
            : [];
        }),
      ),
};
