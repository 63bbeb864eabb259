/** Annotations, issuers and lists of addresses: slips, each beside a form that is right. */
import { test } from 'uvu';
import { changeIn, type PlantedChange, plantEach, type StreamName } from './plant-each.ts';
import { find, type Manifest, manifestsIn } from './support.ts';

const NGINX = 'nginx.ingress.kubernetes.io';
const TRAEFIK = 'traefik.ingress.kubernetes.io';
const DNS = 'external-dns.alpha.kubernetes.io/hostname';
const ISSUER = 'cert-manager.io/cluster-issuer';

type Plant = PlantedChange['plant'];

const change = (
  code: PlantedChange['code'],
  streams: readonly StreamName[],
  severity?: 'warning',
) => changeIn(streams, code, severity);

const app = (manifests: Manifest[]): Manifest =>
  manifests.find(
    ({ kind, spec }) =>
      kind === 'Ingress' && spec.rules[0].http.paths[0].backend.service.name.includes('envoy'),
  );
const note =
  (key: string, value: string): Plant =>
  (manifests) => {
    const { metadata } = app(manifests);
    metadata.annotations = { ...metadata.annotations, [key]: value };
  };
const rename =
  (from: string, to: string): Plant =>
  (manifests) => {
    const { annotations } = app(manifests).metadata;
    annotations[to] = annotations[from];
    delete annotations[from];
  };
const acme =
  (edit: (acme: Manifest, issuer: Manifest) => void): Plant =>
  (manifests) => {
    const issuer = manifests.find(({ kind, spec }) => /Issuer$/.test(kind) && spec.acme);
    edit(issuer.spec.acme, issuer);
  };
const add =
  (text: string): Plant =>
  (manifests) => {
    manifests.push(...manifestsIn(text));
  };
const middleware = (name: string) =>
  add(`
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: ${name}, namespace: michelangelo-staging}
spec: {headers: {stsSeconds: 31536000}}
`);

const misnamed = change('annotation-key', ['sound.yaml']);
const ignored = change('annotation-key', ['sound.yaml'], 'warning');
const refused = change('setting-refused', ['sound.yaml']);
const noDefault = change('setting-refused', ['sound.yaml'], 'warning');
const cloud = changeIn(['sound-own-balancer.yaml'], 'setting-refused');
const balancer = (manifests: Manifest[]): Manifest =>
  manifests.find(({ spec }) => spec?.type === 'LoadBalancer');
const onBalancer =
  (name: string, value: string): Plant =>
  (manifests) => {
    const { metadata } = balancer(manifests);
    metadata.annotations = {
      ...metadata.annotations,
      [`service.beta.kubernetes.io/${name}`]: value,
    };
  };
const issuer = change('issuer-settings', ['production']);
const list = change('allow-list', ['sound.yaml', 'production']);
const router = change('traefik-router', ['staging']);
const harmless = change(undefined, ['sound.yaml', 'production']);
const harmlessIn = (...streams: readonly StreamName[]) => change(undefined, streams);

const CHANGES: readonly PlantedChange[] = [
  misnamed(
    'the issuer under a key with a letter less',
    rename(ISSUER, 'cert-manager.io/cluster-isuer'),
  ),
  misnamed(
    'the issuer under a prefix with a letter less',
    rename(ISSUER, 'cert-manger.io/cluster-issuer'),
  ),
  misnamed(
    'the issuer under the prefix of before',
    rename(ISSUER, 'certmanager.k8s.io/cluster-issuer'),
  ),
  ignored('a redirect with a letter less', note(`${NGINX}/ssl-redirct`, 'true')),
  ignored(
    'a DNS name with a letter less',
    note('external-dns.alpha.kubernetes.io/hostnme', 'x.ml.acme.io'),
  ),
  ...[
    'haproxy.org/server-porto',
    'haproxy-ingress.github.io/timeout-sever',
    'nginx.org/proxy-read-timout',
    'nginx.com/health-check',
    'konghq.com/read-timout',
    'projectcontour.io/reponse-timeout',
    'ingress.cilium.io/force-http',
    'networking.istio.io/exportto',
    'service.beta.kubernetes.io/aws-load-balancer-shceme',
    'service.beta.kubernetes.io/azure-load-balancer-interal',
    'argocd.argoproj.io/sync-waves',
    'helm.sh/hook-wieght',
    'secrets.reloader.stakater.com/reload',
    'configmap.reloader.stakater.com/relaod',
  ].map((key) => ignored(`${key}, a slip`, note(key, 'x'))),
  ignored('a slip on a workload', (manifests) => {
    find(manifests, 'Deployment').metadata.annotations = { 'reloader.stakater.com/serach': 'true' };
  }),
  ...(
    [
      [`${NGINX}/ssl-redirect`, 'yes'],
      [`${NGINX}/canary-weight`, '20%'],
      [`${NGINX}/affinity`, 'sticky'],
      ['argocd.argoproj.io/sync-wave', 'last'],
    ] as const
  ).map(([key, value]) => noDefault(`${key}: ${value}`, note(key, value))),
  refused('no protocol of certificates', note('cert-manager.io/private-key-encoding', 'PEM')),
  ...(
    [
      ['aws-load-balancer-scheme', 'public'],
      ['azure-load-balancer-internal', 'yes'],
      ['oci-load-balancer-ssl-ports', 'https'],
    ] as const
  ).map(([name, value]) => cloud(`${name}: ${value}`, onBalancer(name, value))),
  changeIn(['sound-own-balancer.yaml'], 'entry-host')(
    'a DNS name of the Service that is misspelled',
    (manifests) => {
      const { metadata } = balancer(manifests);
      const host = metadata.annotations[DNS];
      metadata.annotations[DNS] = host.replace(/^(.)(.)(.)/, '$1$3$2');
    },
  ),
  changeIn(
    ['sound-own-balancer.yaml'],
    'backend-missing',
    'warning',
  )('a load balancer of its own that picks no pods', (manifests) => {
    const { selector } = balancer(manifests).spec;
    selector['app.kubernetes.io/component'] = 'gateway-of-calls';
  }),
  changeIn(['sound-own-balancer.yaml'], undefined)(
    'a load balancer of a program in another stream',
    (manifests) => {
      const { spec, metadata } = structuredClone(balancer(manifests));
      manifests.push({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'tracing', namespace: metadata.namespace },
        spec: { ...spec, selector: { app: 'tracing' } },
      });
    },
  ),
  changeIn(['sound-own-balancer.yaml'], undefined)(
    'settings of load balancers that clouds read',
    (manifests) => {
      onBalancer('aws-load-balancer-scheme', 'internet-facing')(manifests);
      onBalancer('azure-load-balancer-internal', 'False')(manifests);
      onBalancer('aws-load-balancer-healthcheck-interval', '10')(manifests);
    },
  ),
  harmless('values of another controller', (manifests) => {
    note('konghq.com/strip-path', 'yes')(manifests);
    note('nginx.org/proxy-buffer-size', '8kb')(manifests);
  }),
  harmless('annotations of programs and clouds that are not slips', (manifests) => {
    for (const key of [
      `${TRAEFIK}/router.entryPoints`,
      'service.beta.kubernetes.io/oci-load-balancer-name',
      'service.beta.kubernetes.io/scw-loadbalancer-protocol',
      'haproxy-ingress.github.io/http-response-418',
      'alb.ingress.kubernetes.io/conditions.envoy',
      'konghq.com/headers.x-route',
      'service.beta.kubernetes.io/port_443_health-probe_interval',
      'service.beta.kubernetes.io/azure-pip-name-ipv6',
      'gate.v3.haproxy.org/cr-backend',
      'meta.helm.sh/release-name',
    ])
      note(key, 'x')(manifests);
  }),
  harmless('annotations of others', (manifests) => {
    for (const key of [
      'cert-watcher.io/issuer',
      'example.com/hostnme',
      'argocd.argoproj.io/sync-wave',
    ])
      note(key, '1')(manifests);
  }),
  harmless('less usual annotations', (manifests) => {
    note(`${NGINX}/proxy-buffers-number`, '8')(manifests);
    note(`${NGINX}/session-cookie-secure`, 'true')(manifests);
    note('cert-manager.io/private-key-algorithm', 'ECDSA')(manifests);
  }),
  issuer(
    'an authority that is misspelled',
    acme((spec) => {
      spec.server = 'https://acme-v02.api.letsencrpyt.org/directory';
    }),
  ),
  issuer(
    'an authority at another path',
    acme((spec) => {
      spec.server = 'https://acme-v02.api.letsencrypt.org/acme';
    }),
  ),
  issuer(
    'a server that was switched off',
    acme((spec) => {
      spec.server = 'https://acme-v01.api.letsencrypt.org/directory';
    }),
  ),
  issuer(
    'no key of the account',
    acme((spec) => {
      delete spec.privateKeySecretRef;
    }),
  ),
  issuer(
    'two types',
    acme((_, { spec }) => {
      spec.selfSigned = {};
    }),
  ),
  issuer(
    'a solver in two ways of one class',
    acme((spec) => {
      spec.solvers[0].http01.ingress.class = 'nginx';
    }),
  ),
  change(
    'issuer-settings',
    ['production'],
    'warning',
  )(
    'an authority that asks for an account',
    acme((spec) => {
      spec.server = 'https://acme.zerossl.com/v2/DV90';
    }),
  ),
  harmlessIn('production')(
    'an authority of the house',
    acme((spec) => {
      spec.server = 'https://ca.corp.example.com/acme/acme/directory';
    }),
  ),
  harmlessIn('production')(
    'another authority',
    acme((spec) => {
      spec.server = 'https://api.buypass.com/acme/directory';
    }),
  ),
  list('semicolons', note(`${NGINX}/whitelist-source-range`, '10.0.0.0/8; 192.168.0.0/16')),
  list('a host', note(`${NGINX}/allowlist-source-range`, 'vpn.example.com')),
  list('a prefix length that is too long', note(`${NGINX}/denylist-source-range`, '10.0.0.0/33')),
  harmlessIn('sound.yaml')('a range of a Service that is filled in later', (manifests) => {
    find(manifests, 'Service', 'envoy').spec.loadBalancerSourceRanges = ['${OFFICE}'];
  }),
  list('a range of a Service', (manifests) => {
    find(manifests, 'Service', 'envoy').spec.loadBalancerSourceRanges = ['10.0.0.1'];
  }),
  list(
    'a range of a middleware',
    add(`
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: office, namespace: ml}
spec: {ipAllowList: {sourceRange: ["10.0.0.0 - 10.0.0.9"]}}
`),
  ),
  list(
    'a range in a rule of a policy',
    add(`
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: SecurityPolicy
metadata: {name: office, namespace: ml}
spec: {authorization: {rules: [{action: Allow, principal: {clientCIDRs: [10.0.0.0/33]}}]}}
`),
  ),
  harmless(
    'addresses and ranges',
    note(`${NGINX}/whitelist-source-range`, '10.0.0.0/8, 192.0.2.7,fd00::/8'),
  ),
  change('entry-request-limit', ['sound.yaml'])(
    'one connection',
    note(`${NGINX}/limit-connections`, '1'),
  ),
  change('entry-request-limit', ['sound.yaml'])(
    'bodies of a kilobyte',
    note(`${NGINX}/proxy-body-size`, '1k'),
  ),
  harmlessIn('sound.yaml')(
    'an annotation with a name of JavaScript',
    note('haproxy-ingress.github.io/toString', '1'),
  ),
  harmlessIn('sound.yaml')('bodies of 64 MiB', note(`${NGINX}/proxy-body-size`, '64m')),
  harmlessIn('sound.yaml')('a hundred a second', note(`${NGINX}/limit-rps`, '100')),
  change('reference-missing', ['sound.yaml'])(
    'a kind of issuers that there is not',
    note('cert-manager.io/issuer-kind', 'ClusterIsuer'),
  ),
  change(
    'dns-host',
    ['sound.yaml'],
    'warning',
  )('a DNS name of another host', note(DNS, 'studio.ml.acmee.io')),
  change(
    'dns-host',
    ['sound.yaml'],
    'warning',
  )(
    'a DNS name of another host after a comma and a space',
    note(DNS, 'studio.ml.acme.io, x.acme.io'),
  ),
  harmlessIn('sound.yaml')('the DNS name of the host', note(DNS, 'studio.ml.acme.io')),
  harmlessIn('sound.yaml')('the DNS name of the host in capitals', note(DNS, 'Studio.ML.Acme.io')),
  harmlessIn('sound.yaml')(
    'the DNS name of another entry',
    note(DNS, 'studio.ml.acme.io,grpc.ml.acme.io'),
  ),
  router('the entry point for plain HTTP', note(`${TRAEFIK}/router.entrypoints`, 'web')),
  router('an entry point that is misspelled', note(`${TRAEFIK}/router.entrypoints`, 'websecrue')),
  router('a middleware without its provider', note(`${TRAEFIK}/router.middlewares`, 'headers')),
  router('a middleware without its namespace', (manifests) => {
    middleware('headers')(manifests);
    note(`${TRAEFIK}/router.middlewares`, 'headers@kubernetescrd')(manifests);
  }),
  router('a middleware that is misspelled', (manifests) => {
    middleware('headers')(manifests);
    note(`${TRAEFIK}/router.middlewares`, 'michelangelo-staging-haeders@kubernetescrd')(manifests);
  }),
  change(
    'traefik-router',
    ['staging'],
    'warning',
  )(
    'a middleware of its namespace that is not here',
    note(`${TRAEFIK}/router.middlewares`, 'michelangelo-staging-limits@kubernetescrd'),
  ),
  harmlessIn('staging')('a middleware', (manifests) => {
    middleware('headers')(manifests);
    note(`${TRAEFIK}/router.middlewares`, 'michelangelo-staging-headers@kubernetescrd')(manifests);
  }),
  change(
    'reference-missing',
    ['staging'],
    'warning',
  )('a middleware asks for passwords that are not here', (manifests) => {
    add(`
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: login, namespace: michelangelo-staging}
spec: {basicAuth: {secret: people}}
`)(manifests);
    note(`${TRAEFIK}/router.middlewares`, 'michelangelo-staging-login@kubernetescrd')(manifests);
  }),
  harmlessIn('staging')(
    'middlewares of others',
    note(`${TRAEFIK}/router.middlewares`, 'traefik-headers@kubernetescrd,compress@file'),
  ),
  harmlessIn('staging')(
    'both entry points',
    note(`${TRAEFIK}/router.entrypoints`, 'web,websecure'),
  ),
  harmlessIn('staging')(
    'entry points of the house',
    note(`${TRAEFIK}/router.entrypoints`, 'internal'),
  ),
  change(
    'entry-request-limit',
    ['sound.yaml'],
    'warning',
  )(
    'the app takes requests of any size, and the API has the default',
    note(`${NGINX}/proxy-body-size`, '0'),
  ),
  harmlessIn('sound.yaml')('both take large requests', (manifests) => {
    for (const { kind, metadata } of manifests)
      if (kind === 'Ingress') metadata.annotations[`${NGINX}/proxy-body-size`] = '64m';
  }),
];

await plantEach(CHANGES);

test.run();
