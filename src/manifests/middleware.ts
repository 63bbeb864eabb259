/** Traefik's Middlewares, as Ingresses name them: `namespace-name@kubernetescrd`. Source: Traefik, "Kubernetes Ressource Annotations". */
import type { Manifests } from './manifests.ts';
import type { Resource } from './resource.ts';

/** The annotation of an Ingress that names them. */
export const MIDDLEWARES = 'traefik.ingress.kubernetes.io/router.middlewares';

/** KongPlugins, as Ingresses name them. Source: Kong, "Kong Plugin" annotations. */
export const KONG_PLUGINS = 'konghq.com/plugins';

const withNamespace = ({ namespace, name }: Resource) => [`${namespace}-${name}@kubernetescrd`];

/** As an Ingress writes them, in its order. */
export function middlewareNamesOf(ingress: Resource): string[] {
  const names = (ingress.annotation(MIDDLEWARES) ?? '').split(',').map((name) => name.trim());
  return names.filter(Boolean);
}

/** What an Ingress names, in its order: undefined for one that is not in the stream. One without a namespace is in that of the Ingress. */
export function middlewaresOf(ingress: Resource, manifests: Manifests): (Resource | undefined)[] {
  return middlewareNamesOf(ingress).map((wanted) => {
    const isOwn = wanted.startsWith(`${ingress.namespace}-`);
    const keys = isOwn ? [wanted, wanted.slice(ingress.namespace.length)] : [wanted];
    return keys.flatMap((key) => manifests.withKey(withNamespace, key, 'Middleware'))[0];
  });
}
