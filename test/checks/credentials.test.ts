/** Credentials that were never set, and Secrets to pull images with, beside the harmless change of the same kind. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { editDocument, find, findingsIn, foreign, type Manifest, planted } from './support.ts';

const podOf = (manifests: Manifest[], ending: string) =>
  find(manifests, 'Deployment', ending).spec.template.spec;
const variable = (name: string, value: string) => (manifests: Manifest[]) => {
  podOf(manifests, 'worker').containers[0].env = [{ name, value }];
};
const secret = (name: string, more: Manifest) => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name },
  ...more,
});
const taskPods = (value: string) => (manifests: Manifest[]) => {
  const data = { AWS_SECRET_ACCESS_KEY: Buffer.from(value).toString('base64') };
  manifests.push(secret('aws-credentials', { data }));
};
const placeholder = (
  name: string,
  plant: PlantedChange['plant'],
  severity?: 'warning',
): PlantedChange => ({
  name,
  code: 'credential-placeholder',
  ...(severity ? { severity } : {}),
  in: ['sound.yaml'],
  plant,
});
const harmless = (name: string, plant: PlantedChange['plant']): PlantedChange => ({
  name,
  in: ['sound.yaml'],
  plant,
});

const CREDENTIALS: readonly PlantedChange[] = [
  placeholder('a placeholder in a variable', variable('AWS_SECRET_ACCESS_KEY', 'CHANGE_ME')),
  placeholder('a placeholder in angle brackets', variable('DB_PASSWORD', '<db-password>')),
  placeholder('a placeholder in a config', (manifests) =>
    editDocument(manifests, 'worker', 'base.yaml', (root) => {
      root.minio = { awsSecretAccessKey: 'your-secret-key' };
    }),
  ),
  placeholder('a placeholder in a Secret', taskPods('changeme'), 'warning'),
  placeholder('the first password of a store, in production', taskPods('minioadmin'), 'warning'),
  harmless('a key', taskPods('b7cX2pQ9')),
  harmless('a variable that is filled in', (manifests) => {
    const secretKeyRef = { name: 'store', key: 'secret' };
    podOf(manifests, 'worker').containers[0].env = [
      { name: 'KEY', valueFrom: { secretKeyRef } },
      { name: 'AWS_SECRET_ACCESS_KEY', value: '$(KEY)' },
    ];
  }),
  harmless('the path of a credential', variable('AWS_WEB_IDENTITY_TOKEN_FILE', '/var/run/token')),
  harmless('the name of a Secret', variable('PULL_SECRET_NAME', 'admin')),
];

test('the first password of a store is a warning in production alone', () => {
  const staging = planted(foreign(), (manifests) => {
    const text = JSON.stringify(manifests)
      .replaceAll('prod-ma', 'dev-ma')
      .replaceAll('"prod"', '"dev"');
    manifests.splice(0, manifests.length, ...JSON.parse(text));
    taskPods('minioadmin')(manifests);
  });
  const found = findingsIn(staging).filter(({ code }) => code === 'credential-placeholder');
  assert.equal(found, []);
});

const pull =
  (type: string, ...names: readonly [string, string][]) =>
  (manifests: Manifest[]) => {
    for (const [ending, name] of names) podOf(manifests, ending).imagePullSecrets = [{ name }];
    if (type) manifests.push(secret('regcred', { type, data: { '.dockerconfigjson': 'e30=' } }));
  };
const PULL: readonly PlantedChange[] = [
  {
    name: 'a Secret of another type',
    code: 'pod-reference-missing',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: pull('Opaque', ['worker', 'regcred']),
  },
  {
    name: 'a name unlike that of the others',
    code: 'pod-reference-missing',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: pull('', ['worker', 'regcerd'], ['envoy', 'regcred'], ['ui', 'regcred']),
  },
  harmless('a Secret to pull with', pull('kubernetes.io/dockerconfigjson', ['worker', 'regcred'])),
  harmless(
    'two that nothing here makes',
    pull('', ['worker', 'ghcr'], ['envoy', 'hub'], ['ui', 'hub']),
  ),
];

await plantEach([...CREDENTIALS, ...PULL]);

test.run();
