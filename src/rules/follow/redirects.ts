/**
 * Redirects that stand apart from the hosts that they are for: in JSON of the AWS controller's annotations, in a Middleware of Traefik, in a
 * plugin of Kong.
 *
 * Sources: AWS Load Balancer Controller, "Ingress annotations" (actions, conditions); Traefik, `RedirectRegex`; Kong, "Redirect" plugin.
 */
import { rulesOf } from '../../manifests/ingress.ts';
import type { Manifests } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { groupedBy, remembered } from '../../maps.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  leavesOf,
  readJson,
  stringAt,
} from '../../yaml/json.ts';

/** A text in a resource, and where it stands. */
export interface Leaf {
  path: readonly (string | number)[];
  value: string;
}

/** Every text of a resource, those in JSON of its annotations as well. */
export function leavesOfResource(json: Json): Leaf[] {
  return leavesOf(json).flatMap((leaf) => {
    const { path, value } = leaf;
    const inner = path[1] === 'annotations' && /^\s*[[{]/.test(value) ? readJson(value) : undefined;
    return isObject(inner) || Array.isArray(inner) ? leavesOf(inner, path) : [leaf];
  });
}

const ACTION = /^alb\.ingress\.kubernetes\.io\/(?:actions|conditions)\.(.+)$/;

/** The name of the AWS controller's action that a place is about; undefined where it is about none. */
export function actionOf(path: Leaf['path']): string | undefined {
  return ACTION.exec(String(path[2]))?.[1];
}

/** Whether a place is about an action: its condition, or a rule that names it in the place of a Service. */
export function isOfAction(
  action: string | undefined,
  { path }: Pick<Leaf, 'path'>,
  resource: Resource | undefined,
): boolean {
  if (action === undefined || !resource) return true;
  const [first, second, position] = path;
  if (first === 'metadata') return actionOf(path) === action;
  if (second !== 'rules' || typeof position !== 'number') return true;
  return leavesOf(rulesOf(resource)[position]).some(
    (leaf) => leaf.value === action && /(?:service\.name|serviceName)$/.test(leaf.path.join('.')),
  );
}

/** Where each kind says where it leads, and for which URLs. */
const REDIRECTORS = {
  Middleware: {
    target: ['spec', 'redirectRegex', 'replacement'],
    from: ['spec', 'redirectRegex', 'regex'],
  },
  KongPlugin: { target: ['config', 'location'], from: [] },
} as const;

/** A regular expression that is for some hosts only. */
const HAS_HOST = /[a-z0-9](?:\\*\.|\[\.\])[a-z]/i;

/** For the hosts of one resource, of which there may be thousands, and as long as nothing in it changes. */
const redirects = new WeakMap<Manifests, WeakMap<JsonObject, Leaf[]>>();

/** Where other resources lead that an Ingress or a route is sent through, whichever host is asked for; with the place that names them. */
export function redirectsOf(resource: Resource, manifests: Manifests): readonly Leaf[] {
  const known = remembered(redirects, manifests, () => new WeakMap());
  return remembered(known, resource.json, () => findRedirects(resource, manifests));
}

function findRedirects(resource: Resource, manifests: Manifests): Leaf[] {
  const used = leavesOf(resource.json)
    .filter(({ path }) => USE.test(path.join('.')))
    .map(({ path, value }) => ({ path, items: value.split(/\s*,\s*/) }));
  if (used.length === 0) return [];
  const byItem = groupedBy(used, ({ items }) => items);
  return Object.entries(REDIRECTORS).flatMap(([kind, { target, from }]) =>
    manifests
      .find([kind])
      .filter(({ namespace }) => namespace === resource.namespace)
      .filter(({ json }) => !HAS_HOST.test(stringAt(json, from)))
      .flatMap(({ names, namespace, json }) => {
        const forms = names.flatMap((name) => [
          name,
          `${namespace || 'default'}-${name}@kubernetescrd`,
        ]);
        const users = new Set(forms.flatMap((form) => byItem.get(form) ?? []));
        return [...users].map(({ path }) => ({ path, value: stringAt(json, target) }));
      }),
  );
}

/** Where a resource names what it is sent through. */
const USE = /(?:router\.middlewares|middlewares\.\d+\.name|konghq\.com\/plugins)$/;
