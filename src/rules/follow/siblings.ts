/** What stands side by side: the items of a list, hosts that several lists may have only once among them, and the host of each map of a list. */
import type { StringPlace } from '../../yaml/rewrite-strings.ts';
import { isMap, isScalar } from '../../yaml/yaml.ts';

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

/** Keys by which two maps of one host differ: listeners on two ports. */
const BESIDE_KEYS = ['port', 'protocol'];

/** What lists that are side by side have in common: their path without the last number. */
export function groupOf(list: Path): string {
  const last = list.findLastIndex((step) => typeof step === 'number');
  return JSON.stringify(list.map((step, index) => (index === last ? '*' : step)));
}

/** The texts that groups of siblings have by now, in lower case, each with the text that it was. */
export class Siblings {
  readonly #groups = new Map<string, Map<string, string>>();

  constructor(strings: readonly StringPlace[]) {
    for (const string of strings) {
      const group = siblingGroup(string);
      if (group === undefined) continue;
      const texts = this.#groups.get(group) ?? new Map<string, string>();
      this.#groups.set(group, texts.set(string.value.toLowerCase(), string.value));
    }
  }

  /** Takes a new text for a string; false where a sibling says that already. One that the base has twice may be there twice again. */
  replace(string: StringPlace, text: string): boolean {
    const group = siblingGroup(string);
    const texts = group === undefined ? undefined : this.#groups.get(group);
    if (!texts) return true;
    const before = texts.get(text.toLowerCase());
    if (before !== undefined && before.toLowerCase() !== string.value.toLowerCase()) return false;
    texts.set(text.toLowerCase(), string.value);
    return true;
  }
}

/** Undefined for a string that may say the same as any other. */
function siblingGroup({ path, isKey, list, entry }: StringPlace): string | undefined {
  if (isKey) return undefined;
  const around = path.slice(0, -1);
  if (list)
    return UNIQUE_LISTS.has(String(around.at(-1))) ? groupOf(around) : JSON.stringify(around);
  if (!HOST_KEYS.has(String(path.at(-1))) || typeof around.at(-1) !== 'number') return undefined;
  const { container } = entry;
  const own = BESIDE_KEYS.map((key) => {
    const value = isMap(container) ? container.get(key, true) : undefined;
    return isScalar(value) ? String(value.value) : '';
  });
  return `${groupOf(path)} ${own.join(' ')}`;
}
