/** `new --layout`, the command that repeats, and the steps that it names. */
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/build/paths.ts';
import { run } from '../../support/command-line.ts';
import { bundled } from '../../support/kustomize.ts';
import { folderWith, temporaryFolder } from '../../support/temporary.ts';

const given = ['--domain', 'eu.example.com', '--tls-mode', 'secret'];
const withBundled = ['--kustomize', bundled.command];
const nginx = ['--controller', 'ingress-nginx'];

function project(): string {
  const folder = temporaryFolder();
  for (const name of ['base', 'plugin'])
    cpSync(join(packageRoot, name), join(folder, name), { recursive: true });
  return folder;
}

const layouts = suite('new --layout');

layouts('takes the component beside the base, and the host of the page', async () => {
  const cwd = project();
  const words = ['new', 'eu', ...given, ...nginx, '--ui-host', 'studio.eu.example.com'];
  const { status, stdout, stderr } = await run([...words, ...withBundled], { cwd });
  assert.is(status, 0, stderr);
  const { components } = parse(readFileSync(join(cwd, 'overlays/eu/kustomization.yaml'), 'utf8'));
  assert.equal(components, ['../../base/components/own-hosts']);
  const secrets = 'michelangelo-apiserver-tls, michelangelo-app-tls and michelangelo-ui-tls';
  assert.match(stdout, `make the TLS Secrets ${secrets} in namespace`);
  assert.match(stdout, 'point api.eu.example.com, app.eu.example.com and studio.eu.example.com at');
});

layouts('wants the host of the page, and refuses it where the page has none', async () => {
  const cwd = project();
  const open = await run(['new', 'eu', ...given, ...nginx, '--layout', 'own-hosts'], { cwd });
  assert.is(open.status, 2);
  assert.match(open.stderr, 'there is no terminal to ask on: --ui-host');
  const both = ['--layout', 'one-host', '--ui-host', 'studio.eu.example.com'];
  const refused = await run(['new', 'eu', ...given, ...nginx, ...both], { cwd });
  assert.is(refused.status, 2);
  assert.match(refused.stderr, '--ui-host has no meaning with --layout one-host');
});

layouts('says what a base without the entries needs', async () => {
  for (const [layout, needs] of [
    ['own-hosts', "an entry of its own that leads a host to the page's Service"],
    ['one-host', 'two entries of one host'],
  ] as const) {
    const cwd = project();
    rmSync(join(cwd, 'base/components'), { recursive: true });
    const host = layout === 'own-hosts' ? ['--ui-host', 'studio.eu.example.com'] : [];
    const words = ['new', 'eu', ...given, ...nginx, '--layout', layout, ...host];
    const { status, stderr } = await run([...words, ...withBundled], { cwd });
    assert.is(status, 1);
    assert.match(stderr, `the layout ${layout} needs ${needs}`);
    assert.match(stderr, `copy base/components/${layout} of this package`);
  }
});

layouts('one-host: refuses a controller that does not read its entries', async () => {
  const words = ['new', 'eu', ...given, '--controller', 'traefik', '--layout', 'one-host'];
  const { status, stderr } = await run(words, { cwd: project() });
  assert.is(status, 2);
  assert.match(stderr, 'and traefik does not read it');
  assert.match(stderr, '--controller ingress-nginx, or --gateway-class NAME');
});

layouts.run();

const after = suite('after new');

after('the command that it prints makes the same files', async () => {
  const flags = [
    ...['--domain', 'eu.example.com', '--tls-mode', 'acme', '--email', 'a@example.com'],
    ...['--acme-server', 'staging', '--port', '8443', '--layout', 'one-host', ...nginx],
    ...['--set', 'cors.allowOrigins=["http://localhost:*"]', '--set', 'hosts.api=grpc.example.com'],
    ...['--name-prefix', '', ...withBundled],
  ];
  const cwd = project();
  const first = await run(['new', 'eu', ...flags], { cwd });
  assert.is(first.status, 0, first.stderr);
  const again = /^ {2}npx ma-overlays (new .*)$/m.exec(first.stdout)?.[1] ?? '';
  const words = shellWords(again);
  const other = project();
  const second = await run(words, { cwd: other });
  assert.is(second.status, 0, second.stderr);
  for (const file of ['overlays/eu/domain.yaml', 'overlays/eu/kustomization.yaml'])
    assert.is(readFileSync(join(other, file), 'utf8'), readFileSync(join(cwd, file), 'utf8'));
  assert.match(again, '\'cors.allowOrigins=["http://localhost:*"]\'');
});

function shellWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

after('the steps are in the order in which they work', async () => {
  const cwd = temporaryFolder();
  const words = ['new', 'eu', ...given, ...nginx, '--with-base', ...withBundled];
  const { status, stdout, stderr } = await run(words, { cwd });
  assert.is(status, 0, stderr);
  assert.match(stdout, 'checks, with warnings');
  const places = [
    'let the API ask who calls: `apiserver.auth.mode: k8s-rbac`',
    'fix what `check` warns of (api-without-authentication, ',
    'git add plugin base overlays/eu',
    'kubectl create namespace michelangelo-eu',
    'make the TLS Secrets',
    'render overlays/eu | kubectl apply',
    'point api.eu.example.com and app.eu.example.com at',
  ].map((step) => stdout.indexOf(step));
  assert.ok(places[0] !== -1, stdout);
  assert.equal(
    places,
    [...places].sort((left, right) => left - right),
    stdout,
  );
  assert.not.ok(places.includes(-1), stdout);
});

after('a namespace in the stream is not made twice, and comes before what is in it', async () => {
  const cwd = project();
  const { status, stdout, stderr } = await run(
    ['new', 'own', '--from', 'eu', '--domain', 'own.example.com', ...withBundled],
    { cwd: withNamespace(cwd) },
  );
  assert.is(status, 0, stderr);
  assert.not.match(stdout, 'kubectl create namespace');
  assert.ok(stdout.indexOf('kubectl apply') < stdout.indexOf('make the TLS Secrets'), stdout);
});

function withNamespace(cwd: string): string {
  const file = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: any}\n';
  const kustomization =
    'namespace: x\nresources: [../../base, namespace.yaml]\ntransformers: [domain.yaml]\n';
  const config =
    'apiVersion: network.michelangelo.api/v1alpha1\nkind: DomainConfig\nmetadata: {name: eu}\n' +
    'spec: {domain: eu.example.com, tls: {mode: secret}, entry: {ingress: {controller: ingress-nginx}}}\n';
  const files = {
    'namespace.yaml': file,
    'kustomization.yaml': kustomization,
    'domain.yaml': config,
  };
  cpSync(folderWith(files), join(cwd, 'overlays/eu'), { recursive: true });
  return cwd;
}

after('nothing of DNS for names that lead to this machine', async () => {
  for (const [domain, step] of [
    ['ml.localhost', "let the cluster's entry listen on this machine, at port 8080"],
    ['ml.test', "let api.ml.test and app.ml.test lead to the cluster's entry: in the hosts file"],
  ] as const) {
    const words = ['--domain', domain, '--tls-mode', 'none', '--port', '8080'];
    const controller = ['--controller', 'traefik', ...withBundled];
    const { status, stdout, stderr } = await run(['new', 'dev', ...words, ...controller], {
      cwd: project(),
    });
    assert.is(status, 0, stderr);
    assert.match(stdout, step);
    assert.not.match(stdout, 'entry, in DNS\n');
  }
});

after.run();
