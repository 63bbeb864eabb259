/** What stands side by side: the items of a list, hosts that several lists may have only once among them, and the host of each map of a list. */

import { remembered } from '../../maps.ts';
import { getIn, leavesOf } from '../../yaml/json.ts';
import type { StringPlace } from '../../yaml/rewrite-strings.ts';
import { isMap } from '../../yaml/yaml.ts';

type Path = readonly (string | number)[];

/**
 * Lists in which a host may stand once only among all that are side by side: Envoy refuses a route table, or a listener, with the same twice,
 * and of cert-manager's solvers one answers. Source: Envoy, `VirtualHost.domains`, `FilterChainMatch.server_names`; cert-manager, "ACME".
 */
export const UNIQUE_LISTS: ReadonlySet<string> = new Set([
  'domains',
  'server_names',
  'serverNames',
  'dnsNames',
]);

/** Keys under which each map of a list has its own host: a Gateway's listeners, an Ingress's rules, DNS rows, matchers. */
const HOST_KEYS = new Set(['host', 'hostname', 'dnsName', 'domain', 'fqdn', 'exact']);

/** Keys by which two maps of one host differ: listeners on two ports, rows for two paths. The paths of an Ingress's rule count one by one. */
const BESIDE_KEYS = ['port', 'protocol', 'path', 'pathPrefix', 'prefix'];

/** What lists that are side by side have in common: their path without the last number. */
export function groupOf(list: Path): string {
  const last = list.findLastIndex((step) => typeof step === 'number');
  return JSON.stringify(list.map((step, index) => (index === last ? '*' : step)));
}

/** The texts that groups of siblings have by now, in lower case, each with the text that it was. */
export class Siblings {
  readonly #groups = new Map<string, Map<string, string>>();

  constructor(strings: readonly StringPlace[]) {
    for (const string of strings)
      for (const group of siblingGroups(string))
        remembered(this.#groups, group, () => new Map()).set(
          string.value.toLowerCase(),
          string.value,
        );
  }

  /** Takes a new text for a string; false where a sibling says that already. One that the base has twice may be there twice again. */
  replace(string: StringPlace, text: string): boolean {
    const groups = siblingGroups(string).flatMap((group) => this.#groups.get(group) ?? []);
    const isThere = groups.some((texts) => {
      const before = texts.get(text.toLowerCase());
      return before !== undefined && before.toLowerCase() !== string.value.toLowerCase();
    });
    if (!isThere) for (const texts of groups) texts.set(text.toLowerCase(), string.value);
    return !isThere;
  }
}

/** None for a string that may say the same as any other. */
function siblingGroups({ path, isKey, list, entry }: StringPlace): string[] {
  if (isKey) return [];
  const around = path.slice(0, -1);
  if (list)
    return [UNIQUE_LISTS.has(String(around.at(-1))) ? groupOf(around) : JSON.stringify(around)];
  if (!HOST_KEYS.has(String(path.at(-1))) || typeof around.at(-1) !== 'number') return [];
  const { container } = entry;
  const json: unknown = isMap(container) ? container.toJSON() : {};
  const own = BESIDE_KEYS.map((key) => JSON.stringify(getIn(json, [key])) ?? '');
  const group = `${groupOf(path)} ${own.join(' ')}`;
  const paths = leavesOf(getIn(json, ['http', 'paths'])).filter(
    (leaf) => leaf.path.at(-1) === 'path',
  );
  return paths.length === 0 ? [group] : paths.map(({ value }) => `${group} ${value}`);
}
