/** What a message says about one value that the schema refuses, for each keyword of JSON Schema. */
import type { ErrorObject } from 'ajv';
import { asText, isObject } from '../yaml/json.ts';
import { expectation, type Schema } from './schema.ts';
import { code, either, nearest } from './wording.ts';

/** What ajv reported, with the value that it is about and the schema there. */
export interface Finding {
  error: ErrorObject;
  keys: (string | number)[];
  path: string;
  value: unknown;
  node: Schema;
}

/** How to fix a value of the wrong type. YAML reads `8443` and `"8443"`, `no` and `"no"` as different types. */
function fixType({ value, node, path }: Finding): string {
  const types = [node.type ?? []].flat();
  // Without it nothing is left of the config: removing it would be no help.
  if (path === 'spec') return 'write a map with at least `domain` and `tls`';
  if (value === null) return 'fill it in, or remove the key';
  if (types.includes('string') && (typeof value === 'number' || typeof value === 'boolean'))
    return 'put the value in quotes';
  const wantsPlain = types.includes('integer') || types.includes('boolean');
  if (wantsPlain && typeof value === 'string' && /^(\d+|true|false)$/.test(value))
    return `remove the quotes: \`${value}\``;
  if (types.includes('array') && !isObject(value))
    return 'write it as a list: each item on its own line after `- `';
  if (types.includes('object')) {
    const keys = Object.keys(node.properties ?? {});
    return keys.length > 0 ? `write a map with ${either(keys.map(code))}` : 'write a map';
  }
  return `write ${expectation(node)} at \`${path}\``;
}

/** How to fix a text that breaks a rule of spelling: lower case and hyphens, where that is enough. */
function fixSpelling({ value, node }: Finding): string {
  if (typeof value !== 'string' || node.pattern === undefined) return 'write a value that fits';
  const plain = value
    .trim()
    .toLowerCase()
    .replaceAll(/[_\s]+/g, '-');
  const fits = plain !== value && plain.length <= 63 && new RegExp(node.pattern, 'u').test(plain);
  return fits ? `write ${code(plain)}` : 'write a name that fits';
}

const FIX_NGINX =
  "Write `ingress-nginx` for the community's controller or `nginx-inc` for F5's: both call their class `nginx`";

/** How to fix a value that is not in the list of a field. */
function fixChoice({ value, node }: Finding): string {
  const choices = node.enum ?? [];
  // Near to one value, and it may as well mean the other.
  if (value === 'nginx' && choices.includes('nginx-inc')) return FIX_NGINX;
  const near = nearest(asText(value), choices);
  return near ? `write ${code(near)}` : 'write one of the values above';
}

/** What is wrong with a value, to follow its path, and how to fix it. */
interface Words {
  is: string;
  fix: (finding: Finding) => string;
  /** Where the schema's own words do not say it. */
  expected?: (node: Schema) => string;
}

/** Keywords about one value, in the order in which one of them is reported. */
export const valueWords: Readonly<Record<string, Words>> = {
  type: { is: 'has a value of the wrong type', fix: fixType },
  enum: { is: 'has a value that is not known', fix: fixChoice },
  minLength: { is: 'is empty', fix: () => 'fill it in' },
  maxLength: { is: 'is too long', fix: () => 'write a shorter name' },
  pattern: { is: 'has a spelling that Kubernetes refuses', fix: fixSpelling },
  minimum: { is: 'is too small', fix: () => 'write a larger number' },
  maximum: { is: 'is too large', fix: () => 'write a smaller number' },
  minItems: {
    is: 'is empty',
    expected: () => 'at least one item',
    fix: () => 'add an item, or remove the key',
  },
  minProperties: {
    is: 'is empty',
    expected: (node) => `at least one of ${either(Object.keys(node.properties ?? {}).map(code))}`,
    fix: () => 'fill it in, or remove the key',
  },
  uniqueItems: {
    is: 'has an item twice',
    expected: () => 'items that differ',
    fix: () => 'remove one of the two',
  },
};
