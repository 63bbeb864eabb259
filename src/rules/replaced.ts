/** A value that somebody set and that the config replaces. */
import { type Problem, printable, type ResourceReference } from '../errors.ts';

const FIX =
  'take it out of the base where this is right; an annotation that is to stay can be given in `annotations` of the entry, an issuer with `tls.mode: issuer`';

/**
 * @param path - of the value; what stands there is a setting, never a Secret's content
 * @param fix - where the value is none of an entry's marks
 */
export function replaced(
  resource: ResourceReference,
  path: string,
  old: string,
  value: string | undefined,
  field: string,
  fix = FIX,
): Problem {
  return {
    code: 'value-replaced',
    severity: 'warning',
    message: 'a value of the base is replaced',
    resource,
    path,
    found: `\`${printable(old)}\``,
    expected:
      value === undefined ? `nothing, by \`${field}\`` : `\`${printable(value)}\`, by \`${field}\``,
    fix,
  };
}
