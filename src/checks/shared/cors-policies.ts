/** What is found in the CORS policies of virtual hosts that serve the API. */
import type { Path } from '../../envoy/bootstrap.ts';
import type { CorsPolicy } from '../../envoy/cors.ts';
import { corsPolicies } from '../../surface/envoy-api.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import type { JsonObject } from '../../yaml/json.ts';

/** A finding whose path counts from the top of a policy. */
export interface InPolicy {
  path: Path;
  message: string;
  fix?: string;
}

/** @param counts - which policies are looked at; those that are on: what is off or not read lets nobody in */
export function inPolicies(
  surface: Surface,
  search: (policy: JsonObject) => InPolicy[],
  counts: (policy: CorsPolicy) => boolean = ({ isOn }) => isOn,
): Fault[] {
  return corsPolicies(surface)
    .filter(({ policy }) => counts(policy))
    .flatMap(({ target, policy }) =>
      search(policy.value).map(({ path, ...details }) =>
        inDocument(target, [...policy.path, ...path], details),
      ),
    );
}
