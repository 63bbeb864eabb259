/** Manifests that tests of the entries share: both Services, Envoy with its workload, an Ingress for each host. */
import { configMap, service } from './support.ts';

/** Roles that these manifests lack. */
export const ABSENT = 'absent: [worker, ui, controller-manager]\n';

export const API = service('michelangelo-apiserver', '[{ name: grpc, port: 15566 }]');
export const ENVOY_SERVICE = service(
  'michelangelo-envoy',
  '[{ name: admin, port: 9901 }, { name: http, port: 80, targetPort: web }]\n  selector: { app: envoy }',
  '  labels: { team: edge }\n',
);

/** @param socket - lines of the filter chain's `transport_socket`, at the chain's own indentation */
export function envoy(socket = '', manager = ''): string {
  return configMap(
    'envoy',
    'envoy.yaml',
    `static_resources:
  listeners:
    - address: { socket_address: { address: 0.0.0.0, port_value: 8081 } }
      filter_chains:
        - filters:
            - name: http
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
${manager}                route_config:
                  virtual_hosts: [{ domains: ["*"], routes: [{ match: { prefix: / }, route: { cluster: api } }] }]
                http_filters: []
${socket}  clusters:
    - name: api
      load_assignment:
        endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: michelangelo-apiserver, port_value: 15566 } } } }] }]`,
  );
}

export const ENVOY_DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: envoy }
spec:
  template:
    metadata: { labels: { app: envoy } }
    spec:
      containers:
        - name: exporter
        - name: envoy
          ports: [{ name: web, containerPort: 8081 }, { name: admin, containerPort: 9901 }]
          readinessProbe: { httpGet: { path: /healthz, port: web } }
          livenessProbe: { httpGet: { path: /ready, port: admin } }
          startupProbe: { httpGet: { path: /healthz, port: 8081 } }
          volumeMounts: [{ name: config, mountPath: /etc/envoy }]
      volumes: [{ name: config, configMap: { name: envoy } }]
`;

export const ENVOY = [ENVOY_SERVICE, envoy(), ENVOY_DEPLOYMENT];

export function ingress(name: string, host: string, backend: string, annotations = '{}'): string {
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name}, annotations: ${annotations} }
spec:
  ingressClassName: nginx
  tls: [{ hosts: [${host}], secretName: ${name}-tls }]
  rules: [{ host: ${host}, http: { paths: [{ path: /, backend: { service: { name: ${backend} } } }] } }]
`;
}

export const API_INGRESS = ingress('api', 'api.old', 'michelangelo-apiserver');
export const APP_INGRESS = ingress('app', 'app.old', 'michelangelo-envoy');
export const BASE = [API, ...ENVOY, API_INGRESS, APP_INGRESS];

/** A base that is on the Gateway API, with a listener for each host and a redirect of both. */
export const ROUTED = [
  API,
  ...ENVOY,
  `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: edge }
spec:
  listeners:
    - { name: api, hostname: api.old, protocol: HTTPS, port: 443, tls: { certificateRefs: [{ name: a }] } }
    - { name: app, hostname: app.old, protocol: HTTPS, port: 443, tls: { certificateRefs: [{ name: b }] } }
    - { name: plain, protocol: HTTP, port: 80 }
`,
  route('GRPCRoute', 'grpc', 'api', '[api.old]', 'backendRefs: [{ name: michelangelo-apiserver }]'),
  route('HTTPRoute', 'web', 'app', '[app.old]', 'backendRefs: [{ name: michelangelo-envoy }]'),
  route('HTTPRoute', 'to-https', 'plain', '[api.old, app.old]', 'filters: []'),
];

function route(kind: string, name: string, section: string, hosts: string, rule: string): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: ${kind}
metadata: { name: ${name} }
spec:
  parentRefs: [{ name: edge, sectionName: ${section} }]
  hostnames: ${hosts}
  rules: [{ ${rule} }]
`;
}
