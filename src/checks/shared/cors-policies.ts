/** What is found in the CORS policies of virtual hosts that serve the API. */
import type { Path } from '../../envoy/bootstrap.ts';
import { apiManagers } from '../../surface/cors-policies.ts';
import type { Surface } from '../../surface/surface.ts';
import type { JsonObject } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { type FindingDetails, inDocument } from '../check.ts';

/** A finding whose path counts from the top of a policy. */
export interface InPolicy {
  path: Path;
  message: string;
  mend?: string;
}

/** Each once: a route table's policy belongs to each of its virtual hosts. */
export function inPolicies(
  view: Surface,
  search: (policy: JsonObject) => InPolicy[],
): FindingDetails[] {
  return apiManagers(view)
    .flatMap(({ hosts }) => hosts)
    .flatMap(({ target, policies }) =>
      policies.flatMap((policy) =>
        search(policy.value).map(({ path, ...details }) =>
          inDocument(target, { ...details, path: toPath([...policy.path, ...path]) }),
        ),
      ),
    )
    .filter(
      ({ path, resource }, index, all) =>
        index === all.findIndex((other) => other.path === path && other.resource === resource),
    );
}
