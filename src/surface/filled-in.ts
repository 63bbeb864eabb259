/** What programs fill into their configs when they start. */
import type { Resource } from '../manifests/resource.ts';
import { allContainersOf } from '../manifests/workload.ts';
import { asText, list } from '../yaml/json.ts';

/** What becomes of `${NAME:default}` in the pods of a workload, as far as these manifests tell. */
export function filledIn(text: string, workload: Resource): string {
  const [, variable, otherwise = ''] = /^\$\{(\w+)(?::(.*))?\}$/.exec(text) ?? [];
  if (variable === undefined) return text;
  const set = allContainersOf(workload)
    .flatMap((container) => list(container['env']))
    .find(({ name }) => name === variable);
  // Where it is from a Secret or a field, nobody can tell.
  if (set) return asText(set['value'] ?? '');
  return otherwise;
}
