/** Entries that answer every request with a redirect: their host is not an address of what they lead to. */
import { CONTROLLERS } from '../controllers/index.ts';
import type { Manifests } from '../manifests/manifests.ts';
import { getIn } from '../yaml/json.ts';
import type { Entry } from './entry.ts';

const KEYS = Object.values(CONTROLLERS).flatMap(({ redirectsAll }) => redirectsAll ?? []);

/** Names of Middlewares, each as `namespace-name@kubernetescrd`. Source: Traefik, "Kubernetes Ressource Annotations". */
const MIDDLEWARES = 'traefik.ingress.kubernetes.io/router.middlewares';

export function redirectsAll(
  { resource, tlsPlace }: Pick<Entry, 'resource' | 'tlsPlace'>,
  manifests: Manifests,
): boolean {
  if (KEYS.some((key) => Boolean(resource.annotation(key)))) return true;
  const names = (resource.annotation(MIDDLEWARES) ?? '').split(',').map((name) => name.trim());
  if (names.every((name) => name === '')) return false;
  return manifests.ofKind('Middleware').some(({ name, namespace, json }) => {
    if (!names.includes(`${namespace || resource.namespace}-${name}@kubernetescrd`)) return false;
    // One to HTTPS does nothing where requests come in with TLS.
    const isToHttps = getIn(json, ['spec', 'redirectScheme']) !== undefined && tlsPlace === 'none';
    return isToHttps || getIn(json, ['spec', 'redirectRegex']) !== undefined;
  });
}
