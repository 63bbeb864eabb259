/** Whether a selector that takes nothing was meant for something that is there. */
import { selectsLabels } from '../../manifests/label-selectors.ts';
import type { Resource } from '../../manifests/resource.ts';
import { podMetadataOf } from '../../manifests/workload.ts';
import { isMisspelled, prefixOf } from '../../surface/near-names.ts';
import { once, onceBy } from '../../surface/once.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, type Json, type JsonObject, objectAt } from '../../yaml/json.ts';

/** Something that can be selected. */
interface Labelled {
  resource: Resource;
  labels: JsonObject;
}

const labelled = once(({ workloads }: Surface): Labelled[] =>
  workloads.map((resource) => ({ resource, labels: podMetadataOf(resource, 'labels') })),
);

const byNamespace = onceBy(labelled, ({ resource }) => [resource.namespace]);

/** The pods that a selector in a namespace can take; those without a namespace may be in any. */
export function podsBeside({ namespace }: Resource, surface: Surface): readonly Labelled[] {
  if (namespace === '') return labelled(surface);
  return [...byNamespace(namespace, surface), ...byNamespace('', surface)];
}

/** `app=web, tier=front`, as kubectl prints a selector. */
function shownSelector(selector: Json | undefined): string {
  const pairs = Object.entries(objectAt(selector, ['matchLabels']));
  const expressions = Array.isArray(getIn(selector, ['matchExpressions'])) ? ['…'] : [];
  return [...pairs.map(([key, value]) => `${key}=${asText(value)}`), ...expressions].join(', ');
}

/** The first one that has every label but those that are misspelled, have a prefix too many or too few, or stand under another key. */
function nearestTo(
  selector: Json | undefined,
  candidates: readonly Labelled[],
): { resource: Resource; labels: string } | undefined {
  const wanted = Object.entries(objectAt(selector, ['matchLabels']));
  if (wanted.length === 0) return undefined;
  for (const { resource, labels } of candidates) {
    const rest = wanted.filter(([key, value]) => labels[key] !== value);
    const own = rest.map(([key, value]) => nearLabel(key, asText(value), labels));
    if (own.length === 0 || own.includes(undefined)) continue;
    return { resource, labels: own.join(', ') };
  }
  return undefined;
}

/** `key=value` of the label that was probably meant. */
function nearLabel(key: string, value: string, labels: JsonObject): string | undefined {
  const own = labels[key];
  if (own !== undefined) return isMeant(asText(own), value) ? `${key}=${asText(own)}` : undefined;
  // Whatever is switched on or counted has such a value.
  if (/^(?:true|false|yes|no|on|off|enabled|disabled|v?\d*)$/i.test(value)) return undefined;
  const other = Object.keys(labels).find((name) => labels[name] === value);
  return other && `${other}=${value}`;
}

/** With something behind it a name is that of another program: `ui` and `ui-docs`. */
function isMeant(own: string, value: string): boolean {
  return isMisspelled(own, value) || prefixOf(own, value) !== '' || prefixOf(value, own) !== '';
}

/** What is wrong with a selector that has to take something; undefined where it does, or where what it is for may be elsewhere. */
export function emptySelection(
  selector: Json | undefined,
  candidates: readonly Labelled[],
): { message: string; fix: string } | undefined {
  if (candidates.some(({ labels }) => selectsLabels(selector, labels))) return undefined;
  const near = nearestTo(selector, candidates);
  if (!near) return undefined;
  const { kind, name } = near.resource;
  return {
    message: `the selector takes nothing: ${shownSelector(selector)}, and ${kind} ${name} has ${near.labels}`,
    fix: `write ${near.labels} in the selector`,
  };
}
