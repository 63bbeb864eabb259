/** Where Envoy looks for its certificate, beside the harmless change of the same kind. */
import { test } from 'uvu';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const envoy = (manifests: Manifest[]) => find(manifests, 'Deployment', 'envoy').spec.template.spec;
const certificateMount = (manifests: Manifest[]) => {
  const { containers, volumes } = envoy(manifests);
  const { name } = volumes.find((volume: Manifest) => volume.secret);
  return containers[0].volumeMounts.find((mount: Manifest) => mount.name === name);
};

const CHANGES: readonly PlantedChange[] = [
  {
    name: 'the certificate is mounted elsewhere',
    code: 'envoy-secret-missing',
    in: ['onprem'],
    plant: (manifests) => {
      certificateMount(manifests).mountPath = '/somewhere';
    },
  },
  {
    name: 'the mount ends in a slash',
    in: ['onprem'],
    plant: (manifests) => {
      certificateMount(manifests).mountPath += '/';
    },
  },
  {
    name: 'the secret has another name in its file',
    code: 'envoy-secret-missing',
    in: ['onprem'],
    plant: (manifests) => {
      const { data } = find(
        manifests.filter(
          ({ kind, metadata }) => kind === 'ConfigMap' && /envoy/.test(metadata.name),
        ),
        'ConfigMap',
      );
      const key = Object.keys(data).find((name) => name.startsWith('certificate')) as string;
      data[key] = data[key].replace(/name: .*/, 'name: other');
    },
  },
];

await plantEach(CHANGES);

test.run();
