/** `check` with a real Envoy: what it takes, what it refuses, and what it never runs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { run } from '../support/command-line.ts';
import { rememberingKustomize } from '../support/kustomize.ts';
import { folderWith, temporaryFolder } from '../support/temporary.ts';
import { envoyTool } from './tools.ts';

const verdicts = suite("check and Envoy's verdict");
const envoy = ['--envoy', envoyTool.path];
const foreign = join(packageRoot, 'test/checks/foreign');
const sound = readFileSync(join(foreign, 'sound.yaml'), 'utf8');

async function refusalsIn(words: readonly string[], cwd: string) {
  const { stdout, stderr } = await run(
    ['check', ...words, '--format', 'json', ...envoy, '--kustomize', rememberingKustomize()],
    { cwd },
  );
  const inputs: { findings: { code: string; message: string }[] }[] = JSON.parse(stdout).inputs;
  const found = inputs.flatMap(({ findings }) =>
    findings.filter(({ code }) => code === 'envoy-verdict').map(({ message }) => message),
  );
  return { found, stderr };
}

verdicts('takes every overlay', async () => {
  assert.equal(await refusalsIn(['--all'], packageRoot), { found: [], stderr: '' });
});

verdicts('takes sound manifests of others', async () => {
  const { found } = await refusalsIn(readdirSync(foreign), foreign);
  assert.equal(found, []);
});

verdicts('takes certificates that are made in the cluster', async () => {
  const cases = join(packageRoot, 'test/cases');
  const names = readdirSync(cases).filter(
    (name) => /-tls-at-envoy$/.test(name) && existsSync(join(cases, name, 'expected.yaml')),
  );
  assert.ok(names.length > 0);
  const { found, stderr } = await refusalsIn(
    names.map((name) => `${name}/expected.yaml`),
    cases,
  );
  assert.equal(found, []);
  assert.is(stderr, '');
});

for (const [what, change, words] of [
  [
    'a cluster that is not there',
    ['cluster: ma_ui }', 'cluster: ma_page }'],
    "route: unknown cluster 'ma_page'",
  ],
  ['a field that is none', ['stat_prefix:', 'statprefix_:'], "no such field: 'statprefix_'"],
  [
    'a value of the wrong form',
    ['connect_timeout: 1s', 'connect_timeout: "1"'],
    "duration must end with a single 's'",
  ],
  [
    'a rule of a field',
    ['stat_prefix: ingress_http', 'codec_type: AUTO'],
    'HttpConnectionManagerValidationError.StatPrefix',
  ],
] as const)
  verdicts(`names ${what}, and nothing of the config behind it`, async () => {
    const cwd = folderWith({ 'chart.yaml': sound.replace(change[0], change[1]) });
    const { found } = await refusalsIn(['chart.yaml'], cwd);
    assert.is(found.length, 1);
    assert.match(found[0] ?? '', words);
    assert.match(found[0] ?? '', /^Envoy 1\.\d+\.\d+ refuses envoy\.yaml: /);
    assert.not.match(found[0] ?? '', 'virtual_hosts');
  });

verdicts('never runs a script of the config', async () => {
  const mark = join(temporaryFolder(), 'was-here');
  const filter = `                      - name: script
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua
                          default_source_code: { inline_string: 'os.execute("touch ${mark}")' }
`;
  const text = sound.replace(/( {20}http_filters:\n)/, `$1${filter}`);
  assert.is.not(text, sound);
  const { found, stderr } = await refusalsIn(['chart.yaml'], folderWith({ 'chart.yaml': text }));
  assert.equal(found, []);
  assert.match(stderr, 'without the scripts of its Lua filters');
  assert.not.ok(existsSync(mark));
});

verdicts.run();
