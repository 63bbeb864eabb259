/** Label selectors in the words of kubectl. */
import type { LabelSelector } from '../../config/generated/domain-config.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podMetadataOf } from '../../manifests/workload.ts';
import { objectAt } from '../../yaml/json.ts';

/** Of a workload's pods; of a Pod by itself its labels. */
export function selectorOf(workload: Resource): string {
  const written = objectAt(workload.json, ['spec', 'selector', 'matchLabels']);
  const labels = Object.keys(written).length > 0 ? written : podMetadataOf(workload, 'labels');
  return equalities(labels);
}

export function selectorWords({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const conditions = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [equalities(matchLabels), ...conditions].filter(Boolean).join(',');
}

function equalities(labels: Readonly<Record<string, unknown>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
}
