/** Quotas, limits and folders that let no pod run. */
import { test } from 'uvu';
import { changeIn, plantEach } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const STREAMS = ['production', 'sound.yaml'] as const;
const refused = changeIn(STREAMS, 'kubernetes-refuses');
const doubted = changeIn(['sound.yaml'], 'kubernetes-refuses', 'warning');
const fine = changeIn(STREAMS, undefined);

const containerOf = (manifests: Manifest[], name: string) =>
  find(manifests, 'Deployment', name).spec.template.spec.containers[0];

function add(manifests: Manifest[], kind: string, spec: Manifest): void {
  const { namespace } = find(manifests, 'Deployment', 'apiserver').metadata;
  manifests.push({ apiVersion: 'v1', kind, metadata: { name: 'team', namespace }, spec });
}

const quota =
  (hard: Manifest, more: Manifest = {}) =>
  (manifests: Manifest[]) =>
    add(manifests, 'ResourceQuota', { hard, ...more });

const range = (limit: Manifest, resources: Manifest) => (manifests: Manifest[]) => {
  for (const { kind, spec } of manifests)
    if (kind === 'Deployment')
      for (const container of spec.template.spec.containers)
        container.resources = { requests: { memory: '250Mi' }, limits: { memory: '512Mi' } };
  containerOf(manifests, 'apiserver').resources = resources;
  add(manifests, 'LimitRange', { limits: [{ type: 'Container', ...limit }] });
};

const request = { requests: { memory: '512Mi' } };

await plantEach([
  refused('a quota of fewer pods than there are', quota({ pods: '2' })),
  refused('a quota of less memory than is requested', (manifests) => {
    for (const { kind, spec } of manifests)
      if (kind === 'Deployment')
        for (const container of spec.template.spec.containers) container.resources = request;
    quota({ 'requests.memory': '1Gi' })(manifests);
  }),
  doubted('a quota of limits that containers do not have', quota({ 'limits.cpu': '100' })),
  fine('a quota with room', quota({ pods: '50', services: '2' })),
  fine('a quota of pods that end', quota({ pods: '1' }, { scopes: ['Terminating'] })),
  refused(
    'a limit above that of the namespace',
    range({ max: { memory: '256Mi' } }, { limits: { memory: '1Gi' } }),
  ),
  refused('a request above the limit by default', range({ default: { memory: '256Mi' } }, request)),
  refused(
    'a request below the least',
    range({ min: { memory: '192Mi' } }, { requests: { memory: '128Mi' } }),
  ),
  fine('a limit of the namespace that all keep', range({ max: { memory: '2Gi' } }, request)),
]);

const page = (mounts: readonly string[], image?: string) => (manifests: Manifest[]) => {
  const container = containerOf(manifests, 'ui');
  if (image) container.image = image;
  container.securityContext = { readOnlyRootFilesystem: true };
  const kept = container.volumeMounts.filter(
    ({ mountPath }: Manifest) => !mountPath.startsWith('/var'),
  );
  container.volumeMounts = [
    ...kept,
    ...mounts.map((mountPath) => ({ name: 'scratch', mountPath, subPath: mountPath.slice(1) })),
  ];
  find(manifests, 'Deployment', 'ui').spec.template.spec.volumes.push({
    name: 'scratch',
    emptyDir: {},
  });
};

const unwritable = changeIn(STREAMS, 'program-files');
const notPulled = changeIn(STREAMS, 'image-not-pulled', 'warning');
const scaler = (metric: Manifest) => (manifests: Manifest[]) => {
  const { metadata } = find(manifests, 'Deployment', 'apiserver');
  manifests.push({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'calls', namespace: metadata.namespace },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name },
      minReplicas: 0,
      maxReplicas: 3,
      metrics: [metric],
    },
  });
};

await plantEach([
  unwritable('nginx cannot write its temporary files', page(['/var/run'])),
  unwritable('nginx cannot write at all', page([])),
  unwritable(
    'an unprivileged nginx has no /tmp',
    page(['/var/cache/nginx'], 'nginxinc/nginx-unprivileged:1.27'),
  ),
  fine('nginx has both folders', page(['/var/cache/nginx', '/run'])),
  notPulled('an image is never pulled', (manifests) => {
    containerOf(manifests, 'worker').imagePullPolicy = 'Never';
  }),
  fine('an image is pulled where it is not there', (manifests) => {
    containerOf(manifests, 'worker').imagePullPolicy = 'IfNotPresent';
  }),
  changeIn(['dev'], undefined)('an image is never pulled for a test', (manifests) => {
    containerOf(manifests, 'worker').imagePullPolicy = 'Never';
  }),
  changeIn(['sound.yaml'], 'autoscaler')(
    'no pod at least, and nothing to measure then',
    scaler({
      type: 'Resource',
      resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '1' } },
    }),
  ),
  changeIn(
    ['sound.yaml'],
    'autoscaler',
    'warning',
  )(
    'no pod at least, by a metric from outside',
    scaler({
      type: 'External',
      external: { metric: { name: 'queue' }, target: { type: 'Value', value: '10' } },
    }),
  ),
  changeIn(STREAMS, 'service-without-pods')(
    'a Service has a name elsewhere and pods here',
    (manifests) => {
      const { spec } = find(manifests, 'Service', 'apiserver');
      Object.assign(spec, { type: 'ExternalName', externalName: 'api.old.example.net' });
    },
  ),
]);

test.run();
