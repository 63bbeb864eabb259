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
        placedContainers(resource)
          .filter(({ json }) => stringAt(json, ['imagePullPolicy']) === 'Never')
          .map(
            ({ json, path }): Fault => ({
              resource,
              path: toPath([...path, 'imagePullPolicy']),
              message: `imagePullPolicy is Never: ${stringAt(json, ['image'])} is run only on nodes that have it already`,
            }),
          ),
      ),
};
