/**
 * Fields of the schema whose rules this version does not have yet, refused by name: a field that is read and then does
 * nothing would be worse. Each new rule removes its rows here.
 */
import { getIn } from '../yaml/json.ts';
import { type ConfigProblem, code, quote } from './wording.ts';

interface Unsupported {
  /** Dotted, from the root: a field of `spec`. */
  path: string;
  /** Only these values; absent where the field as a whole is meant. */
  values?: readonly string[];
}

/** One row for each; a row of a map covers what is in it. */
export const NOT_SUPPORTED: readonly Unsupported[] = [];

/** Whether a field is refused whatever stands there; what is in it needs no problems of its own. */
export function isRefused(path: string): boolean {
  return NOT_SUPPORTED.some((row) => row.path === path && row.values === undefined);
}

/** A problem for each field that stands in the config and has no rule yet. */
export function checkSupported(config: unknown): ConfigProblem[] {
  return NOT_SUPPORTED.flatMap(({ path, values }): ConfigProblem[] => {
    const value = getIn(config, path.split('.'));
    if (value === undefined || (values && !values.some((one) => one === value))) return [];
    const field = values === undefined ? code(path) : code(`${path}: ${String(value)}`);
    return [
      {
        code: 'config-not-supported',
        path,
        message: `${field} is not supported yet`,
        found: quote(value),
        fix: 'Remove the field until a version that supports it',
      },
    ];
  });
}
