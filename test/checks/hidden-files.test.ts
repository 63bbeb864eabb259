/** Volumes that hide the config of a program, each beside one that hides nothing. */
import { test } from 'uvu';
import { changeIn, plantEach } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const wrong = changeIn(['sound.yaml'], 'program-files');
const open = changeIn(['sound.yaml'], 'program-files', 'warning');
const fine = changeIn(['sound.yaml'], undefined);

const pod =
  (program: string, plant: (pod: Manifest, container: Manifest) => void) =>
  (manifests: Manifest[]) => {
    const { spec } = find(manifests, 'Deployment', program).spec.template;
    plant(spec, spec.containers[0]);
  };
/** Another volume in the program's container. */
const added = (program: string, mountPath: string, volume: Manifest = { emptyDir: {} }) =>
  pod(program, (spec, container) => {
    spec.volumes.push({ name: 'other', ...volume });
    container.volumeMounts.push({ name: 'other', mountPath });
  });
/** The container has an empty volume in place of its ConfigMap. */
const emptied = (program: string, also: (spec: Manifest, name: string) => void = () => {}) =>
  pod(program, (spec, container) => {
    const [{ name }] = container.volumeMounts;
    const at = spec.volumes.findIndex((volume: Manifest) => volume.name === name);
    spec.volumes[at] = { name, emptyDir: {} };
    also(spec, name);
  });
const filled = (spec: Manifest, name: string) => {
  const volumeMounts = [{ name, mountPath: '/out' }];
  spec.initContainers = [{ name: 'fill', image: 'busybox:1.36', volumeMounts }];
};

await plantEach([
  wrong('an empty volume over the file', added('worker', '/config/base.yaml')),
  wrong('an empty volume over the same folder, with a slash', added('worker', '/config/')),
  open(
    'a claim over the same folder',
    added('worker', '/config/', { nfs: { server: 'files.example.com', path: '/' } }),
  ),
  fine('an empty volume above it', added('envoy', '/etc')),
  fine('an empty volume below it', added('worker', '/config/cache')),
  fine('an empty volume beside it', added('worker', '/configs')),
  wrong("an empty volume in place of Envoy's config", emptied('envoy')),
  fine('a volume that an init container fills', emptied('envoy', filled)),
  fine(
    'a script that writes the config',
    emptied('envoy', (spec) => {
      const [container] = spec.containers;
      container.command = ['sh', '-c'];
      container.args = ['make-config >/etc/envoy/envoy.yaml; exec envoy -c /etc/envoy/envoy.yaml'];
    }),
  ),
  wrong("an empty volume in place of the worker's config", emptied('worker')),
  fine(
    'a program of an own image',
    emptied('worker', (spec) => {
      spec.containers[0].image = 'registry.example.com/worker:1.0.0';
    }),
  ),
  open(
    'a program that a ConfigMap may tell of another folder',
    emptied('worker', (spec) => {
      spec.containers[0].envFrom = [{ configMapRef: { name: 'elsewhere', optional: true } }];
    }),
  ),
]);

test.run();
