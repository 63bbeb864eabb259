/** Label selectors in the words of kubectl. */
import type { LabelSelector } from '../../config/generated/domain-config.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podMetadataOf } from '../../manifests/workload.ts';
import { asText, type JsonObject, objectAt } from '../../yaml/json.ts';

/** Of a workload's pods; of a Pod by itself its labels. */
export function selectorOf(workload: Resource): string {
  const written = objectAt(workload.json, ['spec', 'selector', 'matchLabels']);
  const labels = Object.keys(written).length > 0 ? written : podMetadataOf(workload, 'labels');
  return equalities(labels);
}

/** @param selector - one that the schema let through; empty words for one that takes all */
export function selectorWords(selector: JsonObject): string {
  const { matchLabels = {}, matchExpressions = [] } = selector as LabelSelector;
  const conditions = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`;
  });
  return [equalities(matchLabels), ...conditions].filter(Boolean).join(',');
}

function equalities(labels: Readonly<Record<string, unknown>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${asText(value)}`)
    .join(',');
}
