/** What counts as a guard of the published API. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../../src/checks/index.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const API = (auth: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: api-config, namespace: ml}
data:
  base.yaml: |
    apiserver: {yarpc: {port: 15566}${auth}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: ml}
spec:
  template:
    metadata: {labels: {app: api}}
    spec:
      containers: [{name: api, ports: [{name: grpc, containerPort: 15566}], volumeMounts: [{name: config, mountPath: /config}]}]
      volumes: [{name: config, configMap: {name: api-config}}]
---
apiVersion: v1
kind: Service
metadata: {name: api, namespace: ml}
spec: {selector: {app: api}, ports: [{name: grpc, port: 15566}]}
`;
const INGRESS = (
  annotation: string,
  host = 'api.example.com',
  name = 'api',
) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}, namespace: ml, annotations: {example.com/owner: platform${annotation && `, ${annotation}`}}}
spec:
  tls: [{hosts: [${host}], secretName: api-tls}]
  rules: [{host: ${host}, http: {paths: [{path: /, backend: {service: {name: api, port: {number: 15566}}}}]}}]
`;
const NGINX = 'nginx.ingress.kubernetes.io';
const MIDDLEWARES = 'traefik.ingress.kubernetes.io/router.middlewares: ml-first@kubernetescrd';
const middleware = (spec: string) =>
  `apiVersion: traefik.io/v1alpha1\nkind: Middleware\nmetadata: {name: first, namespace: ml}\nspec: {${spec}}\n`;
const policy = (spec: string, namespace = 'ml') =>
  `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: callers, namespace: ${namespace}}\nspec: {${spec}}\n`;
const ROUTE = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: api, namespace: ml}
spec:
  hostnames: [api.example.com]
  parentRefs: [{name: shared, namespace: infra}]
  rules: [{backendRefs: [{name: api, port: 15566}]}]
`;
const securityPolicy = (name: string) => `apiVersion: gateway.envoyproxy.io/v1alpha1
kind: SecurityPolicy
metadata: {name: callers, namespace: ml}
spec: {targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: ${name}}], jwt: {}}
`;

function found(...documents: string[]): string[] {
  const surface = surfaceOf(splitDocuments(Buffer.from(documents.join('---\n'))));
  return runChecks(surface)
    .findings.filter(({ code }) => code === 'api-without-authentication')
    .map(({ message }) => message);
}

test('names hosts and entries', () => {
  assert.equal(found(API(''), INGRESS('')), [
    'whoever reaches api.example.com may do everything: the config of the API server has no `auth.mode`, and nothing guards Ingress api',
  ]);
});

for (const [name, isFound, documents] of [
  ['auth.mode: dummy', true, [API(', auth: {mode: dummy}'), INGRESS('')]],
  ['auth.mode: k8s-rbac', false, [API(', auth: {mode: k8s-rbac}'), INGRESS('')]],
  [
    'keys of an older page of the documentation',
    true,
    [API(', auth: {rbacEnabled: true}'), INGRESS('')],
  ],
  ['no entry', false, [API('')]],
  ['a host of this machine', false, [API(''), INGRESS('', 'api.ml.localhost')]],
  [
    'external authentication',
    false,
    [API(''), INGRESS(`${NGINX}/auth-url: "https://sso.example.com"`)],
  ],
  ['client certificates', false, [API(''), INGRESS(`${NGINX}/auth-tls-secret: ml/callers`)]],
  ['an allow list', false, [API(''), INGRESS(`${NGINX}/whitelist-source-range: 10.0.0.0/8`)]],
  [
    'an annotation that turns it off',
    true,
    [API(''), INGRESS('alb.ingress.kubernetes.io/auth-type: none')],
  ],
  [
    'an annotation about headers',
    true,
    [API(''), INGRESS(`${NGINX}/configuration-snippet: "more_set_headers x;"`)],
  ],
  [
    'a snippet that asks',
    false,
    [API(''), INGRESS(`${NGINX}/configuration-snippet: "auth_request /ask;"`)],
  ],
  [
    "Traefik's ForwardAuth",
    false,
    [API(''), INGRESS(MIDDLEWARES), middleware('forwardAuth: {address: a}')],
  ],
  [
    'ForwardAuth beside something else',
    false,
    [API(''), INGRESS(MIDDLEWARES), middleware('forwardAuth: {address: a}, headers: {}')],
  ],
  ["Traefik's headers", true, [API(''), INGRESS(MIDDLEWARES), middleware('headers: {}')]],
  ['a middleware of another stream', false, [API(''), INGRESS(MIDDLEWARES)]],
  ['a policy of the mesh', false, [API(''), INGRESS(''), policy('rules: []')]],
  [
    'a policy that asks nobody who they are',
    true,
    [API(''), INGRESS(''), policy('rules: [{to: [{operation: {methods: [POST]}}]}]')],
  ],
  [
    'a policy of the mesh for these pods',
    false,
    [API(''), INGRESS(''), policy('selector: {matchLabels: {app: api}}')],
  ],
  [
    'a policy of the mesh for other pods',
    true,
    [API(''), INGRESS(''), policy('selector: {matchLabels: {app: other}}')],
  ],
  [
    'a policy of the whole mesh',
    false,
    [API(''), INGRESS(''), policy('rules: []', 'istio-system')],
  ],
  ['a route', true, [API(''), ROUTE]],
  ['a policy for the route', false, [API(''), ROUTE, securityPolicy('api')]],
  ['a policy for another route', true, [API(''), ROUTE, securityPolicy('docs')]],
] as [string, boolean, string[]][])
  test(`${isFound ? 'finds' : 'accepts'} ${name}`, () => {
    assert.is(found(...documents).length, isFound ? 1 : 0);
  });

test('says what another entry has', () => {
  const guarded = INGRESS(`${NGINX}/auth-url: "https://sso.example.com"`, 'app.example.com', 'sso');
  const [message = ''] = found(API(''), INGRESS(''), guarded);
  assert.match(message, `nothing guards Ingress api (Ingress sso has ${NGINX}/auth-url)`);
  assert.not.match(message, 'reaches app.example.com');
});

test('a filter of Envoy guards what goes through it', () => {
  const envoy = (filter: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: envoy, namespace: ml}
data:
  envoy.yaml: |
    static_resources:
      listeners:
        - address: {socket_address: {address: 0.0.0.0, port_value: 8081}}
          filter_chains:
            - filters:
                - name: hcm
                  typed_config:
                    "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                    stat_prefix: calls
                    http_filters: [${filter}]
                    route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: api}}]}]}
      clusters:
        - name: api
          load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: api, port_value: 15566}}}}]}]}
`;
  const app = INGRESS('', 'app.example.com', 'app').replace(
    'name: api, port: {number: 15566}',
    'name: michelangelo-envoy, port: {number: 8081}',
  );
  const filter = `{name: ask, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz}}`;
  assert.is(found(API(''), app, envoy('')).length, 1);
  assert.is(found(API(''), app, envoy(filter)).length, 0);
  assert.is(
    found(API(''), app, envoy(filter.replace('name: ask,', 'name: ask, disabled: true,'))).length,
    1,
  );
});

test.run();
