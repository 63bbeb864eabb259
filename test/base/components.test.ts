/** What an overlay gets from the components beside the base, with a prefix, a namespace and the function. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffLines } from 'diff';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { transcodedServices, transcoderConfig } from '../support/components.ts';
import { descriptorSet } from '../support/descriptor-set.ts';
import { bundled } from '../support/kustomize.ts';
import { buildWithComponents, COMPONENTS, containersIn, manifestsIn, named } from './render.ts';

const components = suite('components');
const manifests = manifestsIn(await buildWithComponents(bundled));

components('are all of this test', () => {
  assert.equal(COMPONENTS, [
    'json-transcoder',
    'object-store-keys',
    // Of these a test beside this one.
    'one-host',
    'own-hosts',
    // See access.test.ts.
    'unlisted-clusters',
  ]);
});

components("json-transcoder: Envoy's config is the base's but for what JSON needs", () => {
  const base = readFileSync(join(packageRoot, 'base/envoy/envoy.yaml'), 'utf8');
  const changes = diffLines(base, transcoderConfig).filter(
    ({ added, removed }) => added || removed,
  );
  const [heading = '', headers = '', ...more] = changes.flatMap((one) =>
    one.removed ? one.value : [],
  );
  assert.match(heading, /^# Serves/);
  assert.match(headers, /^ *allow_headers: /);
  assert.equal(more, []);
  const [, moreHeaders = '', route = '', filter = '', ...rest] = changes.flatMap((one) =>
    one.added ? one.value : [],
  );
  assert.is(moreHeaders, headers.replace(/"$/m, ', x-user-email, x-user-name"'));
  assert.match(route, /name: api-in-other-forms/);
  assert.match(filter, /name: envoy\.filters\.http\.grpc_json_transcoder/);
  assert.equal(rest, []);
});

components('json-transcoder: the function writes into that config as into any other', () => {
  const config = named(manifests, 'ConfigMap', /^live-michelangelo-envoy-config-/);
  const text = config.data?.['envoy.yaml'] ?? '';
  assert.match(text, 'grpc_json_transcoder');
  assert.match(text, String.raw`regex: "https://app\\.ml\\.example\\.com"`);
  assert.match(text, 'address: live-michelangelo-apiserver,');
});

components(
  "json-transcoder: the pods mount the operator's descriptors, under the name with the hash",
  () => {
    const descriptors = named(manifests, 'ConfigMap', /^live-michelangelo-envoy-descriptors-/);
    const mounted = Buffer.from(descriptors.binaryData?.['descriptors.pb'] ?? '', 'base64');
    assert.ok(mounted.equals(descriptorSet(transcodedServices())));
    const pod = named(manifests, 'Deployment', /-envoy$/).spec?.template?.spec;
    const volume = pod?.volumes?.find(({ name }) => name === 'descriptors');
    assert.is(volume?.configMap?.name, descriptors.metadata.name);
    const [envoy] = pod?.containers ?? [];
    const mount = envoy?.volumeMounts?.find(({ name }) => name === 'descriptors');
    const [, path] = /proto_descriptor: (\S+)\/descriptors\.pb/.exec(transcoderConfig) ?? [];
    assert.is(mount?.mountPath, path);
    // And what it had.
    assert.ok(envoy?.volumeMounts?.some(({ mountPath }) => mountPath === '/etc/envoy'));
  },
);

components(
  'object-store-keys: both programs get the keys from a Secret that is not in the repository',
  () => {
    assert.not(manifests.some(({ kind }) => kind === 'Secret'));
    for (const name of ['controllermgr', 'worker']) {
      const container = containersIn(manifests).find((one) => one.name === name);
      assert.equal(
        container?.env?.map(({ name, value, valueFrom }) => [
          name,
          value ?? valueFrom?.secretKeyRef,
        ]),
        [
          ['OBJECT_STORE_KEYS_FROM_ENV', 'true'],
          ['AWS_ACCESS_KEY_ID', { name: 'aws-credentials', key: 'AWS_ACCESS_KEY_ID' }],
          ['AWS_SECRET_ACCESS_KEY', { name: 'aws-credentials', key: 'AWS_SECRET_ACCESS_KEY' }],
        ],
      );
      // What lets the programs look there, where the variable says so.
      const config = named(manifests, 'ConfigMap', new RegExp(`-${name}-config-`));
      assert.match(
        config.data?.['base.yaml'] ?? '',
        /^ {2}useEnvAws: \$\{OBJECT_STORE_KEYS_FROM_ENV:false\}$/m,
      );
    }
  },
);

components.run();
