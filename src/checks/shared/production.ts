/** Whether an environment says of itself that it is in production. */
import { askedNames } from '../../surface/asked-names.ts';
import { programsOf } from '../../surface/configs.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, objectAt } from '../../yaml/json.ts';

/** Issuers are also called after the server of the authority, which test environments use as well. */
const AUTHORITY = /letsencrypt|lets-encrypt|acme|zerossl|(?:^|-)le-/i;

/** Keys of labels that say what an environment is for. */
export const ENVIRONMENT_LABEL = /(?:^|[/.-])(?:env|environment|stage|tier)$/;

/** What says so: the name of the environment, its namespaces and their labels, or an issuer that the environment gave its name. */
export function signOfProduction(surface: Surface): string | undefined {
  const { settings } = surface;
  if (settings) return saysProduction(settings.name) ? `the name ${settings.name}` : undefined;
  for (const { namespace, name } of programsOf(surface)) {
    if (saysProduction(namespace)) return `namespace ${namespace}`;
    if (saysProduction(name)) return `the name ${name}`;
    if (isTest(namespace) || isTest(name)) return undefined;
  }
  const homes = new Set(programsOf(surface).map(({ namespace }) => namespace));
  for (const { name, json } of surface.manifests.ofKind('Namespace'))
    for (const [key, value] of Object.entries(objectAt(json, ['metadata', 'labels'])))
      if (homes.has(name) && ENVIRONMENT_LABEL.test(key) && saysProduction(asText(value)))
        return `the label ${key} of namespace ${name}`;
  const issuer = [...new Set(askedNames(surface).map((one) => one.issuer))].find(
    ({ name }) => saysProduction(name) && !AUTHORITY.test(name),
  );
  return issuer && `the name of ${issuer.kind} ${issuer.name}`;
}

/** As a word between hyphens. */
export function isProduction(text: string): boolean {
  return /(?:^|[-_./])(?:prod|production|prd|live)(?:$|[-_./])/i.test(text);
}

/** Whether a name is one of an environment where people try things: a word of it, between separators, says so. */
export function isTest(text: string): boolean {
  return /(?:^|[-_./])(?:staging|stage|stg|test|dev|development|qa|uat|non-?prod|pre-?prod)(?:$|[-_./])/i.test(
    text,
  );
}

function saysProduction(text: string): boolean {
  return isProduction(text) && !isTest(text);
}
