import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { run } from '../support/command-line.ts';
import { bundled, rememberingKustomize } from '../support/kustomize.ts';
import { assertFitsScreen } from '../support/screen.ts';
import { projectWith } from '../support/small-overlay.ts';
import { folderWith, temporaryFolder } from '../support/temporary.ts';

/** With what its controller has to be told elsewhere accepted. */
const sound = readFileSync(join(packageRoot, 'test/checks/foreign/sound.yaml'), 'utf8').replace(
  '    nginx.ingress.kubernetes.io/backend-protocol',
  (key) => `    network.michelangelo.api/ignore-entry-stream-limit: in its ConfigMap\n${key}`,
);
const READ = '    nginx.ingress.kubernetes.io/proxy-read-timeout: "3600"\n';
/** The API's entry without its gRPC mark; and the app's with a timeout that is short on purpose. */
const broken = sound.replace(/ +nginx[^\n]*backend-protocol[^\n]*\n/, '');
const doubtful = sound.replace(new RegExp(`${READ}(?![^]*${READ})`), READ.replace('3600', '900'));
const kustomize = ['--kustomize', rememberingKustomize()];

const check = suite('check');

check('prints one line where an overlay is sound', async () => {
  const { status, stdout, stderr } = await run(['check', 'overlays/production', ...kustomize], {
    cwd: packageRoot,
  });
  assert.is(stderr, '');
  assert.is(stdout, 'overlays/production: no error, 2 accepted\n');
  assert.is(status, 0);
});

check('reads standard input', async () => {
  const place = { cwd: temporaryFolder(), stdin: sound };
  assert.equal(await run(['check', '-'], place), {
    status: 0,
    stdout: 'standard input: no error, 1 accepted\n',
    stderr: '',
  });
});

check('says what is wrong, where, why, and how to fix it', async () => {
  const cwd = folderWith({ 'chart.yaml': broken });
  const { status, stdout } = await run(['check', 'chart.yaml'], { cwd });
  assert.is(status, 1);
  assert.is(
    stdout,
    `error: ingress-nginx is not told that prod-ma-apiserver speaks gRPC, and speaks HTTP/1.1 to it [grpc-over-http1]
  chart.yaml:399:3, Ingress prod-ma-grpc, metadata.annotations[nginx.ingress.kubernetes.io/backend-protocol]
  why  gRPC needs HTTP/2 from end to end. Controllers, and Envoy, open HTTP/1.1 connections unless they are told otherwise, and every call fails with 502 or UNAVAILABLE.
  fix  annotate the Ingress with \`nginx.ingress.kubernetes.io/backend-protocol: GRPC\`

chart.yaml: 1 error, 1 accepted
`,
  );
});

check('warnings fail with --strict only', async () => {
  const cwd = folderWith({ 'chart.yaml': doubtful });
  const mild = await run(['check', 'chart.yaml'], { cwd });
  assert.is(mild.status, 0);
  assert.match(mild.stdout, /^warning: .*\[entry-timeouts\]$/m);
  assert.match(mild.stdout, /\nchart\.yaml: no error, 1 warning, 1 accepted\n$/);
  const strict = await run(['check', 'chart.yaml', '--strict'], { cwd });
  assert.is(strict.status, 1);
  assert.is(strict.stdout, mild.stdout);
});

check('ends with one summary of several inputs', async () => {
  const cwd = folderWith({ 'a.yaml': sound, 'b.yaml': broken, 'c.yaml': doubtful });
  const { status, stdout } = await run(['check', 'a.yaml', 'b.yaml', 'c.yaml'], { cwd });
  assert.is(status, 1);
  assert.match(stdout, '\nb.yaml:\nerror: '.slice(1));
  assert.not.match(stdout, 'a.yaml:');
  assert.match(stdout, /\n3 checked: 1 error, 1 warning, 3 accepted\n$/);
});

check('--checklist answers the nine items, one line each', async () => {
  const { status, stdout } = await run(['check', '-', '--checklist'], {
    cwd: temporaryFolder(),
    stdin: broken,
  });
  const lines = stdout.split('\n').filter((line) => /^\d {2}/.test(line));
  assert.is(status, 1);
  assert.is(lines.length, 9);
  assert.is(
    lines[0],
    `1  cannot be seen here  Ingress controller installed and supports HTTP/2 (for gRPC): kubectl get ingressclass`,
  );
  assert.match(lines[1] ?? '', /^2 {2}fail .*: grpc-over-http1$/);
  assert.match(lines[2] ?? '', /^3 {2}pass .*: studio\.ml\.acme\.io$/);
});

check('prints JSON', async () => {
  const words = ['check', '-', '--format', 'json', '--checklist'];
  const { stdout } = await run(words, { cwd: temporaryFolder(), stdin: broken });
  const { inputs, errors, warnings } = JSON.parse(stdout);
  assert.equal([errors, warnings, inputs.length], [1, 0, 1]);
  const [{ name, findings, accepted, checklist }] = inputs;
  assert.is(name, 'standard input');
  assert.equal(
    accepted.map(({ code }: { code: string }) => code),
    ['entry-stream-limit'],
  );
  assert.is(checklist.length, 9);
  assert.equal(
    [findings[0].code, findings[0].severity, findings[0].resource.name],
    ['grpc-over-http1', 'error', 'prod-ma-grpc'],
  );
  assert.ok(findings[0].why && findings[0].fix && findings[0].title);
});

check('prints annotations for GitHub, escaped', async () => {
  const file = 'a,b:c%.yaml';
  const cwd = folderWith({ [file]: doubtful.replace('"900"', '"a%\\n::error::b"') });
  const { stdout } = await run(['check', file, '--format', 'github'], { cwd });
  const [annotation = '', summary, ...rest] = stdout.split('\n');
  assert.ok(
    /^::error file=a%2Cb%3Ac%25\.yaml,line=\d+,col=\d+,title=entry-timeouts::/.test(annotation),
  );
  assert.match(annotation, '%0AFix: ');
  assert.is(summary, 'a,b:c%25.yaml: 1 error, 1 accepted');
  assert.equal(rest, ['']);
});

check('annotates the line in the file that an overlay has it from', async () => {
  const cwd = folderWith({
    'overlays/a/kustomization.yaml': 'resources: [chart.yaml]\n',
    'overlays/a/chart.yaml': broken,
  });
  const words = ['check', 'overlays/a/', '--format', 'github', ...kustomize];
  const { status, stdout } = await run(words, { cwd });
  assert.is(status, 1);
  assert.ok(
    stdout.startsWith('::error file=overlays/a/chart.yaml,line=399,col=3,title=grpc-over-http1::'),
  );
});

check('an overlay that cannot be built fails, and the others are checked', async () => {
  const cwd = folderWith({
    'overlays/a/kustomization.yaml': 'resources: [missing.yaml]\n',
    'b.yaml': sound,
  });
  const words = ['check', 'overlays/a', 'b.yaml', ...kustomize];
  const { status, stdout, stderr } = await run(words, { cwd });
  assert.is(status, 1);
  assert.is(stderr, '');
  assert.match(stdout, /\[file-missing\]\n {2}overlays\/a\/kustomization\.yaml:1:13\b/);
  assert.match(stdout, /\n2 checked: 1 error, 1 accepted, 1 not built\n$/);
});

check('shows what the function says of a config that is wrong', async () => {
  const cwd = folderWith({
    'overlays/a/kustomization.yaml': 'resources: [chart.yaml]\ntransformers: [domain.yaml]\n',
    'overlays/a/chart.yaml': sound,
    'overlays/a/domain.yaml':
      'apiVersion: network.michelangelo.api/v1alpha1\nkind: DomainConfig\nmetadata: {name: a}\nspec: {domain: https://x.example, tls: {mode: none}}\n',
  });
  const { status, stdout, stderr } = await run(['check', 'overlays/a', ...kustomize], { cwd });
  assert.is(status, 1);
  assert.is(stderr, '');
  assert.match(
    stdout,
    /^error: .*\[config-host\]\n {2}overlays\/a\/domain\.yaml:4:8, DomainConfig a, spec\.domain\n/,
  );
  assert.match(stdout, /\noverlays\/a: 1 error, not built\n$/);
  const json = await run(['check', 'overlays/a', '--format', 'json', ...kustomize], { cwd });
  const [{ built, findings }] = JSON.parse(json.stdout).inputs;
  assert.is(built, false);
  assert.equal(
    findings.map(({ code, file, line, source }: Record<string, unknown>) => [
      code,
      file,
      line,
      source,
    ]),
    [['config-host', 'overlays/a/domain.yaml', 4, 'function']],
  );
});

const KIND = 'apiVersion: network.michelangelo.api/v1alpha1\nkind: DomainConfig\n';
const SPEC = 'metadata: {name: a}\nspec: {domain: ml.acme.io, tls: {mode: secret}}\n';
for (const [name, kustomization, domain, code, place] of [
  ['a tab', 'resources:\n\t- chart.yaml\n', '', 'kustomization-syntax', 'kustomization.yaml:2:1'],
  [
    'a key twice',
    'resources: [chart.yaml]\nresources: [chart.yaml]\n',
    '',
    'kustomization-syntax',
    'kustomization.yaml:2:1',
  ],
  [
    'transformer',
    'resources: [chart.yaml]\ntransformer: [domain.yaml]\n',
    `${KIND}${SPEC}`,
    'kustomization-field',
    'kustomization.yaml:2:1',
  ],
  [
    'a wrong kind',
    'kind: Kustomisation\nresources: [chart.yaml]\n',
    '',
    'kustomization-kind',
    'kustomization.yaml:1:1',
  ],
  [
    'a config of another version',
    'resources: [chart.yaml]\ntransformers: [domain.yaml]\n',
    `${KIND.replace('v1alpha1', 'v1')}${SPEC}`,
    'config-kind',
    'domain.yaml:1:1',
  ],
  [
    'a config without a name',
    'resources: [chart.yaml]\ntransformers: [domain.yaml]\n',
    `${KIND}metadata: {}\n${SPEC.split('\n')[1]}\n`,
    'config-required',
    'domain.yaml:3:1',
  ],
  [
    'a config with a key twice',
    'resources: [chart.yaml]\ntransformers: [domain.yaml]\n',
    `${KIND}${SPEC}kind: DomainConfig\n`,
    'config-syntax',
    'domain.yaml:5:1',
  ],
  [
    'a config with a tab',
    'resources: [chart.yaml]\ntransformers: [domain.yaml]\n',
    `${KIND}metadata: {name: a}\nspec:\n\tdomain: ml.acme.io\n  tls:\n    mode: secret\n`,
    'config-syntax',
    'domain.yaml:5:1',
  ],
  [
    'a config with a slip in its kind',
    'resources: [chart.yaml]\ntransformers: [domain.yaml]\n',
    `${KIND.replace('Config', 'Configs')}${SPEC}`,
    'config-kind',
    'domain.yaml:2:1',
  ],
  [
    'a config with another group',
    'resources: [chart.yaml]\ntransformers: [domain.yaml]\n',
    `${KIND.replace('network.', '')}${SPEC}`,
    'config-kind',
    'domain.yaml:1:1',
  ],
  [
    'an empty config',
    'resources: [chart.yaml]\ntransformers: [domain.yaml]\n',
    '',
    'config-missing',
    'domain.yaml',
  ],
  [
    'a config that is a comment',
    'resources: [chart.yaml]\ntransformers: [domain.yaml]\n',
    '# later\n',
    'config-missing',
    'domain.yaml',
  ],
  [
    'a config that is a list',
    'resources: [chart.yaml]\ntransformers: [domain.yaml]\n',
    '- a\n',
    'config-kind',
    'domain.yaml',
  ],
  [
    'a config that is a word',
    'resources: [chart.yaml]\ntransformers: [domain.yaml]\n',
    'abc\n',
    'config-kind',
    'domain.yaml',
  ],
  [
    'a config without a kind',
    'resources: [chart.yaml]\ntransformers: [domain.yaml]\n',
    `${KIND.split('\n')[0]}\n${SPEC}`,
    'config-kind',
    'domain.yaml',
  ],
  [
    'a folder without a kustomization',
    'resources: [chart.yaml, ../b]\n',
    '',
    'file-missing',
    'kustomization.yaml:1:25',
  ],
  [
    'a file with a slip in its name',
    'resources: [chart.yaml]\ntransformers: [domian.yaml]\n',
    `${KIND}${SPEC}`,
    'file-missing',
    'kustomization.yaml:2:16',
  ],
] as const)
  check(`an overlay that cannot be built has a finding with its line: ${name}`, async () => {
    const cwd = folderWith({
      'overlays/a/kustomization.yaml': kustomization,
      'overlays/a/chart.yaml': sound,
      'overlays/a/domain.yaml': domain,
      'overlays/b/chart.yaml': sound,
    });
    for (const verb of ['check', 'render', 'explain']) {
      const { status, stdout, stderr } = await run([verb, 'overlays/a', ...kustomize], { cwd });
      assert.is(status, 1);
      const said = verb === 'check' ? stdout : stderr;
      const label = verb === 'check' ? '' : 'file      ';
      assert.match(said, `[${code}]\n  ${label}overlays/a/${place}`);
      assert.is(said.match(/^error: /gm)?.length, 1, said);
      assert.not.match(said, 'Go object code');
      if (kustomization.includes('domian')) assert.match(said, 'write `domain.yaml`');
    }
  });

check('what spec.checks.ignore accepts is counted', async () => {
  const cwd = folderWith({
    'overlays/a/kustomization.yaml': 'resources: [chart.yaml]\ntransformers: [domain.yaml]\n',
    'overlays/a/chart.yaml': sound.replaceAll(READ, ''),
    'overlays/a/domain.yaml': `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: a}
spec:
  domain: ml.acme.io
  tls: {mode: issuer, issuer: {name: letsencrypt-prod}}
  checks: {ignore: [{code: entry-timeouts, reason: set in the ConfigMap of the controller}]}
`,
  });
  const { status, stdout } = await run(['check', 'overlays/a', ...kustomize], { cwd });
  assert.is(stdout, 'overlays/a: no error, 3 accepted\n');
  assert.is(status, 0);
});

check('never shows the content of a Secret', async () => {
  const secret =
    '---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  a: hidden\n';
  const words = ['check', '-', '--format', 'json', '--checklist'];
  for (const text of [`${broken}${secret}`, `${broken}${secret}  b: "hidden\n`]) {
    const { stdout, stderr } = await run(words, { cwd: temporaryFolder(), stdin: text });
    assert.not.match(stdout + stderr, 'hidden');
  }
});

check('reads what render --out wrote, as a whole or one environment of it', async () => {
  const cwd = folderWith({
    'rendered/.rendered-by-ma-overlays': '# Made\na/\nb/\n',
    'rendered/a/all.yaml': sound,
    'rendered/b/all.yaml': broken,
    'rendered/b/other.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
  });
  const whole = await run(['check', 'rendered'], { cwd });
  assert.is(whole.status, 1);
  assert.match(whole.stdout, 'rendered/b:\nerror: ');
  assert.match(whole.stdout, /\n2 checked: 1 error, 2 accepted\n$/);
  assert.equal(await run(['check', 'rendered/a/'], { cwd }), {
    status: 0,
    stdout: 'rendered/a/: no error, 1 accepted\n',
    stderr: '',
  });
});

check('reads regular files only, and never waits', async () => {
  const cwd = folderWith({
    'rendered/.rendered-by-ma-overlays': '# Made\na/\n',
    'rendered/a/all.yaml': sound,
    'outside.yaml': sound,
  });
  execFileSync('mkfifo', [join(cwd, 'fifo')]);
  symlinkSync('/dev/zero', join(cwd, 'zero.yaml'));
  for (const [word, kind] of [
    ['zero.yaml', 'device'],
    ['/dev/zero', 'device'],
    ['fifo', 'FIFO'],
  ]) {
    const { status, stdout, stderr } = await run(['check', `${word}`], { cwd });
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.is(stderr, `error: ${word} is a ${kind}, not a file\n`);
  }
  for (const [target, reason] of [
    ['/dev/zero', 'leads out of'],
    ['../../fifo', 'leads out of'],
    ['../../outside.yaml', 'leads out of'],
    ['.', 'is a folder, not a file'],
  ] as const) {
    execFileSync('ln', ['-sfn', target, join(cwd, 'rendered/a/more.yaml')]);
    const { status, stderr } = await run(['check', 'rendered'], { cwd });
    assert.is(status, 2);
    assert.match(stderr, 'rendered/a/more.yaml is a');
    assert.match(stderr, reason);
  }
});

check('reads what a shell holds open: check <(helm template …)', async () => {
  const cwd = folderWith({ 'chart.yaml': sound });
  const file = openSync(join(cwd, 'chart.yaml'), 'r');
  const { status, stdout } = await run(['check', `/dev/fd/${file}`], { cwd });
  assert.is(status, 0);
  assert.match(stdout, 'no error');
  assert.throws(() => closeSync(file), 'EBADF');
  assert.match((await run(['check', '/dev/stdin'], { cwd, stdin: broken })).stdout, '1 error');
});

for (const [words, message] of [
  [[], 'missing required argument'],
  [['overlays/none'], 'overlays/none does not exist'],
  [['-', '-'], '- is given twice'],
  [['overlays/a/kustomization.yaml'], 'give its folder: overlays/a'],
  [['-', '--format', 'xml'], 'Allowed choices are text, json, github, gitlab, sarif'],
] as const)
  check(`refuses with status 2: check ${words.join(' ')}`, async () => {
    const cwd = folderWith({ 'overlays/a/kustomization.yaml': 'resources: []\n' });
    const { status, stdout, stderr } = await run(['check', ...words], { cwd });
    assert.is(status, 2);
    assert.is(stdout, '');
    assert.match(stderr, message);
  });

check('its help fits a screen', async () => {
  const { status, stdout } = await run(['check', '--help'], { cwd: temporaryFolder() });
  assert.is(status, 0);
  assert.match(stdout, 'Example:');
  assertFitsScreen(stdout);
});

check('passes on what kustomize itself says, once', async () => {
  const cwd = projectWith({ dev: {}, staging: {} });
  const line = "# Warning: 'bases' is deprecated.";
  const saying = join(cwd, 'saying');
  const script = `#!/bin/sh\nprintf "%s\\n" "${line}" "${line}" >&2\nexec '${bundled.command}' "$@"\n`;
  writeFileSync(saying, script, { mode: 0o755 });
  const words = ['overlays/dev', 'overlays/staging', '--kustomize', saying];
  const { stderr } = await run(['check', ...words], { cwd });
  assert.is(stderr, `overlays/dev, overlays/staging:\n${line}\n`);
});

check.run();
