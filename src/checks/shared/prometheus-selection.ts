/**
 * Whether a Prometheus of the stream reads a monitor or a rule.
 *
 * Source: Prometheus operator, API reference of Prometheus: a selector that is absent takes nothing, an empty one everything; without a
 * `…NamespaceSelector` only its own namespace.
 */
import { selectsLabels } from '../../manifests/label-selectors.ts';
import { groupOf, sameNamespace } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { programsOf } from '../../surface/configs.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, isObject, objectAt } from '../../yaml/json.ts';

const GROUP = 'monitoring.coreos.com';
const FIELDS = new Map([
  ['ServiceMonitor', 'serviceMonitor'],
  ['PodMonitor', 'podMonitor'],
  ['Probe', 'probe'],
  ['PrometheusRule', 'rule'],
]);

/** Of the given kinds beside our programs, those that no Prometheus of the stream takes. Without one in the stream nothing is known. */
export function notRead(kinds: readonly string[], surface: Surface): Fault[] {
  const { manifests } = surface;
  const readers = manifests
    .ofKind('Prometheus', 'PrometheusAgent')
    .filter((one) => groupOf(one) === GROUP);
  const homes = new Set(programsOf(surface).map(({ namespace }) => namespace));
  if (readers.length === 0) return [];
  return manifests
    .ofKind(...kinds)
    .filter((one) => groupOf(one) === GROUP && homes.has(one.namespace))
    .flatMap((resource): Fault[] => {
      const field = FIELDS.get(resource.kind) ?? '';
      if (readers.some((reader) => takes(reader, field, resource, surface))) return [];
      const wanted = readers
        .map(({ json }) =>
          Object.entries(objectAt(json, ['spec', `${field}Selector`, 'matchLabels'])),
        )
        .find((pairs) => pairs.length > 0)
        ?.map(([key, value]) => `${key}: ${asText(value)}`)
        .join(', ');
      const names = readers.map(({ kind, name }) => `${kind} ${name}`).join(', ');
      return [
        {
          resource,
          path: 'metadata.labels',
          severity: 'warning',
          message: `${names} of these manifests does not read it: ${wanted ? `it selects ${field}s by ${wanted}` : `its \`${field}Selector\` or \`${field}NamespaceSelector\` leaves it out`}`,
          fix: wanted
            ? `give it the label \`${wanted}\`, unless another Prometheus reads it`
            : 'let the Prometheus select it, unless another one reads it',
        },
      ];
    });
}

/** True as well where it cannot be told. */
function takes(reader: Resource, field: string, resource: Resource, surface: Surface): boolean {
  const spec = objectAt(reader.json, ['spec']);
  const all = [...FIELDS.values()].filter((one) => one !== 'rule');
  // Then the operator leaves the config of this Prometheus to somebody else.
  const isManual = all.every((one) => !isObject(spec[`${one}Selector`]));
  if (isManual && field !== 'rule') return true;
  const selector = spec[`${field}Selector`];
  const labels = objectAt(resource.json, ['metadata', 'labels']);
  if (!isObject(selector) || !selectsLabels(selector, labels)) return false;
  const homes = spec[`${field}NamespaceSelector`];
  if (!isObject(homes)) return sameNamespace(reader.namespace, resource.namespace);
  const namespace = surface.manifests
    .ofKind('Namespace')
    .find(({ name }) => sameNamespace(name, resource.namespace));
  const isKnown = Object.keys(homes).length === 0 || namespace === undefined;
  return (
    isKnown ||
    selectsLabels(homes, {
      ...objectAt(namespace.json, ['metadata', 'labels']),
      'kubernetes.io/metadata.name': namespace.name,
    }) ||
    getIn(namespace.json, ['metadata', 'labels']) === undefined
  );
}
