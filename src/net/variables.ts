/** Variables that are left in a value which Kubernetes takes as it is. */

/** Of shells and Flux, of Kubernetes' own environment, of templates; `<domain>`, `%DOMAIN%`. */
export const VARIABLE = /\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*|\{\{.*?\}\}|<[^>]+>|%\w+%/;

/** Whether all variables of a value are of the form that Flux and envsubst fill in, between the check and the apply. */
export function isSubstituted(text: string): boolean {
  const rest = text.replaceAll(/\$\{[^}]*\}|\$[A-Za-z_]\w*/g, '');
  return rest !== text && !VARIABLE.test(rest);
}
