/**
 * HTTPProxies that Contour marks `invalid` or `orphaned`: of them nothing is served.
 *
 * Source: Contour, `internal/dag/httpproxy_processor.go` (`include %s/%s not found`, `root httpproxy cannot delegate to another root httpproxy`,
 * `both Passthrough and SecretName were specified`, `neither Passthrough nor SecretName were specified`, `certificate delegation not
 * permitted`) and "TLS Delegation".
 */
import { groupOf } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { isTemplated } from '../net/addresses.ts';
import { isEntryHost } from '../net/host-names.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, isObject, list, objectAt, stringAt, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'An HTTPProxy that Contour does not serve',
  why: 'Contour leaves out an HTTPProxy with a wrong part as a whole, one that nothing includes, and one with a Secret of another namespace that is not delegated; only its status says so.',
  fix: 'let a root with `virtualhost` include it, name a Secret that is delegated, and write the fields in the form that Contour reads',
  find: (surface) => {
    const proxies = proxiesOf(surface);
    return proxies.flatMap((proxy) => [
      ...host(proxy),
      ...tls(proxy),
      ...conditions(proxy),
      ...delegation(proxy, surface),
      ...includes(proxy, proxies, surface),
      ...orphaned(proxy, proxies),
    ]);
  },
};

const TLS = ['spec', 'virtualhost', 'tls'];

function proxiesOf({ manifests }: Surface): Resource[] {
  return manifests.ofKind('HTTPProxy').filter((one) => groupOf(one) === 'projectcontour.io');
}

const isRoot = ({ json }: Resource) => isObject(getIn(json, ['spec', 'virtualhost']));

/** Source: Contour, "Virtual hosts": a wildcard stands for the whole first label. */
function host(proxy: Resource): Fault[] {
  const written = stringAt(proxy.json, ['spec', 'virtualhost', 'fqdn']);
  if (written === '' || isTemplated(written) || isEntryHost(written)) return [];
  const meant = written.replace(/^\w+:\/\//, '').replace(/[:/].*$/, '');
  return [
    {
      resource: proxy,
      path: 'spec.virtualhost.fqdn',
      message: `\`${written}\` is no host name: no request has it as its host`,
      fix: isEntryHost(meant) ? `write \`${meant}\`` : 'write the name alone',
    },
  ];
}

function tls(proxy: Resource): Fault[] {
  const found = getIn(proxy.json, TLS);
  if (!isObject(found)) return [];
  const {
    passthrough,
    secretName,
    minimumProtocolVersion: least,
    maximumProtocolVersion: most,
  } = found;
  const place = TLS.join('.');
  const isPassed = passthrough === true;
  const hasSecret = typeof secretName === 'string' && secretName !== '';
  const faults: (Omit<Fault, 'resource'> | undefined)[] = [
    isPassed && hasSecret
      ? {
          path: `${place}.secretName`,
          message: 'TLS is passed through, and a Secret is named as well',
          fix: 'take `secretName` away, or `passthrough`',
        }
      : undefined,
    !isPassed && !hasSecret
      ? {
          path: place,
          message: 'neither a Secret is named nor TLS passed through',
          fix: 'write `secretName`',
        }
      : undefined,
    isPassed && !isObject(getIn(proxy.json, ['spec', 'tcpproxy']))
      ? {
          path: `${place}.passthrough`,
          message:
            'TLS is passed through, and there is no `tcpproxy` that says where: the routes are for plain HTTP alone',
          fix: 'write the Service under `spec.tcpproxy.services`, or end TLS with `secretName`',
        }
      : undefined,
    typeof least === 'string' && typeof most === 'string' && Number(least) > Number(most)
      ? {
          path: `${place}.maximumProtocolVersion`,
          message: `TLS ${least} is the oldest version, and ${most} the newest`,
          fix: 'take `maximumProtocolVersion` away',
        }
      : undefined,
  ];
  return faults.flatMap((fault) => (fault ? [{ resource: proxy, ...fault }] : []));
}

/** Source: Contour, `pathMatchConditionsValid` (`prefix conditions must start with /`, `more than one prefix, exact or regex condition`). */
function conditions(proxy: Resource): Fault[] {
  return ['routes', 'includes'].flatMap((field) =>
    list(getIn(proxy.json, ['spec', field])).flatMap((part, index) => {
      const found = list(part['conditions']);
      const paths = found.flatMap((one) =>
        ['prefix', 'exact', 'regex'].flatMap((key) =>
          one[key] === undefined ? [] : [{ key, value: asText(one[key]) }],
        ),
      );
      const at = { resource: proxy, path: `spec.${field}[${index}].conditions` };
      const bare = paths.find(
        ({ key, value }) => key !== 'regex' && !value.startsWith('/') && !isTemplated(value),
      );
      return [
        ...(bare
          ? [
              {
                ...at,
                message: `${bare.key} ${bare.value} does not begin with a slash`,
                fix: `write \`/${bare.value}\``,
              },
            ]
          : []),
        ...(paths.length > 1
          ? [
              {
                ...at,
                message: `it has ${paths.length} conditions about the path, and one is allowed`,
                fix: 'keep one, and write a route for each path',
              },
            ]
          : []),
      ];
    }),
  );
}

/** `namespace/name`, which an object in that namespace has to allow. */
function delegation(proxy: Resource, { manifests }: Surface): Fault[] {
  const written = stringAt(proxy.json, [...TLS, 'secretName']);
  const [name = '', namespace] = written.split('/').reverse();
  if (namespace === undefined || namespace === proxy.namespace || isTemplated(written)) return [];
  const delegations = manifests
    .ofKind('TLSCertificateDelegation')
    .filter((one) => one.namespace === namespace);
  const allowed = delegations.some(({ json }) =>
    list(getIn(json, ['spec', 'delegations'])).some(
      ({ secretName, targetNamespaces }) =>
        secretName === name &&
        strings(targetNamespaces).some((one) => one === '*' || one === proxy.namespace),
    ),
  );
  const isHere = manifests.all.some((one) => one.namespace === namespace);
  if (allowed || !isHere) return [];
  const [known] = delegations;
  return [
    {
      resource: proxy,
      path: `${TLS.join('.')}.secretName`,
      // It may be in another stream.
      severity: known ? undefined : 'warning',
      message: known
        ? `TLSCertificateDelegation ${known.name} does not give Secret ${name} of namespace ${namespace} to namespace ${proxy.namespace}`
        : `no TLSCertificateDelegation of these manifests gives Secret ${name} of namespace ${namespace} to namespace ${proxy.namespace}`,
      fix: `list \`secretName: ${name}\` with ${proxy.namespace} among its \`targetNamespaces\``,
    },
  ];
}

const includesOf = (proxy: Resource) =>
  list(getIn(proxy.json, ['spec', 'includes'])).map((include, index) => ({
    name: stringAt(include, ['name']),
    namespace: stringAt(include, ['namespace']) || proxy.namespace,
    place: `spec.includes[${index}]`,
  }));

function includes(proxy: Resource, proxies: readonly Resource[], surface: Surface): Fault[] {
  return includesOf(proxy).flatMap(({ name, namespace, place }): Fault[] => {
    const found = proxies.find((one) => one.name === name && one.namespace === namespace);
    if (found && isRoot(found))
      return [
        {
          resource: proxy,
          path: place,
          message: `HTTPProxy ${name} has a \`virtualhost\` of its own, and a root is not included: HTTPProxy ${proxy.name} is refused`,
          fix: `take \`virtualhost\` away from HTTPProxy ${name}, or the include from here`,
        },
      ];
    // Which one is meant only the one that is left over tells; otherwise it is a name that nothing has.
    const lost = found ? [] : orphansAmong(proxies).filter((one) => one.namespace === namespace);
    const [only] = lost;
    const meant = lost.length === 1 ? only : undefined;
    const isHere = surface.manifests.all.some((one) => one.namespace === namespace);
    if (found || (!meant && !isHere)) return [];
    return [
      {
        resource: proxy,
        path: `${place}.name`,
        severity: meant ? undefined : 'warning',
        message: `there is no HTTPProxy ${name} in namespace ${namespace}${meant ? `; HTTPProxy ${meant.name}, which nothing includes, is there` : ' of these manifests: unless something else makes it, nothing is served there'}`,
        fix: meant ? `write \`${meant.name}\`` : 'name an HTTPProxy that is there, or add it',
      },
    ];
  });
}

const orphansAmong = (proxies: readonly Resource[]) => {
  const included = new Set(
    proxies.flatMap(includesOf).map(({ name, namespace }) => `${namespace}/${name}`),
  );
  return proxies.filter((one) => !isRoot(one) && !included.has(`${one.namespace}/${one.name}`));
};

/** Its root may be in another stream, where this one has none at all. */
function orphaned(proxy: Resource, proxies: readonly Resource[]): Fault[] {
  const isLost = orphansAmong(proxies).includes(proxy);
  // What an include should have named is said there.
  const isMeant = proxies
    .flatMap(includesOf)
    .some(
      ({ name, namespace }) =>
        namespace === proxy.namespace && !proxies.some((one) => one.name === name),
    );
  if (!isLost || isMeant) return [];
  const routes = list(objectAt(proxy.json, ['spec'])['routes']).length;
  return [
    {
      resource: proxy,
      path: 'spec',
      severity: 'warning',
      message: `it has no \`virtualhost\`, and no HTTPProxy of these manifests includes it: ${asText(routes)} ${routes === 1 ? 'route of it is' : 'routes of it are'} served nowhere unless another stream has the root`,
      fix: 'include it in the HTTPProxy that has the host',
    },
  ];
}
