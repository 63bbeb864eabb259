/** Changes that break nothing, each beside the change of the same kind that does. */
import { test } from 'uvu';
import { pageApart } from './envoy-plantings.ts';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { editDocument, find, type Manifest } from './support.ts';

const NGINX = 'nginx.ingress.kubernetes.io';

const named = (manifests: Manifest[], kind: string, name: string) =>
  manifests.find((one) => one.kind === kind && one.metadata.name === name);
const ingressTo = (manifests: Manifest[], word: string): Manifest =>
  manifests.find(
    ({ kind, spec }) =>
      kind === 'Ingress' && spec.rules[0].http.paths[0].backend.service.name.includes(word),
  );
const copyOf = (manifest: Manifest, name: string) => {
  const copy = structuredClone(manifest);
  copy.metadata.name = name;
  return copy;
};

/** Of a program that has nothing to do with ours. */
const otherEntry = (kind: 'Ingress' | 'HTTPRoute', namespace: string): Manifest => ({
  apiVersion: kind === 'Ingress' ? 'networking.k8s.io/v1' : 'gateway.networking.k8s.io/v1',
  kind,
  metadata: { name: 'grafana', namespace },
  spec:
    kind === 'Ingress'
      ? {
          rules: [
            {
              host: 'grafana.example.net',
              http: {
                paths: [
                  {
                    path: '/',
                    pathType: 'Prefix',
                    backend: { service: { name: 'kps-grafana', port: { number: 80 } } },
                  },
                ],
              },
            },
          ],
        }
      : {
          hostnames: ['grafana.example.net'],
          parentRefs: [{ name: 'shared', namespace: 'infra' }],
          rules: [{ backendRefs: [{ name: 'kps-grafana', port: 80 }] }],
        },
});

const allow = (origin: string) => (manifests: Manifest[]) =>
  editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
    const manager = root.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
    const policies = manager.route_config.virtual_hosts[0].typed_per_filter_config;
    policies['envoy.filters.http.cors'].allow_origin_string_match = [{ exact: origin }];
  });

const ORIGINS: readonly PlantedChange[] = [
  {
    name: 'the page has a host of its own, and its origin is let in',
    in: ['sound.yaml'],
    plant: pageApart,
  },
  {
    name: 'the page has a host of its own, and its origin is not let in',
    code: 'cors-app-origin',
    in: ['sound.yaml'],
    plant: (manifests) => {
      pageApart(manifests);
      allow('https://studio.ml.acme.io')(manifests);
    },
  },
  {
    name: 'an Ingress that redirects to the page is no page',
    in: ['sound.yaml'],
    plant: (manifests) => {
      const www = copyOf(named(manifests, 'Ingress', 'prod-ma-web'), 'www');
      www.metadata.annotations = { [`${NGINX}/permanent-redirect`]: 'https://studio.ml.acme.io' };
      www.spec.tls[0] = { hosts: ['www.ml.acme.io'], secretName: 'www-tls' };
      www.spec.rules[0].host = 'www.ml.acme.io';
      manifests.push(www);
    },
  },
  {
    name: 'the page is served from elsewhere',
    in: ['sound.yaml'],
    plant: (manifests) => {
      allow('https://console.acme.io')(manifests);
      const gone = manifests.filter(({ metadata }) => metadata.name.startsWith('prod-ma-ui'));
      for (const one of gone) manifests.splice(manifests.indexOf(one), 1);
      editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
        const manager = root.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
        manager.route_config.virtual_hosts[0].routes.pop();
        root.static_resources.clusters.splice(1, 1);
      });
    },
  },
  {
    name: 'another release in a namespace of its own',
    in: ['sound-contour.yaml'],
    plant: (manifests) => {
      const rename = (text: string) =>
        text
          .replaceAll('models.example.org', 'umbrella.example')
          .replaceAll('models\\\\.example\\\\.org', 'umbrella\\\\.example');
      const others = manifests
        .filter(({ metadata }) => metadata.namespace === 'models')
        .map((one) => JSON.parse(rename(JSON.stringify(one))));
      for (const one of others) one.metadata.namespace = 'umbrella';
      manifests.push(...others);
    },
  },
  ...(['Ingress', 'HTTPRoute'] as const).map(
    (kind): PlantedChange => ({
      name: `another program's ${kind}, whose Service is not here`,
      code: kind === 'Ingress' ? 'backend-missing' : 'reference-missing',
      severity: 'warning',
      in: ['production', 'staging', 'sound.yaml'],
      plant: (manifests) => {
        const namespace = find(manifests, 'Deployment', 'envoy').metadata.namespace;
        manifests.push(otherEntry(kind, namespace));
      },
    }),
  ),
  {
    name: "another release's Service, whose pods are not here",
    code: 'backend-missing',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: (manifests) => {
      manifests.push({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'test-ma-apiserver', namespace: 'test' },
        spec: { selector: { app: 'test-apiserver' }, ports: [{ name: 'grpc', port: 15566 }] },
      });
    },
  },
];

const addSidecar = (port: number) => (manifests: Manifest[]) => {
  const { spec } = named(manifests, 'Deployment', 'prod-ma-envoy').spec.template;
  spec.containers.push({
    name: 'oauth2-proxy',
    image: 'quay.io/oauth2-proxy/oauth2-proxy:v7.6.0',
    ports: [{ name: 'login', containerPort: 4180 }],
  });
  named(manifests, 'Service', 'prod-ma-envoy').spec.ports[0].targetPort = port;
};

const ROLES: readonly PlantedChange[] = [
  { name: 'a login stands before Envoy in its pods', in: ['sound.yaml'], plant: addSidecar(4180) },
  {
    name: 'the port leads to neither of them',
    code: 'backend-missing',
    in: ['sound.yaml'],
    plant: addSidecar(4181),
  },
  {
    name: 'Envoy runs beside the page, behind another port of its Service',
    in: ['sound.yaml'],
    plant: (manifests) => {
      const page = named(manifests, 'Deployment', 'prod-ma-ui').spec.template.spec;
      const envoy = named(manifests, 'Deployment', 'prod-ma-envoy').spec.template.spec;
      envoy.volumes[0].name = 'envoy';
      envoy.containers[0].volumeMounts[0].name = 'envoy';
      page.containers.push(...envoy.containers);
      page.volumes.push(...envoy.volumes);
      for (const kind of ['Deployment', 'Service'])
        manifests.splice(manifests.indexOf(named(manifests, kind, 'prod-ma-envoy')), 1);
      const { ports } = named(manifests, 'Service', 'prod-ma-ui').spec;
      ports[0].name = 'page';
      ports.push({ name: 'grpc-web', port: 8081, targetPort: 9901 });
      const [rule] = named(manifests, 'Ingress', 'prod-ma-web').spec.rules;
      rule.http.paths = [
        ['/michelangelo.api.', 8081],
        ['/', 80],
      ].map(([path, number]) => ({
        path,
        pathType: 'ImplementationSpecific',
        backend: { service: { name: 'prod-ma-ui', port: { number } } },
      }));
    },
  },
  {
    name: "traces go to a collector of somebody else's",
    code: 'reference-missing',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: (manifests) =>
      editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
        const { endpoints } = root.static_resources.clusters[2].load_assignment;
        endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address = 'otel-collector';
      }),
  },
];

const TRAEFIK = 'traefik.ingress.kubernetes.io/router';
const toHttps = (entryPoint: string) => (manifests: Manifest[]) => {
  const web = ingressTo(manifests, 'envoy');
  web.metadata.annotations[`${TRAEFIK}.entrypoints`] = 'websecure';
  const plain = copyOf(web, 'plain');
  plain.metadata.annotations = {
    [`${TRAEFIK}.entrypoints`]: entryPoint,
    [`${TRAEFIK}.middlewares`]: 'michelangelo-to-https@kubernetescrd',
  };
  delete plain.spec.tls;
  manifests.push(plain, {
    apiVersion: 'traefik.io/v1alpha1',
    kind: 'Middleware',
    metadata: { name: 'to-https', namespace: 'michelangelo' },
    spec: { redirectScheme: { scheme: 'https' } },
  });
};
const action = (hasAnnotation: boolean) => (manifests: Manifest[]) => {
  const { metadata, spec } = ingressTo(manifests, 'envoy');
  if (hasAnnotation)
    metadata.annotations['alb.ingress.kubernetes.io/actions.ssl-redirect'] = JSON.stringify({
      Type: 'redirect',
      RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' },
    });
  spec.rules[0].http.paths.unshift({
    path: hasAnnotation ? '/' : '/old',
    pathType: 'Prefix',
    backend: { service: { name: 'ssl-redirect', port: { name: 'use-annotation' } } },
  });
};
const withoutTimeouts =
  (settings: Record<string, string> | undefined) => (manifests: Manifest[]) => {
    for (const { kind, metadata } of manifests)
      if (kind === 'Ingress')
        for (const key of ['read', 'send'])
          delete metadata.annotations?.[`${NGINX}/proxy-${key}-timeout`];
    if (settings)
      manifests.push({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'ingress-nginx-controller', namespace: 'ingress-nginx' },
        data: settings,
      });
  };

const ENTRIES: readonly PlantedChange[] = [
  { name: 'a redirect on another entry point', in: ['staging'], plant: toHttps('web') },
  {
    name: 'a redirect on the same entry point',
    code: 'duplicate-entry',
    in: ['staging'],
    plant: toHttps('web,websecure'),
  },
  { name: 'an action of the load balancer', in: ['production'], plant: action(true) },
  {
    name: 'an action that no annotation describes',
    code: 'backend-missing',
    in: ['production'],
    plant: action(false),
  },
  {
    name: "the controller's ConfigMap has the timeouts",
    in: ['production', 'sound.yaml'],
    plant: withoutTimeouts({ 'proxy-read-timeout': '3600', 'proxy-send-timeout': '7200' }),
  },
  {
    name: "the controller's ConfigMap has shorter ones",
    code: 'entry-timeouts',
    in: ['sound.yaml'],
    plant: withoutTimeouts({ 'proxy-read-timeout': '30', 'proxy-send-timeout': '30' }),
  },
  {
    name: 'neither Ingress nor ConfigMap has any',
    code: 'entry-timeouts',
    in: ['sound.yaml'],
    plant: withoutTimeouts(undefined),
  },
];

const leadChallengesTo = (name: string) => (manifests: Manifest[]) => {
  const ingress = ingressTo(manifests, 'envoy');
  ingress.spec.rules[0].http.paths.unshift({
    path: '/.well-known/acme-challenge/token',
    pathType: 'Exact',
    backend: { service: { name, port: { number: 8089 } } },
  });
  manifests.push({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { ...ingress.metadata, name, annotations: {} },
    spec: { ports: [{ port: 8089 }] },
  });
};
const share = (className: string) => (manifests: Manifest[]) => {
  const { spec } = find(manifests, 'Gateway');
  spec.gatewayClassName = className;
  const [first] = spec.listeners;
  spec.listeners.push({ ...first, name: 'docs', hostname: 'docs.ml.corp.example.com' });
};

const CERTIFICATES: readonly PlantedChange[] = [
  { name: 'a solver of its own', in: ['sound.yaml'], plant: leadChallengesTo('certbot') },
  {
    name: 'challenges go to something that nobody knows',
    code: 'acme-challenge-blocked',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: leadChallengesTo('somebody'),
  },
  {
    name: 'one Secret for two listeners where the implementation carries it',
    in: ['onprem'],
    plant: share('istio'),
  },
  {
    name: 'one Secret for two listeners where it does not',
    code: 'shared-issuer-secret',
    in: ['onprem'],
    plant: share('envoy-gateway'),
  },
  {
    name: 'one Secret for two listeners of somebody',
    code: 'shared-issuer-secret',
    severity: 'warning',
    in: ['onprem'],
    plant: share('edge'),
  },
];

const api = (manifests: Manifest[]) => named(manifests, 'Deployment', 'prod-ma-apiserver');
const shutAnd = (other: (labels: Manifest) => Manifest[]) => (manifests: Manifest[]) => {
  const { labels } = api(manifests).spec.template.metadata;
  manifests.push(
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'shut' },
      spec: { podSelector: { matchLabels: labels }, policyTypes: ['Ingress'] },
    },
    ...other(labels),
  );
};
const cilium = (port: string) => (labels: Manifest) => [
  {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'api' },
    spec: {
      endpointSelector: { matchLabels: labels },
      ingress: [{ fromEntities: ['cluster'], toPorts: [{ ports: [{ port, protocol: 'TCP' }] }] }],
    },
  },
];

const POLICIES: readonly PlantedChange[] = [
  {
    name: 'a policy that shuts the API server',
    code: 'policy-shuts-peer',
    in: ['sound.yaml'],
    plant: shutAnd(() => []),
  },
  {
    name: 'a policy of Cilium opens it',
    in: ['sound.yaml'],
    plant: shutAnd(cilium('15566')),
  },
  {
    name: 'a policy of Cilium opens another port',
    code: 'policy-shuts-peer',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: shutAnd(cilium('8080')),
  },
  {
    name: 'a policy of Calico, which has the same kind, shuts nothing of ours',
    in: ['sound.yaml'],
    plant: (manifests) => {
      manifests.push({
        apiVersion: 'projectcalico.org/v3',
        kind: 'NetworkPolicy',
        metadata: { name: 'batch' },
        spec: { selector: "app == 'batch'", types: ['Ingress', 'Egress'] },
      });
    },
  },
  {
    name: 'a policy of Calico opens it',
    in: ['sound.yaml'],
    plant: shutAnd(() => [
      {
        apiVersion: 'projectcalico.org/v3',
        kind: 'GlobalNetworkPolicy',
        metadata: { name: 'platform' },
        spec: {
          order: 10,
          selector: 'all()',
          ingress: [{ action: 'Allow', protocol: 'TCP', destination: { ports: ['15000:16000'] } }],
        },
      },
    ]),
  },
];

await plantEach([...POLICIES, ...ORIGINS, ...ROLES, ...ENTRIES, ...CERTIFICATES]);

test.run();
