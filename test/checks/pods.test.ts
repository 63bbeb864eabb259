/** What pods are given, what they are asked, and what Kubernetes takes of them, beside the harmless change of the same kind. */
import { test } from 'uvu';
import { type PlantedChange, plantEach, type StreamName } from './plant-each.ts';
import { editDocument, find, type Manifest } from './support.ts';

const CHARTS: readonly StreamName[] = ['sound.yaml'];
const ALL: readonly StreamName[] = ['sound.yaml', 'sound-contour.yaml'];

const podOf = (manifests: Manifest[], ending: string) =>
  find(manifests, 'Deployment', ending).spec.template.spec;
const pod = (ending: string, plant: (pod: Manifest) => void) => (manifests: Manifest[]) =>
  plant(podOf(manifests, ending));
const container = (ending: string, change: Manifest) => (manifests: Manifest[]) =>
  Object.assign(podOf(manifests, ending).containers[0], change);
const script = (text: string) => ({
  lifecycle: { preStop: { exec: { command: ['sh', '-c', text] } } },
});

const GRACE: readonly PlantedChange[] = [
  {
    name: 'preStop sleeps longer than the pod lives',
    code: 'grace-period',
    in: ALL,
    plant: pod('envoy', (spec) => {
      spec.terminationGracePeriodSeconds = 20;
      spec.containers[0].lifecycle = { preStop: { sleep: { seconds: 30 } } };
    }),
  },
  {
    name: 'a script that sleeps longer than the default',
    code: 'grace-period',
    in: CHARTS,
    plant: container('apiserver', script('touch /tmp/down; sleep 20 && sleep 1m')),
  },
  {
    name: 'a script that sleeps for the whole time',
    code: 'grace-period',
    severity: 'warning',
    in: CHARTS,
    plant: container('apiserver', script('sleep 30')),
  },
  { name: 'a short sleep', in: CHARTS, plant: container('apiserver', script('sleep 15')) },
  {
    name: 'a loop that ends when the last call has',
    in: CHARTS,
    plant: container('apiserver', script('while test -e /tmp/busy; do sleep 60; done')),
  },
  {
    name: 'Envoy drains longer than the pod lives',
    code: 'grace-period',
    severity: 'warning',
    in: CHARTS,
    plant: container('envoy', { args: ['-c', '/etc/envoy/envoy.yaml', '--drain-time-s', '600'] }),
  },
  {
    name: 'Envoy drains for less',
    in: CHARTS,
    plant: container('envoy', { args: ['-c', '/etc/envoy/envoy.yaml', '--drain-time-s', '20'] }),
  },
  {
    name: 'the pod is killed at once',
    code: 'grace-period',
    severity: 'warning',
    in: CHARTS,
    plant: pod('worker', (spec) => {
      spec.terminationGracePeriodSeconds = 0;
    }),
  },
];

const http = (ending: string, httpGet: Manifest) =>
  container(ending, { readinessProbe: { httpGet } });
const routes = (change: (routes: Manifest[]) => Manifest[]) => (manifests: Manifest[]) =>
  editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
    const [host] =
      root.static_resources.listeners[0].filter_chains[0].filters[0].typed_config.route_config
        .virtual_hosts;
    host.routes = change(host.routes);
  });
const answering = (status: number) =>
  routes((own) => [{ match: { path: '/ready' }, direct_response: { status } }, ...own]);

const PROBES: readonly PlantedChange[] = [
  {
    name: "TLS to the page's plain port",
    code: 'probe-unanswered',
    in: ALL,
    plant: http('ui', { path: '/', port: 80, scheme: 'HTTPS' }),
  },
  { name: 'no TLS to it', in: ALL, plant: http('ui', { path: '/', port: 80, scheme: 'HTTP' }) },
  {
    name: "TLS to the page's port, in an image of one's own",
    code: 'probe-unanswered',
    severity: 'warning',
    in: CHARTS,
    plant: (manifests) => {
      container('ui', { image: 'registry.example.com/page:1' })(manifests);
      http('ui', { path: '/', port: 80, scheme: 'HTTPS' })(manifests);
    },
  },
  {
    name: "TLS to Envoy's plain listener",
    code: 'probe-unanswered',
    in: ALL,
    plant: http('envoy', { path: '/', port: 'http', scheme: 'HTTPS' }),
  },
  {
    name: 'a path of a listener that serves the metrics alone',
    code: 'probe-unanswered',
    in: ['production'],
    plant: http('envoy', { path: '/healthz', port: 'metrics' }),
  },
  {
    name: 'the path that it serves',
    in: ['production'],
    plant: http('envoy', { path: '/stats/prometheus', port: 'metrics' }),
  },
  {
    name: 'a path that is led to the page',
    in: ['sound.yaml'],
    plant: http('envoy', { path: '/ready', port: 'http' }),
  },
  {
    name: 'a path that Envoy answers itself',
    in: CHARTS,
    plant: (manifests) => {
      answering(200)(manifests);
      http('envoy', { path: '/ready', port: 'http' })(manifests);
    },
  },
  {
    name: 'a path that Envoy refuses',
    code: 'probe-unanswered',
    in: CHARTS,
    plant: (manifests) => {
      answering(403)(manifests);
      http('envoy', { path: '/ready', port: 'http' })(manifests);
    },
  },
  ...(['10.0.0.1:9901', 'studio.ml.acme.io'] as const).map(
    (host): PlantedChange => ({
      name: `the virtual host takes the public host, and the probe names ${host}`,
      ...(host === 'studio.ml.acme.io' ? {} : { code: 'probe-unanswered' as const }),
      in: ['sound.yaml'],
      plant: (manifests) => {
        editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
          const [chain] = root.static_resources.listeners[0].filter_chains;
          chain.filters[0].typed_config.route_config.virtual_hosts[0].domains = [
            'studio.ml.acme.io',
          ];
        });
        http('envoy', { path: '/', port: 9901, httpHeaders: [{ name: 'Host', value: host }] })(
          manifests,
        );
      },
    }),
  ),
  {
    name: 'HTTP to an API server whose config is not here',
    code: 'probe-unanswered',
    in: ['sound.yaml'],
    plant: http('apiserver', { path: '/healthz', port: 'grpc' }),
  },
  {
    name: 'HTTP to a gateway beside it',
    in: ['sound.yaml'],
    plant: pod('apiserver', ({ containers }) => {
      containers.push({
        name: 'gateway',
        image: 'registry.example.com/gateway:1',
        ports: [{ name: 'rest', containerPort: 8090 }],
        readinessProbe: { httpGet: { path: '/healthz', port: 'rest' } },
      });
    }),
  },
  {
    name: "TLS to the controller manager's health",
    code: 'probe-unanswered',
    in: CHARTS,
    plant: http('controllermgr', { path: '/healthz', port: 8083, scheme: 'HTTPS' }),
  },
];

const other =
  (kind: string, hostPort: Manifest, rest: Manifest = {}) =>
  (manifests: Manifest[]) => {
    manifests.push({
      apiVersion: 'apps/v1',
      kind,
      metadata: { name: `other-${manifests.length}`, namespace: 'edge' },
      spec: {
        selector: { matchLabels: { app: 'other' } },
        template: {
          metadata: { labels: { app: 'other' } },
          spec: {
            containers: [
              { name: 'main', image: 'other:1', ports: [{ containerPort: 80, ...hostPort }] },
            ],
            ...rest,
          },
        },
      },
    });
  };
const both =
  (one: PlantedChange['plant'], two: PlantedChange['plant']) => (manifests: Manifest[]) => {
    one(manifests);
    two(manifests);
  };

const HOST_PORTS: readonly PlantedChange[] = [
  {
    name: 'two programs ask for one port of their node',
    code: 'host-port',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: both(other('Deployment', { hostPort: 80 }), other('DaemonSet', { hostPort: 80 })),
  },
  {
    name: 'two programs that every node is to have',
    code: 'host-port',
    in: ['sound.yaml'],
    plant: both(
      other('DaemonSet', { hostPort: 80 }),
      other('DaemonSet', {}, { hostNetwork: true }),
    ),
  },
  {
    name: 'one port at two addresses, or by two protocols',
    in: ['sound.yaml'],
    plant: both(
      both(
        other('DaemonSet', { hostPort: 80, hostIP: '127.0.0.1' }),
        other('DaemonSet', { hostPort: 80, hostIP: '10.0.0.1' }),
      ),
      other('DaemonSet', { hostPort: 80, protocol: 'UDP' }),
    ),
  },
];

const image =
  (name: string, ...endings: string[]) =>
  (manifests: Manifest[]) => {
    for (const ending of endings) podOf(manifests, ending).containers[0].image = name;
  };
const IMAGES: readonly PlantedChange[] = [
  ...[
    'worker:${TAG}',
    'worker:$(TAG)',
    'worker:{{ .Values.tag }}',
    'worker:<no value>',
    'worker:',
    'ghcr.io/Michelangelo-AI/worker:0.2.1',
    'https://ghcr.io/michelangelo-ai/worker:0.2.1',
    'ghcr.io//worker:0.2.1',
    'worker@sha256:',
    'worker:0.2.1 ',
  ].map(
    (name): PlantedChange => ({
      name: `the image ${name}`,
      code: 'image-name',
      in: ['sound.yaml'],
      plant: image(name, 'worker'),
    }),
  ),
  {
    name: 'every image has a variable that Flux fills in',
    code: 'image-name',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: image('ghcr.io/michelangelo-ai/one:${tag:=0.5.0}', 'worker', 'controllermgr'),
  },
  ...[
    'worker',
    'localhost:5000/team/worker:0.2.1-rc_1',
    'registry.Example.com:5000/a-b__c/worker:v1@sha256:'.concat('0'.repeat(64)),
  ].map(
    (name): PlantedChange => ({
      name: `the image ${name}`,
      in: ['sound-contour.yaml'],
      plant: image(name, 'apiserver'),
    }),
  ),
];

const beside = (change: Manifest) =>
  pod('worker', (spec) => {
    spec.containers.push({ name: 'beside', image: 'beside:1', ...change });
  });
const REFUSED: readonly PlantedChange[] = [
  ...(
    [
      ['two containers of one name', { name: 'worker' }],
      [
        'two ports of one name',
        { ports: [1, 2].map((containerPort) => ({ name: 'a', containerPort })) },
      ],
      ['a name that is too long', { ports: [{ name: 'michelangelo-port', containerPort: 1 }] }],
      ['a name without a letter', { ports: [{ name: '8080', containerPort: 8080 }] }],
      [
        'one port of the node twice',
        { ports: [1, 2].map((containerPort) => ({ containerPort, hostPort: 7 })) },
      ],
    ] as const
  ).map(
    ([name, change]): PlantedChange => ({
      name,
      code: 'kubernetes-refuses',
      in: ['sound.yaml'],
      plant: beside(change),
    }),
  ),
  {
    name: 'two volumes of one name',
    code: 'kubernetes-refuses',
    in: ['sound.yaml'],
    plant: pod('worker', (spec) => {
      spec.volumes.push({ name: 'tmp', emptyDir: {} }, { name: 'tmp', emptyDir: {} });
    }),
  },
  {
    name: 'names of its own',
    in: ['sound.yaml'],
    plant: beside({
      ports: [{ name: 'grpc-web-8081', containerPort: 8081 }, { containerPort: 1 }],
    }),
  },
];

const asking = (probe: Manifest, kind = 'livenessProbe') =>
  beside({ [kind]: { tcpSocket: { port: 80 }, ...probe } });
const worker = (security: Manifest, mode: Manifest, field = 'defaultMode') =>
  pod('worker', (spec) => {
    spec.securityContext = security;
    const [volume] = spec.volumes.filter((one: Manifest) => one.configMap);
    if (field === 'defaultMode') volume.configMap.defaultMode = mode;
    else volume.configMap.items = [{ key: 'base.yaml', path: 'base.yaml', mode }];
  });
const add = (manifest: Manifest) => (manifests: Manifest[]) => {
  manifests.push({ apiVersion: 'v1', ...manifest });
};
const secret = (type: string, ...keys: string[]) =>
  add({
    kind: 'Secret',
    metadata: { name: 'planted' },
    type,
    stringData: Object.fromEntries(keys.map((key) => [key, 'x'])),
  });
const service = (type: string, nodePort: number) =>
  add({
    kind: 'Service',
    metadata: { name: 'planted' },
    spec: { type, selector: { app: 'other' }, ports: [{ port: 80, nodePort }] },
  });

const refused = (name: string, plant: PlantedChange['plant']): PlantedChange => ({
  name,
  code: 'kubernetes-refuses',
  in: ['sound.yaml'],
  plant,
});
const unread = (name: string, plant: PlantedChange['plant']): PlantedChange => ({
  name,
  code: 'program-files',
  in: ['sound.yaml'],
  plant,
});
const sound = (name: string, plant: PlantedChange['plant']): PlantedChange => ({
  name,
  in: ['sound.yaml'],
  plant,
});

const DISTROLESS = 'envoyproxy/envoy:distroless-v1.40.0';
const exec = { exec: { command: ['/bin/sh', '-c', 'sleep 5'] } };
const BARE: readonly PlantedChange[] = [
  {
    name: 'a hook with a shell that the image does not have',
    code: 'grace-period',
    in: ['sound.yaml'],
    plant: container('envoy', { image: DISTROLESS, lifecycle: { preStop: exec } }),
  },
  {
    name: 'a probe with a shell that the image does not have',
    code: 'probe-unanswered',
    in: ['sound.yaml'],
    plant: beside({ image: 'gcr.io/distroless/static-debian12:nonroot', livenessProbe: exec }),
  },
  {
    name: 'a shell that the image has',
    in: ['sound.yaml'],
    plant: beside({ image: 'gcr.io/distroless/base:debug', lifecycle: { preStop: exec } }),
  },
  {
    name: 'a hook of the kubelet, and a program of its own',
    in: ['sound.yaml'],
    plant: beside({
      image: DISTROLESS,
      lifecycle: { preStop: { sleep: { seconds: 5 } } },
      readinessProbe: { exec: { command: ['/usr/local/bin/envoy', '--version'] } },
    }),
  },
];

const NUMBERS: readonly PlantedChange[] = [
  refused('a variable that is a number', beside({ env: [{ name: 'A', value: 2 }] })),
  refused('a liveness probe that has to pass twice', asking({ successThreshold: 2 })),
  refused('a negative number', asking({ initialDelaySeconds: -1 })),
  refused('two ways to ask', asking({ exec: { command: ['true'] } })),
  refused('a probe that asks nothing', asking({ tcpSocket: null })),
  refused('a port that is none', asking({ tcpSocket: { port: 70_000 } })),
  sound(
    'a readiness probe that has to pass twice',
    asking({ successThreshold: 2 }, 'readinessProbe'),
  ),
  sound('zeros are defaults', asking({ initialDelaySeconds: 0, failureThreshold: 0 })),
  refused('a Secret for TLS without a key', secret('kubernetes.io/tls', 'tls.crt')),
  refused(
    'a Secret for pulling images with another key',
    secret('kubernetes.io/dockerconfigjson', 'x'),
  ),
  sound('a Secret for TLS', secret('kubernetes.io/tls', 'tls.crt', 'tls.key', 'ca.crt')),
  sound("a Secret of a type of one's own", secret('example.com/tls', 'crt')),
  refused('a node port without a type that has one', service('ClusterIP', 30_080)),
  {
    ...refused('a node port that nodes do not give', service('NodePort', 8080)),
    severity: 'warning',
  },
  sound('a node port that they give', service('LoadBalancer', 32_767)),
];

const USERS: readonly PlantedChange[] = [
  refused('no root, and root', beside({ securityContext: { runAsNonRoot: true, runAsUser: 0 } })),
  refused(
    'no root, and an image that starts as root',
    beside({ image: 'docker.io/library/nginx:1.27', securityContext: { runAsNonRoot: true } }),
  ),
  sound(
    'no root, and images that do not start as root',
    beside({
      image: 'envoyproxy/envoy:distroless-v1.40.0',
      securityContext: { runAsNonRoot: true },
    }),
  ),
  sound('root', beside({ image: 'nginx:1.27', securityContext: { runAsUser: 0 } })),
  unread('a config for root alone', worker({ runAsUser: 1000 }, 0o400)),
  unread('a config for root alone, in octal', worker({ runAsNonRoot: true }, 400)),
  unread('a config for its group alone', worker({ runAsUser: 1000, runAsGroup: 1000 }, 0o440)),
  unread('one file for root alone', worker({ runAsUser: 1000 }, 0o600, 'items')),
  sound('a config for root alone, read by root', worker({}, 0o400)),
  sound('a config for the group of the pod', worker({ runAsUser: 1000, fsGroup: 1000 }, 0o400)),
  sound('a config for a group that may be its own', worker({ runAsUser: 1000 }, 0o440)),
  sound('a config for everybody', worker({ runAsUser: 1000, runAsGroup: 1000 }, 0o444)),
  unread('a script that may not be run', (manifests) => {
    scripted(manifests);
  }),
  sound('a script that may be run', (manifests) => {
    scripted(manifests, 0o555);
  }),
];

function scripted(manifests: Manifest[], defaultMode?: number): void {
  add({ kind: 'ConfigMap', metadata: { name: 'scripts' }, data: { 'run.sh': 'exit' } })(manifests);
  const spec = podOf(manifests, 'worker');
  spec.volumes.push({ name: 'scripts', configMap: { name: 'scripts', defaultMode } });
  spec.containers.push({
    name: 'script',
    image: 'busybox:1.36',
    command: ['/scripts/run.sh'],
    volumeMounts: [{ name: 'scripts', mountPath: '/scripts' }],
  });
}

const SETTINGS: readonly PlantedChange[] = [
  refused('a label with a space', (manifests) => {
    find(manifests, 'Deployment', 'worker').metadata.labels.team = 'ML Platform';
  }),
  refused('a label of a version with a plus', (manifests) => {
    find(manifests, 'Service', 'envoy').metadata.labels = { 'helm.sh/chart': 'ma-0.4.2+3' };
  }),
  refused('a name with a low line', add({ kind: 'ConfigMap', metadata: { name: 'a_b' } })),
  sound('a name and a label that are filled in', (manifests) => {
    add({ kind: 'ConfigMap', metadata: { name: '${NAME}', labels: { a: '${A B}', b: '' } } })(
      manifests,
    );
  }),
  sound('a name with dots', add({ kind: 'ConfigMap', metadata: { name: 'kube-root.crt.2' } })),
  refused(
    'pods that are not started anew',
    pod('worker', (spec) => {
      spec.restartPolicy = 'Never';
    }),
  ),
  refused(
    'a deadline',
    pod('worker', (spec) => {
      spec.activeDeadlineSeconds = 60;
    }),
  ),
  refused(
    'no servers for names',
    pod('worker', (spec) => {
      spec.dnsPolicy = 'None';
    }),
  ),
  sound(
    'servers for names',
    pod('worker', (spec) => {
      Object.assign(spec, { dnsPolicy: 'None', dnsConfig: { nameservers: ['10.0.0.10'] } });
    }),
  ),
  refused('memory in thousandths of a byte', beside({ resources: { limits: { memory: '128m' } } })),
  refused('a unit that is none', beside({ resources: { requests: { memory: '128MB' } } })),
  sound(
    'units',
    beside({ resources: { limits: { cpu: 1, memory: '128974848', 'nvidia.com/gpu': 1 } } }),
  ),
  sound('an exponent', beside({ resources: { limits: { memory: '129e6' } } })),
];

await plantEach([
  ...GRACE,
  ...PROBES,
  ...HOST_PORTS,
  ...IMAGES,
  ...REFUSED,
  ...NUMBERS,
  ...USERS,
  ...BARE,
  ...SETTINGS,
]);

test.run();
