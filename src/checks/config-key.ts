/** Keys of configs that no program reads where they stand. */
import { nearest } from '../config/wording.ts';
import type { Resource } from '../manifests/resource.ts';
import { apiConfigsOf } from '../surface/api-config.ts';
import { CONFIG_KEYS, OTHER_SECTIONS, POLLER_KEYS } from '../surface/config-keys.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { isMisspelled } from '../surface/near-names.ts';
import { type DocumentTarget, jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { TASK_POD_VARIABLES } from '../surface/task-pods.ts';
import { getIn, isObject, type JsonObject, objectAt } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'A key of a config that no program reads',
  why: "Michelangelo's programs end when they start where a section has a key that they do not know, or run on with the default of the one that was meant. A section inside of another one is not read.",
  fix: 'write the key as the program spells it, and each section at the top of the document',
  find: (surface) => [
    ...surface.clients.flatMap((target) => [
      ...misspelled(target),
      ...nested(target),
      ...sections(target),
    ]),
    ...ofPage(surface),
    ...ofApi(surface),
    ...surface.taskPods.flatMap(ofTaskPods),
  ],
};

function misspelled(target: DocumentTarget): Fault[] {
  const json = jsonOf(target);
  return Object.entries(CONFIG_KEYS).flatMap(([section, keys]) => {
    const value = getIn(json, [section]);
    if (!isObject(value)) return [];
    const workers = section === 'workflow-engine' ? value['workers'] : undefined;
    const items = Array.isArray(workers) ? workers : [];
    return [
      ...keysIn(target, [section], value, keys),
      ...items.flatMap((item, index) =>
        isObject(item) ? keysIn(target, [section, 'workers', index], item, POLLER_KEYS) : [],
      ),
    ];
  });
}

/** Unknown ones that are near to one that is known and missing: newer images may read others. */
function keysIn(
  target: DocumentTarget,
  path: readonly (string | number)[],
  value: JsonObject,
  keys: readonly string[],
): Fault[] {
  const missing = keys.filter((key) => !Object.hasOwn(value, key));
  return Object.keys(value).flatMap((key) => {
    const meant = keys.includes(key) ? undefined : nearest(key, missing);
    if (meant === undefined) return [];
    const message = `there is no ${key}, and ${meant} is not set`;
    return [inDocument(target, [...path, key], { message, fix: `write \`${meant}\`` })];
  });
}

const bare = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '');

/** Whether a key is another one in a different spelling, or with a slip. */
function isMeant(key: string, known: string): boolean {
  return key !== known && (bare(key) === bare(known) || isMisspelled(key, known));
}

/** Sections that nothing reads, near to one that is not there. */
function sections(target: DocumentTarget): Fault[] {
  const json = jsonOf(target);
  if (!isObject(json)) return [];
  const known = [...Object.keys(CONFIG_KEYS), ...OTHER_SECTIONS];
  return Object.keys(json).flatMap((key): Fault[] => {
    const meant = known.find((one) => isMeant(key, one) && !Object.hasOwn(json, one));
    if (known.includes(key) || meant === undefined || !isObject(json[key])) return [];
    const message = `no program reads a section ${key}, and there is no ${meant}`;
    return [inDocument(target, [key], { message, fix: `write \`${meant}\`` })];
  });
}

/**
 * Source: Michelangelo's `javascript/packages/rpc/runtime-config.ts`: without `apiBaseUrl` the page shows "Failed to load runtime
 * configuration" alone.
 */
function ofPage({ manifests, uis }: Surface): Fault[] {
  const known = new Set(uis.map(({ resource }) => resource));
  return manifests
    .ofKind('ConfigMap')
    .filter((resource) => !known.has(resource))
    .flatMap((resource) =>
      resource
        .documentKeys((text) => /ur[il]/i.test(text) && text.length < 10_000)
        .filter((key) => key.endsWith('config.json'))
        .flatMap((key): Fault[] => {
          const json = resource.document(key)?.json;
          const written = isObject(json) && !Object.hasOwn(json, 'apiBaseUrl') ? json : {};
          const found = Object.keys(written).find((one) => isMeant(one, 'apiBaseUrl'));
          if (found === undefined) return [];
          const message = `the page reads no ${found}, and apiBaseUrl is not set: it shows an error alone`;
          return [inDocument({ resource, key }, [found], { message, fix: 'write `apiBaseUrl`' })];
        }),
    );
}

/** Sections that stand inside of another one, and not at the top. */
function nested(target: DocumentTarget): Fault[] {
  const json = jsonOf(target);
  const sections = Object.keys(CONFIG_KEYS);
  return sections.flatMap((outer) => {
    const value = getIn(json, [outer]);
    if (!isObject(value)) return [];
    const keys = CONFIG_KEYS[outer] ?? [];
    return Object.keys(value)
      .filter((key) => sections.includes(key) && !keys.includes(key) && isObject(value[key]))
      .map((key) => inDocument(target, [outer, key], insideOf(key, outer)));
  });
}

/** Variables of task pods: one that nothing reads, near to one that is not set. */
function ofTaskPods(resource: Resource): Fault[] {
  const keys = Object.keys(objectAt(resource.json, ['data']));
  const missing = TASK_POD_VARIABLES.filter((name) => !keys.includes(name));
  return keys.flatMap((key): Fault[] => {
    const meant = missing.find((name) => isMisspelled(key, name));
    if (meant === undefined || TASK_POD_VARIABLES.includes(key)) return [];
    const message = `task pods read no ${key}, and ${meant} is not set`;
    return [{ resource, path: toPath(['data', key]), message, fix: `write \`${meant}\`` }];
  });
}

/** Of the API server the limits are read at the top alone; one place without effect stops nothing. */
function ofApi(surface: Surface): Fault[] {
  const pods = surface.apiServices.flatMap((service) => surface.podsOf(service));
  return apiConfigsOf(pods, surface).flatMap((target) =>
    ['k8s', 'metadataStorage', 'mysql']
      .filter((key) => isObject(getIn(jsonOf(target), ['apiserver', key])))
      .map((key) =>
        inDocument(target, ['apiserver', key], {
          ...insideOf(key, 'apiserver'),
          severity: 'warning',
        }),
      ),
  );
}

function insideOf(key: string, outer: string): Pick<Fault, 'message' | 'fix'> {
  return {
    message: `${key} stands inside of ${outer}, where it has no effect`,
    fix: `move \`${key}\` to the top of the document, beside \`${outer}\``,
  };
}
