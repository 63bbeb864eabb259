/** Files that programs read, beside the harmless change of the same kind. */
import { test } from 'uvu';
import { type PlantedChange, plantEach, type StreamName } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const ALL: readonly StreamName[] = ['sound.yaml', 'sound-contour.yaml'];
const CHARTS: readonly StreamName[] = ['sound.yaml'];
const PAGE = '/usr/share/nginx/html';

const pod =
  (ending: string, plant: (pod: Manifest, container: Manifest) => void) =>
  (manifests: Manifest[]) => {
    const { spec } = find(manifests, 'Deployment', ending).spec.template;
    plant(spec, spec.containers[0]);
  };
const mountOf = (ending: string, change: Manifest, also: Manifest = {}) =>
  pod(ending, (_, container) => {
    const [mount] = container.volumeMounts;
    for (const key of Object.keys(mount)) if (key !== 'name') delete mount[key];
    Object.assign(mount, change);
    Object.assign(container, also);
  });
const env = (name: string, value: string) => ({ env: [{ name, value }] });

const CONFIGS: readonly PlantedChange[] = [
  {
    name: 'a config is mounted elsewhere',
    code: 'program-files',
    says: /^(?!.*unless)/,
    in: ALL,
    plant: mountOf('worker', { mountPath: '/configs' }),
  },
  {
    name: 'a config is mounted elsewhere, and the program is told',
    in: CHARTS,
    plant: mountOf('worker', { mountPath: '/configs' }, env('CONFIG_DIR', '/config:/configs')),
  },
  {
    name: 'a program of an own image has its config elsewhere',
    code: 'program-files',
    severity: 'warning',
    says: /, unless an image of yours reads another file\n/,
    in: CHARTS,
    plant: mountOf('worker', { mountPath: '/configs' }, { image: 'registry.example.com/worker:1' }),
  },
  {
    name: 'a program is told another folder',
    code: 'program-files',
    in: CHARTS,
    plant: mountOf('worker', { mountPath: '/config' }, env('CONFIG_DIR', '/etc/michelangelo')),
  },
  {
    name: 'the file has another name',
    code: 'program-files',
    in: CHARTS,
    plant: pod('worker', ({ volumes }) => {
      volumes[0].configMap.items = [{ key: 'base.yaml', path: 'worker.yaml' }];
    }),
  },
  {
    name: 'the name is that of the environment',
    in: CHARTS,
    plant: pod('worker', ({ volumes }, container) => {
      volumes[0].configMap.items = [{ key: 'base.yaml', path: 'production.yaml' }];
      Object.assign(container, env('RUNTIME_ENVIRONMENT', 'production'));
    }),
  },
  {
    name: 'the file alone is mounted',
    in: CHARTS,
    plant: mountOf('worker', { mountPath: '/config/base.yaml', subPath: 'base.yaml' }),
  },
];

const PAGES: readonly PlantedChange[] = [
  {
    name: 'the config of the page is mounted over the page',
    code: 'program-files',
    in: ALL,
    plant: mountOf('ui', { mountPath: PAGE }),
  },
  {
    name: 'an empty folder is mounted over the page',
    code: 'program-files',
    in: CHARTS,
    plant: pod('ui', ({ volumes }, { volumeMounts }) => {
      volumes.push({ name: 'www', emptyDir: {} });
      volumeMounts.push({ name: 'www', mountPath: PAGE });
    }),
  },
  {
    name: 'an init container fills that folder',
    in: CHARTS,
    plant: pod('ui', (spec, { image, volumeMounts }) => {
      spec.volumes.push({ name: 'www', emptyDir: {} });
      volumeMounts.push({ name: 'www', mountPath: PAGE });
      spec.initContainers = [
        { name: 'copy', image, volumeMounts: [{ name: 'www', mountPath: '/page' }] },
      ];
    }),
  },
  {
    name: 'the config of the page is beside its folder',
    code: 'program-files',
    in: CHARTS,
    plant: mountOf('ui', { mountPath: '/usr/share/nginx/config.json', subPath: 'config.json' }),
  },
  {
    name: 'nginx is told where the page is',
    in: CHARTS,
    plant: pod('ui', ({ volumes }, { volumeMounts }) => {
      volumeMounts[0].mountPath = '/srv/config.json';
      volumes.push({ name: 'nginx', emptyDir: {} });
      volumeMounts.push({ name: 'nginx', mountPath: '/etc/nginx/conf.d' });
    }),
  },
];

const CA = {
  kind: 'ConfigMap',
  apiVersion: 'v1',
  metadata: { name: 'company-ca' },
  data: { 'ca.crt': '…' },
};
const trust = (variable: Manifest) => (manifests: Manifest[]) => {
  const { metadata, spec } = find(manifests, 'Deployment', 'worker');
  const { namespace } = metadata;
  manifests.push({ ...CA, metadata: { ...CA.metadata, ...(namespace ? { namespace } : {}) } });
  const [container] = spec.template.spec.containers;
  spec.template.spec.volumes.push({ name: 'ca', configMap: { name: 'company-ca' } });
  container.volumeMounts.push({ name: 'ca', mountPath: '/ca' });
  Object.assign(container, variable);
};
const FILES: readonly PlantedChange[] = [
  {
    name: 'an authority where it is mounted',
    in: CHARTS,
    plant: trust(env('SSL_CERT_FILE', '/ca/ca.crt')),
  },
  {
    name: 'an authority of another name',
    code: 'program-files',
    in: CHARTS,
    plant: trust(env('AWS_CA_BUNDLE', '/ca/tls.ca')),
  },
  {
    name: 'an authority at another path',
    code: 'program-files',
    severity: 'warning',
    in: CHARTS,
    plant: trust(env('SSL_CERT_FILE', '/etc/pki/ca.crt')),
  },
  {
    name: 'an argument names a file at another path',
    code: 'program-files',
    severity: 'warning',
    in: CHARTS,
    plant: pod('worker', (_, container) => {
      container.args = ['--config=/etc/worker/base.yaml'];
    }),
  },
  {
    name: 'a file of the image, and a folder',
    in: CHARTS,
    plant: pod('worker', (_, container) => {
      container.args = ['--zones=/usr/share/zones.json', '/config'];
      Object.assign(container, env('SSL_CERT_FILE', '/etc/ssl/certs/ca-certificates.crt'));
    }),
  },
];

await plantEach([...CONFIGS, ...PAGES, ...FILES]);

test.run();
