/** Services that were moved away from their pods. */
import type { Resource } from '../manifests/resource.ts';
import { selectorOf } from '../manifests/service.ts';
import { podMetadataOf } from '../manifests/workload.ts';
import { onceFor } from './once.ts';

/** The namespace of the pods that a Service has the labels of, where it picks none in its own; undefined for any other Service. */
export const homeOf = onceFor((service: Resource, surface): string | undefined => {
  const selector = Object.entries(selectorOf(service) ?? {});
  if (selector.length === 0 || surface.podsOf(service).length > 0) return undefined;
  const found = surface.workloads
    .filter((pod) => {
      const labels = podMetadataOf(pod, 'labels');
      return selector.every(([key, value]) => labels[key] === value);
    })
    .map(({ namespace }) => namespace);
  const [home, ...others] = new Set(found);
  return others.length === 0 ? home : undefined;
});
