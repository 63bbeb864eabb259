/**
 * CORS that Envoy's document switches off where it serves the API: nothing the function writes has an effect there.
 *
 * Source: Envoy's `config.route.v3.FilterConfig.disabled` and `HttpFilter.disabled`. The most specific of route, virtual host and
 * route table counts; a policy of its own switches a filter on that is off by default.
 */

import { type Located, leadsTo, objectsAt, type Path, typeName } from '../envoy/bootstrap.ts';
import type { Problem } from '../errors.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import { getIn, isObject, type JsonObject } from '../yaml/json.ts';
import { targetProblem } from './rule.ts';

/** The names under which a policy of the cors filter may stand, besides the name of the filter itself. */
const KNOWN_NAMES = ['envoy.filters.http.cors', 'envoy.cors'];

export interface Place {
  manager: Located;
  host: Located;
  /** The cors filter among the HTTP filters, if there is one. */
  filter: Located | undefined;
}

/** A warning for each place of a virtual host that switches CORS off: somebody may have meant it. */
export function corsSwitchedOff(
  target: DocumentTarget,
  { manager, host, filter }: Place,
  clusters: ReadonlySet<string>,
): Problem[] {
  const name = filter?.value['name'];
  const names = [...new Set([...(typeof name === 'string' ? [name] : []), ...KNOWN_NAMES])];
  const table: Located = {
    path: [...manager.path, 'route_config'],
    value: manager.value['route_config'] as JsonObject,
  };
  const shared = [host, table].map((owner) => settingOf(owner, names)).find(Boolean);
  const routes = objectsAt(host.value, ['routes'])
    .map(({ path, value }) => ({ path: [...host.path, ...path], value }))
    .filter(({ value }) => leadsTo(value, clusters));
  const settings = routes.map((route) => settingOf(route, names) ?? shared);
  const off = new Map(
    settings.flatMap((setting) => (setting?.isOff ? [[setting.path.join('.'), setting]] : [])),
  );
  const places = [...off.values()].map(({ path }) => path);
  // The deprecated `cors` of a virtual host or a route is read by the filter, but does not switch it on.
  const isFilterOff =
    filter?.value['disabled'] === true &&
    routes.some((route, index) => !settings[index] && hasOldForm([route, host]));
  return [...places, ...(isFilterOff && filter ? [[...filter.path, 'disabled']] : [])].map((path) =>
    switchedOff(target, path),
  );
}

/** What a route table, a virtual host or a route says about the filter, and whether that is off. */
function settingOf(
  owner: Located,
  names: readonly string[],
): { path: Path; isOff: boolean } | undefined {
  for (const name of names) {
    const path = ['typed_per_filter_config', name];
    const value = getIn(owner.value, path);
    if (!isObject(value)) continue;
    const isOff = typeName(value) === 'FilterConfig' && value['disabled'] === true;
    return { path: [...owner.path, ...path], isOff };
  }
  return undefined;
}

function hasOldForm(owners: readonly Located[]): boolean {
  return owners.some(
    ({ value }) => isObject(value['cors']) || isObject(getIn(value, ['route', 'cors'])),
  );
}

function switchedOff(target: DocumentTarget, path: Path): Problem {
  const place = path
    .map((key) => (typeof key === 'number' || key.includes('.') ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
  const problem = targetProblem(target, place, {
    code: 'target-shape',
    message: 'Envoy has CORS switched off where it serves the API: no origin has an effect there',
    found: 'disabled: true',
    expected: 'the cors filter on, unless a proxy in front of Envoy answers for CORS',
    mend: `remove ${path.at(-1) === 'disabled' ? 'this switch' : 'this entry'}; leave it where a Gateway or an Ingress does CORS on purpose`,
  });
  return { ...problem, severity: 'warning' };
}
