/** Whether an environment says of itself that it is in production. */
import { programsOf } from '../../surface/configs.ts';
import type { Surface } from '../../surface/surface.ts';

const PRODUCTION = /(?:^|[-_./])(?:prod|production|live)(?:[-_./]|$)/i;

/** What says so: the name of the environment, or the namespaces of its programs. */
export function signOfProduction(surface: Surface): string | undefined {
  const { settings } = surface;
  if (settings) return PRODUCTION.test(settings.name) ? `the name ${settings.name}` : undefined;
  for (const { namespace, name } of programsOf(surface)) {
    if (PRODUCTION.test(namespace)) return `namespace ${namespace}`;
    if (PRODUCTION.test(name)) return `the name ${name}`;
  }
  return undefined;
}
