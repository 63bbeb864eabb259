/**
 * What an entry asks who calls by: Secrets of passwords and of the CA whose certificates clients have, and the Service behind `auth-url`.
 *
 * Sources: ingress-nginx, "Authentication" (without the Secret the location answers 503; another namespace only with
 * `allow-cross-namespace-resources`) and "Client Certificate Authentication"; haproxytech, `auth-secret` and `client-ca`; HAProxy Ingress,
 * "Auth Basic" and "Auth TLS"; Traefik, "BasicAuth" (key `users`, or one of basic-auth) and "TLSOption" (`ca.crt` or `tls.ca`).
 */
import { sameNamespace } from '../../manifests/manifests.ts';
import { middlewaresOf } from '../../manifests/middleware.ts';
import type { Resource } from '../../manifests/resource.ts';
import { hostOfUrl, isTemplated } from '../../net/addresses.ts';
import { parseServiceAddress } from '../../net/service-address.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { areNearNames } from '../../surface/near-names.ts';
import { isProvidedIn, providersOf } from '../../surface/providers.ts';
import type { Surface } from '../../surface/surface.ts';
import { stringAt } from '../../yaml/json.ts';

/** One name, with the keys of which the Secret has to have one. */
interface Use {
  resource: Resource;
  path: string;
  name: string;
  namespace: string;
  keys: readonly string[];
  without: string;
}

const REFUSED = 'every request is refused';

const ANNOTATIONS: Readonly<Record<string, { keys: readonly string[] }>> = {
  'nginx.ingress.kubernetes.io/auth-secret': { keys: ['auth'] },
  'nginx.ingress.kubernetes.io/auth-tls-secret': { keys: ['ca.crt'] },
  'haproxy.org/auth-secret': { keys: [] },
  'haproxy.org/client-ca': { keys: ['ca.crt', 'tls.crt'] },
  'haproxy-ingress.github.io/auth-secret': { keys: ['auth'] },
  'haproxy-ingress.github.io/auth-tls-secret': { keys: ['ca.crt'] },
};

/** Faults of the Ingresses that lead to one of our roles; those of other programs are not looked at. */
export function authSecretFaults(surface: Surface): Fault[] {
  const entries = surface.entries.filter(({ form, roles }) => form === 'ingress' && roles.size > 0);
  const uses = entries.flatMap(({ resource }) => [
    ...ofAnnotations(resource),
    ...ofMiddlewares(resource, surface),
  ]);
  const found = new Map(
    uses.map((use) => [`${use.resource.kind}/${use.resource.name}/${use.path}`, use]),
  );
  return [
    ...[...found.values()].flatMap((use) => judge(use, surface) ?? []),
    ...entries.flatMap(({ resource }) => onUrl(resource, surface)),
  ];
}

/** Read as `namespace/name` alone; another form has a finding of its own. */
const WITH_NAMESPACE = 'nginx.ingress.kubernetes.io/auth-tls-secret';

const URL_KEY = 'nginx.ingress.kubernetes.io/auth-url';

/** Who is asked about each request, where that is a Service: without it nginx answers 500. */
function onUrl(resource: Resource, surface: Surface): Fault[] {
  const host = hostOfUrl(resource.annotation(URL_KEY) ?? '');
  const parsed = host === undefined ? undefined : parseServiceAddress(host);
  const { name, namespace } = parsed ?? {};
  if (host === undefined || !name || !namespace || !host.includes('.svc')) return [];
  const here = surface.services.filter((service) => sameNamespace(service.namespace, namespace));
  // Of a namespace that is not here nothing can be said.
  if (here.length === 0 || here.some(({ names }) => names.includes(name))) return [];
  const near = here.find((service) => areNearNames(service.name, name));
  return [
    {
      resource,
      path: `metadata.annotations[${URL_KEY}]`,
      severity: near ? undefined : 'warning',
      message: `there is no Service ${name} in namespace ${namespace} of these manifests${near ? `; Service ${near.name} is there` : ', unless something else makes it'}: every request is answered with 500`,
      fix: near ? `write \`${near.name}\`` : 'add the Service, or correct the address',
    },
  ];
}

function ofAnnotations(resource: Resource): Use[] {
  return Object.entries(ANNOTATIONS).flatMap(([key, { keys }]) => {
    const written = resource.annotation(key)?.trim() ?? '';
    if (written === '' || isTemplated(written) || written.includes('://')) return [];
    if (key === WITH_NAMESPACE && !written.includes('/')) return [];
    const [name = '', namespace = resource.namespace] = written.split('/').reverse();
    const isMap = resource.annotation(`${key}-type`) === 'auth-map';
    return [
      {
        resource,
        path: `metadata.annotations[${key}]`,
        name,
        namespace,
        keys: isMap ? [] : keys,
        without: REFUSED,
      },
    ];
  });
}

function ofMiddlewares(ingress: Resource, { manifests }: Surface): Use[] {
  return middlewaresOf(ingress, manifests).flatMap((middleware) =>
    ['basicAuth', 'digestAuth'].flatMap((kind): Use[] => {
      const name = stringAt(middleware?.json, ['spec', kind, 'secret']);
      if (!middleware || name === '' || isTemplated(name)) return [];
      const { namespace } = middleware;
      const path = `spec.${kind}.secret`;
      const keys = kind === 'basicAuth' ? ['users', 'username'] : ['users'];
      return [
        { resource: middleware, path, name, namespace, keys, without: 'the router is not made' },
      ];
    }),
  );
}

function judge(use: Use, surface: Surface): Fault | undefined {
  const { resource, path, name, namespace, keys, without } = use;
  const all = providersOf('Secret', surface);
  const here = all.filter((one) => one.name === name && isProvidedIn(one, namespace));
  const what = `there is no Secret ${name}${namespace ? ` in namespace ${namespace}` : ''}`;
  if (here.length > 0) {
    const known = here.flatMap((one) => one.keys ?? keys);
    if (keys.length === 0 || keys.some((key) => known.includes(key))) return undefined;
    return {
      resource,
      path,
      message: `Secret ${name} has no key ${keys.join(' or ')}: ${without}`,
      fix: `put it under \`${keys[0]}\``,
    };
  }
  const near = all.find((one) => isProvidedIn(one, namespace) && areNearNames(one.name, name));
  if (near)
    return {
      resource,
      path,
      message: `${what}; ${near.name} is there: ${without}`,
      fix: `write \`${near.name}\``,
    };
  const elsewhere = all.find((one) => one.name === name);
  const isForeign = namespace !== resource.namespace && resource.kind === 'Ingress';
  return {
    resource,
    path,
    severity: 'warning',
    message: `${what} of these manifests${elsewhere ? `; it is in namespace ${elsewhere.by.namespace}` : ''}: unless something else makes it, ${without}${isForeign ? ', and the controller reads one of another namespace only where it is told to' : ''}`,
    fix: elsewhere
      ? `put ${elsewhere.by.kind} ${elsewhere.by.name} into namespace ${namespace}`
      : 'add the Secret, or what makes it, to these manifests; or accept this with the place as the reason',
  };
}
