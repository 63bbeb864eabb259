/** An Envoy that is the entry by itself, with its own TLS, redirect, tokens and probe; each failure beside a change that breaks nothing. */
import { test } from 'uvu';
import { editEnvoy, editManager, filter, hostOf } from './envoy-plantings.ts';
import { changeIn, type PlantedChange, plantEach } from './plant-each.ts';
import { editDocument, find, type Manifest } from './support.ts';

const HOST = 'studio.ml.acme.io';
const IN = ['sound.yaml'] as const;
const fine = changeIn(IN, undefined);
const wrong = (code: PlantedChange['code'], name: string, plant: PlantedChange['plant']) =>
  changeIn(IN, code)(name, plant);
const open = (code: PlantedChange['code'], name: string, plant: PlantedChange['plant']) =>
  changeIn(IN, code, 'warning')(name, plant);

const TLS = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext';
const certificate = (name: string) => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: { name },
  spec: {
    secretName: name,
    dnsNames: [HOST],
    issuerRef: { kind: 'ClusterIssuer', name: 'letsencrypt-prod' },
  },
});
const files = (chain: string, key: string) => ({
  certificate_chain: { filename: `/certs/${chain}/tls.crt` },
  private_key: { filename: `/certs/${key}/tls.key` },
});

/** The file by which Envoy is told of its certificate. */
const certified = (chain: string, key: string) => (manifests: Manifest[]) => {
  const tls_certificate = {
    ...files(chain, key),
    watched_directory: { path: `/certs/${chain}` },
  };
  const type = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
  const resources = [{ '@type': type, name: 'edge', tls_certificate }];
  find(manifests, 'ConfigMap', 'envoy').data['sds.yaml'] = JSON.stringify({ resources });
};

/** A load balancer in place of the Ingress. */
function prepare(manifests: Manifest[]): void {
  const at = manifests.findIndex(({ metadata }) => metadata.name === 'prod-ma-web');
  manifests.splice(at, 1, certificate('edge-tls'), certificate('other-tls'));
  certified('edge', 'edge')(manifests);
  editEnvoy((root) => {
    root.node = { id: 'edge', cluster: 'michelangelo' };
    const [https] = root.static_resources.listeners;
    https.address.socket_address.port_value = 8443;
    https.filter_chains[0].transport_socket = {
      name: 'envoy.transport_sockets.tls',
      typed_config: {
        '@type': TLS,
        common_tls_context: {
          alpn_protocols: ['h2', 'http/1.1'],
          tls_certificate_sds_secret_configs: [
            { name: 'edge', sds_config: { path_config_source: { path: '/etc/envoy/sds.yaml' } } },
          ],
        },
      },
    };
    const http = structuredClone(https);
    Object.assign(http, { name: 'http' });
    http.address.socket_address.port_value = 8080;
    delete http.filter_chains[0].transport_socket;
    const config = http.filter_chains[0].filters[0].typed_config;
    config.http_filters = config.http_filters.slice(-1);
    const [host] = config.route_config.virtual_hosts;
    delete host.typed_per_filter_config;
    host.routes = [
      { match: { path: '/healthz' }, direct_response: { status: 200 } },
      { match: { prefix: '/' }, redirect: { https_redirect: true, port_redirect: 443 } },
    ];
    root.static_resources.listeners.push(http);
  })(manifests);
  const { spec } = find(manifests, 'Deployment', 'envoy').spec.template;
  const [container] = spec.containers;
  container.ports = [
    { name: 'https', containerPort: 8443 },
    { name: 'http', containerPort: 8080 },
  ];
  container.readinessProbe = { httpGet: { path: '/healthz', port: 'http' } };
  for (const name of ['edge', 'other']) {
    spec.volumes.push({ name, secret: { secretName: `${name}-tls` } });
    container.volumeMounts.push({ name, mountPath: `/certs/${name}` });
  }
  const service = find(manifests, 'Service', 'envoy');
  service.metadata.annotations = { 'external-dns.alpha.kubernetes.io/hostname': HOST };
  service.spec.type = 'LoadBalancer';
  service.spec.ports = [
    { name: 'https', port: 443, targetPort: 'https' },
    { name: 'http', port: 80, targetPort: 'http' },
  ];
}

const ports = (https: number | string, http: number | string) => (manifests: Manifest[]) => {
  const { spec } = find(manifests, 'Service', 'envoy');
  spec.ports[0].targetPort = https;
  spec.ports[1].targetPort = http;
};
const annotated = (key: string, value: string) => (manifests: Manifest[]) => {
  ports('http', 'http')(manifests);
  find(manifests, 'Service', 'envoy').metadata.annotations[key] = value;
};
const redirected = (redirect: Manifest) =>
  editEnvoy((root) => {
    const [chain] = root.static_resources.listeners[1].filter_chains;
    chain.filters[0].typed_config.route_config.virtual_hosts[0].routes[1].redirect = redirect;
  });
const called = (apiBaseUrl: string) => (manifests: Manifest[]) =>
  editDocument(manifests, 'ui', 'config.json', (root) => {
    root.apiBaseUrl = apiBaseUrl;
  });
const routed = (prefix: string) => (manifests: Manifest[]) => {
  called(`https://${HOST}${prefix}`)(manifests);
  editManager((manager) => {
    const [route] = hostOf(manager).routes;
    const own = structuredClone(route);
    own.match = { prefix: `${prefix}/michelangelo.api.` };
    own.route.prefix_rewrite = '/michelangelo.api.';
    hostOf(manager).routes.unshift(own);
  })(manifests);
};
const jwt = (rules: Manifest[], provider: Manifest = { forward: true }) => {
  const made = filter('jwt_authn', 'JwtAuthentication');
  const local_jwks = { inline_string: '{"keys":[]}' };
  Object.assign(made.typed_config, {
    providers: { company: { issuer: 'https://id.acme.io', local_jwks, ...provider } },
    rules,
  });
  return made;
};
const requires = { provider_name: 'company' };
const EVERYTHING = { match: { prefix: '/' }, requires };
/** In front of the listener for plain text, which the probe asks. */
const guarded = (guard: Manifest, route: Manifest = {}) =>
  editEnvoy((root) => {
    const [chain] = root.static_resources.listeners[1].filter_chains;
    const config = chain.filters[0].typed_config;
    config.http_filters.unshift(guard);
    Object.assign(config.route_config.virtual_hosts[0].routes[0], route);
  });
const asked = () => {
  const made = filter('ext_authz', 'ExtAuthz');
  const server_uri = { uri: 'http://auth.security:4180', cluster: 'ma_ui', timeout: '1s' };
  Object.assign(made.typed_config, { transport_api_version: 'V3', http_service: { server_uri } });
  return made;
};
const DISABLED = {
  '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute',
  disabled: true,
};
const tokens = (mode: string, provider: Manifest) => (manifests: Manifest[]) => {
  const { spec } = find(manifests, 'Deployment', 'apiserver').spec.template;
  manifests.push({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'api-config' },
    data: { 'base.yaml': `apiserver:\n  auth:\n    mode: ${mode}\n` },
  });
  spec.volumes = [{ name: 'config', configMap: { name: 'api-config' } }];
  spec.containers[0].volumeMounts = [{ name: 'config', mountPath: '/config' }];
  editManager((manager) => {
    manager.http_filters.splice(1, 0, jwt([EVERYTHING], provider));
  })(manifests);
};

await plantEach(
  [
    wrong('envoy-entry-tls', 'the ports are swapped', ports('http', 'https')),
    open('envoy-entry-tls', 'port 443 leads to plain text', ports(8080, 8080)),
    open('envoy-entry-tls', 'port 80 leads to TLS', ports('https', 8443)),
    fine('the ports by number', ports(8443, 8080)),
    fine(
      'the load balancer ends TLS',
      annotated('service.beta.kubernetes.io/aws-load-balancer-ssl-ports', '443'),
    ),
    wrong(
      'redirect-target',
      'a redirect to a port of the pod',
      redirected({ https_redirect: true, port_redirect: 8443 }),
    ),
    fine('a redirect to the port of the scheme', redirected({ https_redirect: true })),
    fine(
      'a redirect to another host',
      redirected({ host_redirect: 'www.acme.io', https_redirect: true, port_redirect: 8443 }),
    ),
    wrong('ui-url', 'a path that Envoy does not know', called(`https://${HOST}/grpc`)),
    fine('no path', called(`https://${HOST}`)),
    fine('a path that Envoy knows', routed('/grpc')),
    wrong('envoy-secret-missing', 'the key of another certificate', certified('edge', 'other')),
    fine('another certificate with its key', certified('other', 'other')),
    wrong('probe-unanswered', 'a probe without a token', guarded(jwt([EVERYTHING]))),
    fine('a rule for the probe alone', guarded(jwt([{ match: { path: '/healthz' } }, EVERYTHING]))),
    fine(
      'a token that may be missing',
      guarded(
        jwt([
          {
            match: { prefix: '/' },
            requires: { requires_any: { requirements: [requires, { allow_missing: {} }] } },
          },
        ]),
      ),
    ),
    open('probe-unanswered', 'a server is asked about the probe', guarded(asked())),
    fine(
      'nobody is asked about the probe',
      guarded(asked(), {
        typed_per_filter_config: { 'envoy.filters.http.ext_authz': DISABLED },
      }),
    ),
    open('headers-removed', 'the token is taken away', tokens('k8s-rbac', {})),
    fine('the token is sent on', tokens('k8s-rbac', { forward: true })),
    open(
      'api-without-authentication',
      'the API server asks nobody, and loses no token',
      tokens('dummy', {}),
    ),
    fine('the claims are sent on', tokens('k8s-rbac', { forward_payload_header: 'x-claims' })),
  ],
  prepare,
);

test.run();
