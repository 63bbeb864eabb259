/** Which of several Services of the API server is the one that requests go to. */
import type { Resource } from '../manifests/resource.ts';
import type { Surface } from './surface.ts';
import { portsInUse } from './ui-service.ts';

/**
 * The only one. Of several for the same pods, such as the stable and the canary Service of a Rollout, or one beside a load balancer's, it is
 * the one that an entry uses; undefined where there is none, or a choice.
 */
export function chosenApiService(surface: Surface): Resource | undefined {
  const { services, why } = surface.apiCandidates;
  const [first, ...others] = services;
  if (!first || others.length === 0 || why === 'label')
    return others.length === 0 ? first : undefined;
  const pods = surface.podsOf(first);
  const isOneProgram = others.every((service) =>
    surface.podsOf(service).some((workload) => pods.includes(workload)),
  );
  const used = isOneProgram
    ? services.filter((service) => portsInUse(service, surface).length > 0)
    : [];
  return used.length === 1 ? used[0] : undefined;
}
