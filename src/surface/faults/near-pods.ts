/** What a Service that picks no pods was probably meant for. */
import { sameNamespace } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { selectorOf } from '../../manifests/service.ts';
import { podMetadataOf } from '../../manifests/workload.ts';
import { asText, type JsonObject } from '../../yaml/json.ts';
import { areNearNames } from '../near-names.ts';
import { once, onceBy } from '../once.ts';
import type { Surface } from '../surface.ts';
import type { LinkFault } from './fault.ts';

/** Workloads that some Service picks. */
export const calledPods = once(
  (surface) => new Set(surface.services.flatMap((service) => surface.podsOf(service))),
);

/** Workloads that none picks. */
const freePods = once((surface) => {
  const called = calledPods(surface);
  return surface.workloads.filter((workload) => !called.has(workload));
});

const freePodsWith = onceBy(freePods, (pod) =>
  Object.entries(podMetadataOf(pod, 'labels')).map(([key, value]) => `${key}=${asText(value)}`),
);

/** `key=value, key=value`, as a message shows them. */
export function labelsShown(labels: JsonObject): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${asText(value)}`)
    .join(', ');
}

/** Pods that a Service which picks none was probably meant for: in another namespace, or with one label that is spelled otherwise. */
export function nearPods(
  service: Resource,
  surface: Surface,
): Pick<LinkFault, 'message' | 'fix'> | undefined {
  const selector = selectorOf(service);
  if (!selector) return undefined;
  const picks = `the selector picks no pods${service.namespace ? ` in namespace ${service.namespace}` : ''}: ${labelsShown(selector)}`;
  const isEqual = (pod: Resource) =>
    Object.entries(selector).every(([key, value]) => podMetadataOf(pod, 'labels')[key] === value);
  const [[key, value] = []] = Object.entries(selector);
  const elsewhere = freePodsWith(`${key}=${asText(value)}`, surface).find(isEqual);
  if (elsewhere)
    return {
      message: `${picks}; the pods of ${elsewhere.kind} ${elsewhere.name} are in namespace ${elsewhere.namespace}`,
      fix: `put the Service into namespace ${elsewhere.namespace}`,
    };
  for (const pod of freePods(surface)) {
    if (!sameNamespace(pod.namespace, service.namespace)) continue;
    const labels = podMetadataOf(pod, 'labels');
    const [wrong, ...more] = Object.entries(selector).filter(
      ([key, value]) => labels[key] !== value,
    );
    const own = wrong && labels[wrong[0]];
    if (!wrong || more.length > 0 || typeof own !== 'string') continue;
    if (!areNearNames(asText(wrong[1]), own)) continue;
    return {
      message: `${picks}; those of ${pod.kind} ${pod.name} have ${wrong[0]}=${own}`,
      fix: `write \`${wrong[0]}: ${own}\``,
    };
  }
  return undefined;
}
