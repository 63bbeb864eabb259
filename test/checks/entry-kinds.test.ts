/** Entries of controllers' own kinds in front of the charts: what each names is there and has the form that its controller reads, or it is named. */
import { test } from 'uvu';
import { changeIn, type PlantedChange, plantEach } from './plant-each.ts';
import { find, type Manifest, manifestsIn } from './support.ts';

const add = (text: string) => (manifests: Manifest[]) => {
  manifests.push(...manifestsIn(text));
};

const TRAEFIK = `
{apiVersion: traefik.io/v1alpha1, kind: Middleware, metadata: {name: headers, namespace: models}, spec: {headers: {frameDeny: true}}}
---
{apiVersion: traefik.io/v1alpha1, kind: TLSOption, metadata: {name: modern, namespace: models}, spec: {minVersion: VersionTLS12, alpnProtocols: [h2, http/1.1]}}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: calls, namespace: models}
spec:
  entryPoints: [websecure]
  routes:
  - kind: Rule
    match: Host(\`grpc.models.example.org\`) && !PathPrefix(\`/metrics(\`)
    middlewares: [{name: headers}, {name: secure@file}]
    services: [{name: ml-apiserver, port: 15566, scheme: h2c}]
  tls: {options: {name: modern}}
`;
const ROUTE = ['sound-contour.yaml'] as const;
const calls = (plant: (spec: Manifest) => void) => (manifests: Manifest[]) =>
  plant(find(manifests, 'IngressRoute', 'calls').spec);
const option = (plant: (spec: Manifest) => void) => (manifests: Manifest[]) =>
  plant(find(manifests, 'TLSOption', 'modern').spec);
const router = changeIn(ROUTE, 'traefik-router');
const doubtfulRouter = changeIn(ROUTE, 'traefik-router', 'warning');
const refused = changeIn(ROUTE, 'setting-refused');
const missing = changeIn(ROUTE, 'reference-missing');
const doubtful = changeIn(ROUTE, 'reference-missing', 'warning');
const sound = changeIn(ROUTE, undefined);

const OF_TRAEFIK: readonly PlantedChange[] = [
  router(
    'a parenthesis is not closed',
    calls((spec) => {
      spec.routes[0].match = 'Host(`grpc.models.example.org`';
    }),
  ),
  router(
    'a host without backticks',
    calls((spec) => {
      spec.routes[0].match = 'Host(grpc.models.example.org)';
    }),
  ),
  router(
    'no sign between two matchers',
    calls((spec) => {
      spec.routes[0].match = 'Host(`grpc.models.example.org`) PathPrefix(`/`)';
    }),
  ),
  sound(
    'quotes in place of backticks',
    calls((spec) => {
      spec.routes[0].match =
        'Host("grpc.models.example.org") || (HostRegexp(`^a(b)+$`) && Method(`POST`))';
    }),
  ),
  doubtfulRouter(
    'an entry point with a hyphen',
    calls((spec) => {
      spec.entryPoints = ['web-secure'];
    }),
  ),
  sound(
    'an entry point of its own',
    calls((spec) => {
      spec.entryPoints = ['internal'];
    }),
  ),
  doubtfulRouter('a Middleware of the former group', (manifests) => {
    find(manifests, 'Middleware', 'headers').apiVersion = 'traefik.containo.us/v1alpha1';
  }),
  refused(
    'a scheme that there is not',
    calls((spec) => {
      spec.routes[0].services[0].scheme = 'grpc';
    }),
  ),
  changeIn(
    ROUTE,
    'setting-refused',
    'warning',
  )(
    'a version of TLS that there is not',
    option((spec) => {
      spec.minVersion = 'TLS12';
    }),
  ),
  changeIn(ROUTE, 'entry-without-http2')(
    'no h2',
    option((spec) => {
      spec.alpnProtocols = ['http/1.1'];
    }),
  ),
  missing(
    'a TLSOption with a word too much',
    calls((spec) => {
      spec.tls.options.name = 'modern-tls';
    }),
  ),
  missing('a TLSOption of another namespace', (manifests) => {
    find(manifests, 'TLSOption', 'modern').metadata.namespace = 'traefik';
  }),
  doubtful(
    'a ServersTransport that is not there',
    calls((spec) => {
      spec.routes[0].services[0].serversTransport = 'long';
    }),
  ),
  sound(
    'the TLSOption that Traefik has',
    calls((spec) => {
      spec.tls.options.name = 'default';
    }),
  ),
  doubtful(
    'the authority of clients is not there',
    option((spec) => {
      spec.clientAuth = { secretNames: ['clients'], clientAuthType: 'RequireAndVerifyClientCert' };
    }),
  ),
  missing(
    'a chain names a Middleware that is misspelled',
    add(
      '{apiVersion: traefik.io/v1alpha1, kind: Middleware, metadata: {name: all, namespace: models}, spec: {chain: {middlewares: [{name: header}]}}}',
    ),
  ),
  changeIn(
    ROUTE,
    'entry-buffers',
    'warning',
  )('a Middleware that buffers', (manifests) => {
    find(manifests, 'Middleware', 'headers').spec = { buffering: { maxRequestBodyBytes: 1000 } };
  }),
];

const STRIP: readonly PlantedChange[] = [
  router('the path of calls is taken away', (manifests) => {
    find(manifests, 'Middleware', 'headers').spec = {
      stripPrefix: { prefixes: ['/michelangelo.api.'] },
    };
  }),
  router('every path is another', (manifests) => {
    find(manifests, 'Middleware', 'headers').spec = { replacePath: { path: '/' } };
  }),
  sound('another path is taken away', (manifests) => {
    find(manifests, 'Middleware', 'headers').spec = { stripPrefix: { prefixes: ['/docs'] } };
  }),
];

await plantEach([...OF_TRAEFIK, ...STRIP], add(TRAEFIK));

const CONTOUR = `
{apiVersion: projectcontour.io/v1, kind: TLSCertificateDelegation, metadata: {name: wild, namespace: ingress}, spec: {delegations: [{secretName: wild-tls, targetNamespaces: [models]}]}}
---
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: {name: root, namespace: models}
spec:
  virtualhost: {fqdn: studio.models.example.org, tls: {secretName: ingress/wild-tls}}
  includes: [{name: web, conditions: [{prefix: /}]}]
---
apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: {name: web, namespace: models}
spec:
  routes:
  - timeoutPolicy: {response: infinity, idle: 1h}
    services: [{name: ml-envoy, port: 80, protocol: h2c}]
`;
const root = (plant: (spec: Manifest) => void) => (manifests: Manifest[]) =>
  plant(find(manifests, 'HTTPProxy', 'root').spec);
const web = (plant: (spec: Manifest) => void) => (manifests: Manifest[]) =>
  plant(find(manifests, 'HTTPProxy', 'web').spec);
const proxy = changeIn(ROUTE, 'contour-proxy');

const OF_CONTOUR: readonly PlantedChange[] = [
  proxy(
    'a host with a port',
    root(({ virtualhost }) => {
      virtualhost.fqdn += ':443';
    }),
  ),
  proxy(
    'TLS through and a Secret',
    root(({ virtualhost }) => {
      virtualhost.tls.passthrough = true;
    }),
  ),
  proxy(
    'TLS through to nowhere',
    root(({ virtualhost }) => {
      virtualhost.tls = { passthrough: true };
    }),
  ),
  proxy(
    'TLS without a Secret',
    root(({ virtualhost }) => {
      virtualhost.tls = {};
    }),
  ),
  proxy(
    'no version of TLS',
    root(({ virtualhost }) => {
      Object.assign(virtualhost.tls, {
        minimumProtocolVersion: '1.3',
        maximumProtocolVersion: '1.2',
      });
    }),
  ),
  proxy('the Secret is given to others', (manifests) => {
    find(manifests, 'TLSCertificateDelegation').spec.delegations[0].targetNamespaces = ['web'];
  }),
  changeIn(ROUTE, undefined)('the Secret is given to all', (manifests) => {
    find(manifests, 'TLSCertificateDelegation').spec.delegations[0].targetNamespaces = ['*'];
  }),
  proxy(
    'an include that is misspelled',
    root(({ includes }) => {
      includes[0].name = 'page';
    }),
  ),
  proxy(
    'a root includes a root',
    web((spec) => {
      spec.virtualhost = { fqdn: 'studio.models.example.org' };
    }),
  ),
  changeIn(
    ROUTE,
    'contour-proxy',
    'warning',
  )(
    'nothing includes it',
    add(
      '{apiVersion: projectcontour.io/v1, kind: HTTPProxy, metadata: {name: docs, namespace: models}, spec: {routes: [{services: [{name: docs, port: 80}]}]}}',
    ),
  ),
  refused(
    'a protocol that there is not',
    web(({ routes }) => {
      routes[0].services[0].protocol = 'grpc';
    }),
  ),
  refused(
    'a time without a unit',
    web(({ routes }) => {
      routes[0].timeoutPolicy.response = '3600';
    }),
  ),
];

const CONDITIONS: readonly PlantedChange[] = [
  proxy(
    'a prefix without a slash',
    root(({ includes }) => {
      includes[0].conditions = [{ prefix: 'app' }];
    }),
  ),
  proxy(
    'two prefixes',
    root(({ includes }) => {
      includes[0].conditions = [{ prefix: '/' }, { prefix: '/app' }];
    }),
  ),
  sound(
    'a prefix and a header',
    root(({ includes }) => {
      includes[0].conditions = [{ prefix: '/' }, { header: { name: 'x-team', present: true } }];
    }),
  ),
];

await plantEach([...OF_CONTOUR, ...CONDITIONS], add(CONTOUR));

const F5 = `
apiVersion: k8s.nginx.org/v1
kind: VirtualServer
metadata: {name: web, namespace: models}
spec:
  host: studio.models.example.org
  policies: [{name: office}]
  upstreams: [{name: envoy, service: ml-envoy, port: 80}]
  routes: [{path: /, action: {pass: envoy}}]
---
{apiVersion: k8s.nginx.org/v1, kind: Policy, metadata: {name: office, namespace: models}, spec: {accessControl: {allow: [10.0.0.0/8]}}}
`;
const server = (plant: (spec: Manifest) => void) => (manifests: Manifest[]) =>
  plant(find(manifests, 'VirtualServer', 'web').spec);

const OF_F5: readonly PlantedChange[] = [
  missing(
    'no such upstream',
    server(({ routes }) => {
      routes[0].action.pass = 'page';
    }),
  ),
  missing(
    'a Policy that is misspelled',
    server(({ policies }) => {
      policies[0].name = 'ofice';
    }),
  ),
  doubtful(
    'a Policy that is not there',
    server(({ policies }) => {
      policies[0].name = 'jwt';
    }),
  ),
  changeIn(ROUTE, undefined)(
    'a Policy of a namespace that is not here',
    server(({ policies }) => {
      policies[0] = { name: 'jwt', namespace: 'security' };
    }),
  ),
  doubtful(
    'a VirtualServerRoute that is not there',
    server((spec) => {
      spec.routes.push({ path: '/docs', route: 'models/docs' });
    }),
  ),
  doubtful(
    'a listener that is not there',
    server((spec) => {
      spec.listener = { https: 'https-8443' };
    }),
  ),
];

const FIELDS: readonly PlantedChange[] = [
  refused(
    'a redirect that is none',
    server((spec) => {
      spec.tls = { redirect: { enable: true, code: 200 } };
    }),
  ),
  refused(
    'a size that is none',
    server(({ upstreams }) => {
      upstreams[0]['client-max-body-size'] = 'unlimited';
    }),
  ),
];

await plantEach([...OF_F5, ...FIELDS], add(F5));

const ISTIO = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: mesh}
spec:
  selector: {istio: ingress}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: ["models/*.models.example.org"]
    tls: {mode: SIMPLE, credentialName: edge-tls}
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: ["*/*"]
    tls: {httpsRedirect: true}
---
{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: edge, namespace: mesh}, spec: {secretName: edge-tls, dnsNames: [mesh.models.example.org], issuerRef: {name: corp, kind: ClusterIssuer}}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: calls, namespace: models}
spec:
  hosts: [mesh.models.example.org]
  gateways: [mesh/edge]
  http:
  - route: [{destination: {host: ml-apiserver.models.svc.cluster.local, subset: all, port: {number: 15566}}}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: apiserver, namespace: models}
spec:
  host: ml-apiserver
  trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}
  subsets: [{name: all, labels: {app.kubernetes.io/name: ma-apiserver}}]
---
{apiVersion: security.istio.io/v1, kind: PeerAuthentication, metadata: {name: default, namespace: models}, spec: {mtls: {mode: STRICT}}}
`;
const edge = (plant: (server: Manifest, spec: Manifest) => void) => (manifests: Manifest[]) => {
  const { spec } = manifests.find(
    ({ kind, metadata }) => kind === 'Gateway' && metadata.name === 'edge',
  );
  plant(spec.servers[0], spec);
};
const virtual = (plant: (spec: Manifest) => void) => (manifests: Manifest[]) =>
  plant(find(manifests, 'VirtualService', 'calls').spec);
const mesh = changeIn(ROUTE, 'istio-route');

const OF_ISTIO: readonly PlantedChange[] = [
  mesh(
    'protocol HTTP with a certificate',
    edge(({ port }) => {
      port.protocol = 'HTTP';
    }),
  ),
  mesh(
    'protocol HTTPS without TLS',
    edge((one) => {
      delete one.tls;
    }),
  ),
  mesh(
    'two ports of one name',
    edge((_, { servers }) => {
      servers[1].port.name = 'https';
    }),
  ),
  mesh(
    'the host is for another namespace',
    edge((one) => {
      one.hosts = ['web/*.models.example.org'];
    }),
  ),
  mesh(
    'TLS is passed through to routes of HTTP',
    edge((one) => {
      one.tls = { mode: 'PASSTHROUGH' };
    }),
  ),
  mesh(
    'a domain of the cluster with a letter less',
    virtual(({ http }) => {
      http[0].route[0].destination.host = 'ml-apiserver.models.svc.cluster.locl';
    }),
  ),
  changeIn(
    ROUTE,
    'istio-route',
    'warning',
  )(
    'it is seen in its namespace alone',
    virtual((spec) => {
      spec.exportTo = ['.'];
    }),
  ),
  changeIn(
    ROUTE,
    'istio-route',
    'warning',
  )('the certificate is made beside the programs', (manifests) => {
    find(manifests, 'Certificate', 'edge').metadata.namespace = 'models';
  }),
  mesh('no pod has the labels of the subset', (manifests) => {
    find(manifests, 'DestinationRule', 'apiserver').spec.subsets[0].labels.version = 'v2';
  }),
  changeIn(ROUTE, 'istio-policy')('plain text to sidecars that refuse it', (manifests) => {
    find(manifests, 'DestinationRule', 'apiserver').spec.trafficPolicy.tls.mode = 'DISABLE';
  }),
  refused(
    'a version of TLS that there is not',
    edge(({ tls }) => {
      tls.minProtocolVersion = 'TLSv1.2';
    }),
  ),
  refused(
    'a time without a unit',
    virtual(({ http }) => {
      http[0].timeout = '3600';
    }),
  ),
  refused(
    'a time of none',
    virtual(({ http }) => {
      http[0].timeout = '0s';
    }),
  ),
  changeIn(ROUTE, 'host-not-in-tls')(
    'a route with a host that the certificate lacks',
    virtual(({ hosts }) => {
      hosts.push('calls.models.example.org');
    }),
  ),
];

const RULES: readonly PlantedChange[] = [
  mesh(
    'a test of faults is left',
    virtual(({ http }) => {
      http[0].fault = { abort: { httpStatus: 503, percentage: { value: 100 } } };
    }),
  ),
  changeIn(
    ROUTE,
    'istio-route',
    'warning',
  )(
    'some calls are held back',
    virtual(({ http }) => {
      http[0].fault = { delay: { fixedDelay: '5s', percentage: { value: 1 } } };
    }),
  ),
  mesh(
    'a rule behind one that takes all',
    virtual(({ http }) => {
      const match = [{ uri: { prefix: '/docs' } }];
      http.push({ match, route: [{ destination: { host: 'docs.other.svc.cluster.local' } }] });
    }),
  ),
  sound(
    'a rule before one that takes all',
    virtual(({ http }) => {
      const match = [{ uri: { prefix: '/docs' } }];
      http.unshift({ match, route: [{ destination: { host: 'docs.other.svc.cluster.local' } }] });
    }),
  ),
  changeIn(
    ROUTE,
    'istio-route',
    'warning',
  )(
    'the gateway has another label',
    add(
      '{apiVersion: apps/v1, kind: Deployment, metadata: {name: edge, namespace: mesh}, spec: {selector: {matchLabels: {istio: edge}}, template: {metadata: {labels: {istio: edge}}, spec: {containers: [{name: istio-proxy, image: "example.net/proxy:1.29.0"}]}}}}',
    ),
  ),
];

await plantEach([...OF_ISTIO, ...RULES], add(ISTIO));

const PODS = ['sound-tls-in-pods.yaml'] as const;
const policy = (plant: (spec: Manifest) => void) => (manifests: Manifest[]) =>
  plant(find(manifests, 'BackendTLSPolicy').spec);
const inPods = (code: PlantedChange['code']) => changeIn(PODS, code);

const OF_PODS: readonly PlantedChange[] = [
  inPods('host-not-in-tls')(
    'a host that the certificate of the pods lacks',
    policy(({ validation }) => {
      validation.hostname = 'hydra-apiserver.hydra.svc';
    }),
  ),
  inPods(undefined)(
    'what the certificate has is said',
    policy(({ validation }) => {
      validation.hostname = 'hydra-apiserver.hydra.svc';
      validation.subjectAltNames = [{ type: 'Hostname', hostname: 'api.hydra.example.jp' }];
    }),
  ),
  inPods('reference-missing')(
    'a port that the Service does not have',
    policy(({ targetRefs }) => {
      targetRefs[0].sectionName = 'https';
    }),
  ),
  inPods('reference-missing')(
    'an authority with a word too much',
    policy(({ validation }) => {
      validation.caCertificateRefs[0].name = 'corp-ca-bundle';
    }),
  ),
  inPods('reference-missing')('an authority under another key', (manifests) => {
    find(manifests, 'ConfigMap', 'corp-ca').data = { 'bundle.pem': '' };
  }),
  inPods('reference-missing')(
    'two authorities',
    policy(({ validation }) => {
      validation.wellKnownCACertificates = 'System';
    }),
  ),
  inPods('backend-tls')('no policy', (manifests) => {
    manifests.splice(manifests.indexOf(find(manifests, 'BackendTLSPolicy')), 1);
  }),
  ...['passes', 'and not to the port with TLS'].map((name, index) =>
    inPods(index === 0 ? undefined : 'backend-tls')(
      `TLS through a TLSRoute: ${name}`,
      (manifests) => {
        const gateway = find(manifests, 'Gateway', 'hydra').spec.listeners[0];
        Object.assign(gateway, { protocol: 'TLS', tls: { mode: 'Passthrough' } });
        const route = find(manifests, 'GRPCRoute', 'api');
        Object.assign(route, {
          kind: 'TLSRoute',
          apiVersion: 'gateway.networking.k8s.io/v1alpha2',
        });
        if (index > 0) route.spec.rules[0].backendRefs[0].port = 15566;
        const gone = ['BackendTLSPolicy', 'BackendTrafficPolicy'];
        for (const kind of gone) manifests.splice(manifests.indexOf(find(manifests, kind)), 1);
      },
    ),
  ),
];

await plantEach(OF_PODS);

const BALANCER = ['sound-own-balancer.yaml'] as const;
const NLB = 'service.beta.kubernetes.io/aws-load-balancer-';
const balancer = (key: string, value: string | undefined) => (manifests: Manifest[]) => {
  const { annotations } = find(manifests, 'Service', 'sirius-grpc-nlb').metadata;
  if (value === undefined) delete annotations[`${NLB}${key}`];
  else annotations[`${NLB}${key}`] = value;
};

const OF_BALANCER: readonly PlantedChange[] = [
  changeIn(BALANCER, 'entry-without-http2')(
    'no protocol is agreed on',
    balancer('alpn-policy', undefined),
  ),
  changeIn(BALANCER, 'load-balancer-settings')(
    'a policy that there is not',
    balancer('alpn-policy', 'h2'),
  ),
  changeIn(BALANCER, 'load-balancer-settings')('TLS on no port', balancer('ssl-ports', 'https')),
  changeIn(BALANCER, undefined)('TLS by number', balancer('ssl-ports', '443')),
  changeIn(
    BALANCER,
    'load-balancer-settings',
    'warning',
  )('TLS to plain pods', balancer('backend-protocol', 'ssl')),
];

await plantEach(OF_BALANCER);

test.run();
