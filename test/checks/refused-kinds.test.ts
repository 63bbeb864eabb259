/** Fields of jobs, policies, scheduling and Pod Security that Kubernetes refuses, each beside what it takes. */
import { test } from 'uvu';
import { changeIn, plantEach } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const STREAMS = ['production', 'sound.yaml'] as const;
const fine = changeIn(STREAMS, undefined);
const wrong = changeIn(STREAMS, 'kubernetes-refuses');
const doubtful = changeIn(STREAMS, 'kubernetes-refuses', 'warning');

const deployment = (manifests: Manifest[], name = 'worker') => find(manifests, 'Deployment', name);
const podOf = (manifests: Manifest[], name = 'worker') =>
  deployment(manifests, name).spec.template.spec;
const homeOf = (manifests: Manifest[]) => deployment(manifests).metadata.namespace;

/** A Job that runs each night. */
const nightly =
  (schedule: string, more: Manifest = {}, restartPolicy: string | undefined = 'Never') =>
  (manifests: Manifest[]) => {
    const pod = { restartPolicy, containers: [{ name: 'job', image: 'busybox:1.36.1' }] };
    manifests.push({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'nightly', namespace: homeOf(manifests) },
      spec: {
        schedule,
        ...more,
        jobTemplate: {
          spec: { template: { metadata: { labels: { job: 'nightly' } }, spec: pod } },
        },
      },
    });
  };

const policy = (ports: Manifest[], from: Manifest[]) => (manifests: Manifest[]) => {
  manifests.push({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'other', namespace: homeOf(manifests) },
    spec: {
      podSelector: { matchLabels: { app: 'nobody-has-this' } },
      policyTypes: ['Ingress'],
      ingress: [{ from, ports }],
    },
  });
};
const ANYBODY = { ipBlock: { cidr: '10.0.0.0/8' } };

const pod = (settings: Manifest) => (manifests: Manifest[]) => {
  Object.assign(podOf(manifests), settings);
};

const spread = (settings: Manifest) => (manifests: Manifest[]) => {
  const { metadata } = deployment(manifests).spec.template;
  podOf(manifests).topologySpreadConstraints = [
    {
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: metadata.labels },
      ...settings,
    },
  ];
};

const enforce =
  (level: string, prepare?: (manifests: Manifest[]) => void) => (manifests: Manifest[]) => {
    const name = homeOf(manifests);
    const there = manifests.find((one) => one.kind === 'Namespace' && one.metadata.name === name);
    const namespace = there ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    if (!there) manifests.push(namespace);
    namespace.metadata.labels = { 'pod-security.kubernetes.io/enforce': level };
    prepare?.(manifests);
  };

/** Pods as the level `restricted` asks for them, and everything else as it is. */
function restricted(manifests: Manifest[]): void {
  for (const { kind, spec } of manifests)
    if (['Deployment', 'StatefulSet'].includes(kind)) {
      spec.template.spec.securityContext = {
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      };
      for (const container of spec.template.spec.containers)
        container.securityContext = {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
        };
    }
}

await plantEach([
  fine('a CronJob each night', nightly('15 3 * * *', { timeZone: 'Europe/Berlin' })),
  fine('words and steps', nightly('*/10 8-18/2 1,15 JAN-MAR mon-fri')),
  fine('a descriptor', nightly('@daily')),
  fine('an interval', nightly('@every 1h30m')),
  wrong('a day with 25 hours', nightly('15 25 * * *')),
  wrong('a schedule of six fields', nightly('0 15 3 * * *')),
  wrong('a step of none', nightly('*/0 * * * *')),
  wrong('a range that runs back', nightly('0 18-8 * * *')),
  wrong('a descriptor that is none', nightly('@nightly')),
  wrong('a zone in the schedule', nightly('CRON_TZ=UTC 15 3 * * *')),
  doubtful('a deadline below ten seconds', nightly('15 3 * * *', { startingDeadlineSeconds: 5 })),
  fine('a deadline', nightly('15 3 * * *', { startingDeadlineSeconds: 200 })),
  wrong('a Job whose pods restart always', nightly('15 3 * * *', {}, 'Always')),
  wrong(
    'a range of ports that ends before it begins',
    policy([{ port: 90, endPort: 80 }], [ANYBODY]),
  ),
  wrong('a range that begins at a name', policy([{ port: 'http', endPort: 80 }], [ANYBODY])),
  fine('a range of ports', policy([{ port: 80, endPort: 90 }], [ANYBODY])),
  wrong('addresses and a selector in one peer', policy([], [{ ...ANYBODY, podSelector: {} }])),
  wrong('a peer of nobody', policy([], [{}])),
  fine('two peers', policy([], [ANYBODY, { podSelector: {} }])),
  wrong(
    'a toleration that exists and has a value',
    pod({ tolerations: [{ key: 'gpu', operator: 'Exists', value: 'yes' }] }),
  ),
  wrong('a toleration of nothing', pod({ tolerations: [{ operator: 'Equal', value: 'yes' }] })),
  wrong(
    'a toleration for some time of another effect',
    pod({ tolerations: [{ key: 'gpu', operator: 'Exists', tolerationSeconds: 60 }] }),
  ),
  fine('a toleration of everything', pod({ tolerations: [{ operator: 'Exists' }] })),
  wrong('a skew of none', spread({ maxSkew: 0 })),
  wrong('a spread that does not say what then', spread({ whenUnsatisfiable: 'Never' })),
  wrong('a spread over nothing', spread({ topologyKey: '' })),
  wrong('domains where anything goes', spread({ minDomains: 2 })),
  fine('domains', spread({ minDomains: 2, whenUnsatisfiable: 'DoNotSchedule' })),
  wrong('an affinity without a topology', (manifests) => {
    const { labels } = deployment(manifests).spec.template.metadata;
    podOf(manifests).affinity = {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { labelSelector: { matchLabels: labels } },
        ],
      },
    };
  }),
  wrong('a weight above 100', (manifests) => {
    const { labels } = deployment(manifests).spec.template.metadata;
    const podAffinityTerm = {
      topologyKey: 'kubernetes.io/hostname',
      labelSelector: { matchLabels: labels },
    };
    podOf(manifests).affinity = {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 200, podAffinityTerm }],
      },
    };
  }),
  wrong('a label of the pods that is a boolean', (manifests) => {
    deployment(manifests).spec.template.metadata.labels.critical = true;
  }),
  // A solver's policy selects by a value that many labels have.
  fine('a label of the pods that is true', (manifests) => {
    deployment(manifests).spec.template.metadata.labels.critical = 'true';
    policy([], [ANYBODY])(manifests);
    manifests.at(-1).spec.podSelector.matchLabels = {
      'acme.cert-manager.io/http01-solver': 'true',
    };
    manifests.at(-1).spec.ingress[0].ports = [{ port: 8089 }];
  }),
  wrong('a level that is none', enforce('strict')),
  fine('the level baseline', enforce('baseline')),
  fine('the level restricted, with pods that keep to it', enforce('restricted', restricted)),
  doubtful(
    'the level restricted, and one container may gain privileges',
    enforce('restricted', (manifests) => {
      restricted(manifests);
      delete podOf(manifests).containers[0].securityContext.allowPrivilegeEscalation;
    }),
  ),
  doubtful(
    'the level baseline, and a folder of the node',
    enforce('baseline', (manifests) => {
      podOf(manifests).volumes.push({ name: 'node', hostPath: { path: '/data' } });
    }),
  ),
  doubtful(
    'the level baseline, and a capability',
    enforce('baseline', (manifests) => {
      podOf(manifests).containers[0].securityContext = { capabilities: { add: ['NET_ADMIN'] } };
    }),
  ),
  fine(
    'the level privileged, and a folder of the node',
    enforce('privileged', (manifests) => {
      podOf(manifests).volumes.push({ name: 'node', hostPath: { path: '/data' } });
    }),
  ),
]);

test.run();
