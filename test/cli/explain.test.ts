import { readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../support/command-line.ts';
import { rememberingKustomize } from '../support/kustomize.ts';
import { projectWith } from '../support/small-overlay.ts';
import { folderWith, temporaryFolder } from '../support/temporary.ts';

const withBundled = ['--kustomize', rememberingKustomize()];
const cwd = projectWith({ production: {} });
const explainIn = (folder: string, ...words: string[]) =>
  run(['explain', 'overlays/production', ...words, ...withBundled], { cwd: folder });
const explain = (...words: string[]) => explainIn(cwd, ...words);

const text = suite('explain');

text('prints each change with old value, new value and field, below its resource', async () => {
  const { status, stdout, stderr } = await explain();
  assert.is(status, 0);
  assert.is(stderr, '');
  assert.match(
    stdout,
    /^overlays\/production, DomainConfig production: \d+ changes in \d+ resources\n/,
  );
  assert.match(
    stdout,
    'Ingress michelangelo/michelangelo-apiserver\n  spec.rules[0].host  (from spec.domain)\n    - api.DOMAIN_NOT_SET\n    + api.ml.example.com\n',
  );
  assert.match(
    stdout,
    'ConfigMap michelangelo/michelangelo-worker-config, data[base.yaml]\n  worker.address  (from spec.domain)\n    - api.DOMAIN_NOT_SET:443\n    + api.ml.example.com:443\n',
  );
  assert.not.match(stdout, '\x1b[');
});

text('names resources that are added and taken away', async () => {
  const config = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: production}
spec: {domain: ml.example.com, tls: {mode: ca, trust: preinstalled}, entry: {gateway: {className: contour}}}
`;
  const { stdout } = await explainIn(projectWith({ production: { config } }));
  assert.match(stdout, '\nAdded\n');
  assert.match(stdout, / {2}\+ Gateway michelangelo\/\S+ {2}\(from spec\.entry\.gateway\)\n/);
  assert.match(stdout, '\nRemoved\n');
  assert.match(stdout, '  - Ingress michelangelo/michelangelo-ui  (from spec.entry.gateway)\n');
});

text('--host keeps the changes whose new value has that name', async () => {
  const { stdout } = await explain('--host', 'app.ml.example.com');
  assert.match(stdout, 'changes in 3 resources with app.ml.example.com\n');
  assert.match(stdout, 'https://app\\.ml\\.example\\.com');
  assert.not.match(stdout, 'api.ml.example.com');
});

text('--host with a name that nothing has says which there are', async () => {
  const { status, stdout } = await explain('--host', 'ml.example.com');
  assert.is(status, 0);
  assert.match(stdout, 'no changes with ml.example.com\n');
  assert.match(stdout, 'its public host names: api.ml.example.com, app.ml.example.com\n');
});

text('--diff is a unified diff of what the function did', async () => {
  const { stdout } = await explain('--diff');
  assert.match(
    stdout,
    '--- Ingress michelangelo/michelangelo-ui\n+++ Ingress michelangelo/michelangelo-ui\n@@',
  );
  assert.match(stdout, '-  - host: app.DOMAIN_NOT_SET\n+  - host: app.ml.example.com\n');
  assert.not.match(stdout, 'internal.config.kubernetes.io');
  assert.not.match(stdout, 'kustomize.config.k8s.io/id');
});

text('--diff --host shows the documents of that name alone', async () => {
  const { stdout } = await explain('--diff', '--host', 'api.ml.example.com');
  assert.match(stdout, '+++ Ingress michelangelo/michelangelo-apiserver\n');
  assert.not.match(stdout, 'Ingress michelangelo/michelangelo-ui');
});

text('--format json has every value as it is', async () => {
  const { stdout } = await explain('--format', 'json');
  const { overlay, configs } = JSON.parse(stdout);
  assert.is(overlay, 'overlays/production');
  assert.is(configs.length, 1);
  const [{ changed }] = configs;
  assert.equal(
    changed.find(({ path }: { path: string }) => path === 'worker.address'),
    {
      resource: {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        namespace: 'michelangelo',
        name: 'michelangelo-worker-config',
      },
      baseName: 'michelangelo-worker-config',
      document: 'base.yaml',
      path: 'worker.address',
      old: 'api.DOMAIN_NOT_SET:443',
      new: 'api.ml.example.com:443',
      field: 'spec.domain',
    },
  );
});

text('the second of two DomainConfigs is explained too, on what the first one left', async () => {
  const kustomization =
    'namespace: michelangelo\nresources: [../../base]\ntransformers: [domain.yaml, again.yaml]\n';
  const again = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: again}
spec: {domain: ml.example.com, tls: {mode: secret}}
`;
  const files = { 'again.yaml': again };
  const { stdout, status } = await explainIn(projectWith({ production: { kustomization, files } }));
  assert.is(status, 0);
  assert.match(stdout, 'DomainConfig production: ');
  assert.match(stdout, 'overlays/production, DomainConfig again: no changes\n');
});

text('prints the problems of the function and nothing else', async () => {
  const config = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: production}
spec: {domain: "UPPER_case", tls: {mode: secret}}
`;
  const { status, stdout, stderr } = await explainIn(projectWith({ production: { config } }));
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.match(stderr, /^error: .*\[config-host\]\n/);
  assert.not.match(stderr, 'failure in plugin');
});

text('refuses an overlay without a DomainConfig', async () => {
  const kustomization = 'resources: [../../base]\n';
  const { status, stdout, stderr } = await explainIn(
    projectWith({ production: { kustomization } }),
  );
  assert.is(status, 1);
  assert.is(stdout, '');
  assert.match(stderr, 'error: overlays/production has no DomainConfig');
});

text('never shows a Secret, nor a private key', async () => {
  const key = '-----BEGIN PRIVATE KEY-----\\nc2VjcmV0\\n-----END PRIVATE KEY-----';
  const files = {
    'secret.yaml':
      'apiVersion: v1\nkind: Secret\nmetadata: {name: password}\nstringData: {password: very-secret-password}\n',
    'worker.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other-worker}\ndata:\n  base.yaml: |\n    worker: {address: "DOMAIN_NOT_SET:443", useTLS: true, key: "${key}"}\n`,
  };
  const kustomization =
    'namespace: michelangelo\nresources: [../../base, secret.yaml, worker.yaml]\ntransformers: [domain.yaml]\n';
  const folder = projectWith({ production: { kustomization, files } });
  for (const words of [[], ['--diff'], ['--format', 'json']]) {
    const { status, stdout } = await explainIn(folder, ...words);
    assert.is(status, 0);
    assert.match(stdout, 'other-worker');
    assert.not.match(stdout, 'very-secret');
    assert.not.match(stdout, 'c2VjcmV0');
  }
});

text('leaves the other plugins of a plugin home in place', async () => {
  const plugin = `#!/usr/bin/env node
process.stdin.setEncoding('utf8').on('data', (text) => process.stdout.write(text.replaceAll('replicas: 2', 'replicas: 7')));
`;
  const home = folderWith({
    'example.com/v1/more/More': plugin,
    'network.michelangelo.api/v1alpha1/domainconfig/DomainConfig': '#!/bin/sh\nexit 3\n',
  });
  const kustomization =
    'namespace: michelangelo\nresources: [../../base]\ntransformers: [more.yaml, domain.yaml]\n';
  const files = { 'more.yaml': 'apiVersion: example.com/v1\nkind: More\nmetadata: {name: more}\n' };
  const folder = projectWith({ production: { kustomization, files } });
  const { status, stdout, stderr } = await explainIn(folder, '--plugin-home', home);
  assert.is(stderr, '');
  assert.is(status, 0);
  assert.match(stdout, 'api.ml.example.com');
});

text('leaves nothing behind', async () => {
  const { TMPDIR } = process.env;
  const folder = temporaryFolder();
  process.env.TMPDIR = folder;
  await explain();
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  assert.equal(
    readdirSync(folder).filter((name) => name.startsWith('ma-observed-')),
    [],
  );
});

const configOf = (spec: string) => `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: production}
spec: {domain: ml.example.com, ${spec}}
`;
const clientsOf = async (spec: string, ...words: string[]) => {
  const folder = projectWith({ production: { config: configOf(spec) } });
  const { status, stdout } = await explainIn(folder, '--clients', ...words);
  assert.is(status, 0);
  return stdout;
};

text('--clients prints what people set, to copy', async () => {
  const stdout = await clientsOf('tls: {mode: secret}');
  assert.match(stdout, /^overlays\/production, DomainConfig production: settings of clients\n/);
  const lines = '  address = "api.ml.example.com:443"\n  use_tls = true\n';
  assert.match(stdout, `${lines}\n  [ma]\n${lines}`);
  assert.match(stdout, 'export MACTL_ADDRESS=api.ml.example.com:443\n');
  assert.match(stdout, 'export MACTL_USE_TLS=true\n');
  assert.match(stdout, 'secure_channel("api.ml.example.com:443"');
  assert.not.match(stdout, 'export MA_API_SERVER');
  assert.match(stdout, '  https://app.ml.example.com/callback\n');
});

text('--clients --format json has the same', async () => {
  const { clients } = JSON.parse(
    await clientsOf('tls: {mode: none}, port: 8080', '--format', 'json'),
  );
  assert.equal(clients[0].cliEnvironment, {
    MACTL_ADDRESS: 'api.ml.example.com:8080',
    MACTL_USE_TLS: 'false',
  });
  assert.ok(clients[0].isServed);
});

text('--clients says where nothing leads to the API', async () => {
  const kustomization =
    'namespace: michelangelo\nresources: [../../base]\npatches: [{target: {kind: Ingress, name: michelangelo-apiserver}, patch: "{$patch: delete, apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: michelangelo-apiserver}}"}]\ntransformers: [domain.yaml]\n';
  const config = configOf('absent: [api-entry], tls: {mode: secret}');
  const folder = projectWith({ production: { kustomization, config } });
  const { stdout } = await explainIn(folder, '--clients');
  assert.match(stdout, 'note: nothing in these manifests leads to api.ml.example.com:443');
});

text('refuses what goes together with nothing', async () => {
  for (const words of [
    ['explain', 'overlays/production', '--diff', '--format', 'json'],
    ['explain', 'overlays/production', '--diff', '--clients'],
    ['explain', 'overlays/production', '--host', 'api.ml.example.com', '--clients'],
    ['explain', 'overlays/production', 'overlays/other'],
    ['explain', 'overlays/production', '--format', 'xml'],
    ['explain', 'overlays/none'],
    ['explain'],
  ]) {
    const { status, stdout } = await run(words, { cwd });
    assert.is(status, 2, words.join(' '));
    assert.is(stdout, '');
  }
});

text('its help fits a screen', async () => {
  const { stdout } = await run(['explain', '--help'], { cwd });
  assert.match(stdout, 'Example:');
  assert.ok(stdout.split('\n').length <= 24);
});

text.run();
