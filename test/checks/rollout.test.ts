/** A changed config makes new pods. */
import { test } from 'uvu';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { type Manifest, podsOf } from './rollout-support.ts';

const WORDS = ['worker', 'envoy', 'ui', 'controllermgr'] as const;
const OVERLAYS = ['production', 'onprem', 'dev'] as const;
const CHARTS = ['sound.yaml', 'sound-contour.yaml'] as const;

/** Gives a ConfigMap another name, in its pods as well. */
const rename =
  (word: string, to: (name: string) => string, edit: (configMap: Manifest) => void = () => {}) =>
  (manifests: Manifest[]) => {
    for (const { configMap, volumes } of podsOf(manifests, word)) {
      const name = to(configMap.metadata.name);
      for (const volume of volumes) volume.configMap.name = name;
      configMap.metadata.name = name;
      edit(configMap);
    }
  };
const withoutHash = (name: string) => name.replace(/-[^-]*$/, '');

const editWorkload =
  (word: string, edit: (workload: Manifest, configMap: Manifest) => void) =>
  (manifests: Manifest[]) => {
    for (const { workload, configMap } of podsOf(manifests, word)) edit(workload, configMap);
  };
const withoutChecksum = (workload: Manifest) => {
  delete workload.spec.template.metadata.annotations;
};

const CHANGES: readonly PlantedChange[] = [
  ...WORDS.map(
    (word): PlantedChange => ({
      name: `${word} without a hash`,
      code: 'change-rolls-nothing',
      severity: 'warning',
      in: OVERLAYS,
      plant: rename(word, withoutHash),
    }),
  ),
  ...WORDS.map(
    (word): PlantedChange => ({
      name: `${word} without a checksum`,
      code: 'change-rolls-nothing',
      severity: 'warning',
      in: CHARTS,
      plant: editWorkload(word, withoutChecksum),
    }),
  ),
  {
    name: 'a name that is no hash',
    code: 'change-rolls-nothing',
    severity: 'warning',
    in: OVERLAYS,
    plant: rename('worker', (name) => `${withoutHash(name)}-production`),
  },
  {
    name: 'a digest in the name',
    in: CHARTS,
    plant: (manifests) => {
      editWorkload('worker', withoutChecksum)(manifests);
      rename('worker', (name) => `${name}-4f2a91c0`)(manifests);
    },
  },
  {
    name: 'an immutable ConfigMap',
    in: OVERLAYS,
    plant: rename('worker', withoutHash, (configMap) => {
      configMap.immutable = true;
    }),
  },
  {
    name: 'a reloader for everything',
    in: CHARTS,
    plant: editWorkload('worker', (workload) => {
      withoutChecksum(workload);
      workload.metadata.annotations = { 'reloader.stakater.com/auto': 'true' };
    }),
  },
  {
    name: 'a reloader for this ConfigMap',
    in: CHARTS,
    plant: editWorkload('worker', (workload, { metadata }) => {
      withoutChecksum(workload);
      workload.metadata.annotations = {
        'configmap.reloader.stakater.com/reload': `other, ${metadata.name}`,
      };
    }),
  },
  {
    name: 'a reloader for another ConfigMap',
    code: 'change-rolls-nothing',
    severity: 'warning',
    in: CHARTS,
    plant: editWorkload('worker', (workload) => {
      withoutChecksum(workload);
      workload.metadata.annotations = { 'configmap.reloader.stakater.com/reload': 'other' };
    }),
  },
];

await plantEach(CHANGES);
test.run();
