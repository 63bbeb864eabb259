/** Places in a document, as messages name them. */
import { printable } from '../errors.ts';

/** `['spec', 'hosts', 'aliases', 'api', 0]` becomes `spec.hosts.aliases.api[0]`; odd keys stand in brackets. */
export function toPath(keys: readonly (string | number)[]): string {
  return keys
    .map((key, index) => {
      if (typeof key === 'number' || !/^[A-Za-z_$][-\w$]*$/.test(key))
        return `[${printable(String(key))}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}
