/** Entries that answer every request with a redirect: their host is not an address of what they lead to. */
import { CONTROLLERS } from '../controllers/index.ts';
import type { Manifests } from '../manifests/manifests.ts';
import { middlewaresOf } from '../manifests/middleware.ts';
import { getIn } from '../yaml/json.ts';
import type { Entry } from './entry.ts';

const KEYS = Object.values(CONTROLLERS).flatMap(({ redirectsAll }) => redirectsAll ?? []);

/** By an annotation or a Middleware, whatever path a request has. */
export function redirectsAll(
  { resource, tlsPlace }: Pick<Entry, 'resource' | 'tlsPlace'>,
  manifests: Manifests,
): boolean {
  if (KEYS.some((key) => Boolean(resource.annotation(key)))) return true;
  return middlewaresOf(resource, manifests).some((middleware) => {
    const json = middleware?.json;
    // One to HTTPS does nothing where requests come in with TLS.
    const isToHttps = getIn(json, ['spec', 'redirectScheme']) !== undefined && tlsPlace === 'none';
    return isToHttps || getIn(json, ['spec', 'redirectRegex']) !== undefined;
  });
}
