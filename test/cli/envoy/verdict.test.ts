/** Envoy's own verdict in `check`, with a small program in its place; test/e2e/envoy-verdict.test.ts asks the real one. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../src/build/paths.ts';
import { run } from '../../support/command-line.ts';
import { fakeEnvoy, refusing } from '../../support/fake-envoy.ts';
import { folderWith, temporaryFolder } from '../../support/temporary.ts';

const sound = readFileSync(join(packageRoot, 'test/checks/foreign/sound.yaml'), 'utf8');
const IGNORE = 'network.michelangelo.api/ignore-envoy-verdict';
const REFUSAL = "route: unknown cluster 'ma_ui'";

const verdicts = suite("Envoy's verdict");

/** Without an Envoy that the machine may have. */
const PLACE = { PATH: '/usr/bin:/bin' };

async function check(words: readonly string[], env: NodeJS.ProcessEnv = PLACE, text = sound) {
  const cwd = folderWith({ 'chart.yaml': text });
  return run(['check', 'chart.yaml', ...words], { cwd, env });
}

verdicts('a refusal is an error, in its own words and with its version', async () => {
  const { command } = fakeEnvoy(refusing(REFUSAL));
  const { status, stdout, stderr } = await check(['--envoy', command]);
  assert.is(status, 1);
  assert.is(stderr, '');
  assert.match(stdout, `error: Envoy 1.40.0 refuses envoy.yaml: ${REFUSAL} [envoy-verdict]`);
  assert.match(stdout, 'ConfigMap prod-ma-envoy, data[envoy.yaml]');
});

verdicts('stands in the list of every format', async () => {
  const { command } = fakeEnvoy(refusing(REFUSAL));
  for (const format of ['json', 'github', 'gitlab', 'sarif', 'junit', 'markdown']) {
    const { stdout } = await check(['--envoy', command, '--format', format]);
    assert.match(stdout, 'envoy-verdict', format);
  }
});

verdicts('is found by $ENVOY and on PATH, and left out by --no-envoy', async () => {
  const { command, folder } = fakeEnvoy(refusing(REFUSAL));
  for (const env of [{ ...PLACE, ENVOY: command }, { PATH: `${folder}:${PLACE.PATH}` }]) {
    assert.is((await check([], env)).status, 1);
    assert.is((await check(['--no-envoy'], env)).status, 0);
  }
});

verdicts('a config that Envoy takes is not spoken of', async () => {
  const { status, stdout, stderr } = await check(['--envoy', fakeEnvoy().command]);
  assert.is(stderr, '');
  assert.is(status, 0);
  assert.not.match(stdout, 'envoy-verdict');
});

verdicts('a chosen one that does not exist, or is no Envoy, is wrong usage', async () => {
  const missing = await check(['--envoy', '/nowhere/envoy']);
  assert.is(missing.status, 2);
  assert.match(missing.stderr, '/nowhere/envoy, chosen by --envoy, does not exist');
  const other = await check([], { ...PLACE, ENVOY: '/bin/ls' });
  assert.is(other.status, 2);
  assert.match(other.stderr, '/bin/ls, chosen by $ENVOY, does not run as Envoy');
});

verdicts('one on PATH that does not run is a warning', async () => {
  const folder = temporaryFolder();
  const command = join(folder, 'envoy');
  writeFileSync(
    command,
    '#!/bin/sh\necho "libc.so.6: version \'GLIBC_2.38\' not found" >&2\nexit 1\n',
  );
  chmodSync(command, 0o755);
  const { status, stderr } = await check([], { PATH: `${folder}:${PLACE.PATH}` });
  assert.is(status, 0);
  assert.match(
    stderr,
    /^warning: \S+\/envoy on PATH does not run as Envoy: .*GLIBC_2\.38.*: Envoy's own verdict was not asked\n$/,
  );
});

verdicts('can be accepted, and is not missed where no Envoy was asked', async () => {
  const accepted = sound.replace(
    /(name: prod-ma-envoy\n)(?= {2}labels:[\s\S]*?\ndata:)/,
    `$1  annotations: { ${IGNORE}: the image is patched }\n`,
  );
  const { command } = fakeEnvoy(refusing(REFUSAL));
  const refused = await check(['--envoy', command], PLACE, accepted);
  assert.is(refused.status, 0);
  assert.match(refused.stdout, '1 accepted');
  const unasked = await check([], PLACE, accepted);
  assert.not.match(unasked.stdout, 'ignore-unused');
  const taken = await check(['--envoy', fakeEnvoy().command], PLACE, accepted);
  assert.match(taken.stdout, 'ignore-unused');
});

verdicts('the config that Envoy prints with its reason is left out', async () => {
  const dumped = `goo.gle/debugonly  \nroute_config {\n  name: "x"\n}\n: Proto constraint validation failed (A.StatPrefix: too short)`;
  const before = await check(['--envoy', fakeEnvoy(refusing(dumped)).command]);
  assert.match(
    before.stdout,
    'refuses envoy.yaml: Proto constraint validation failed (A.StatPrefix: too short) [',
  );
  const behind =
    'Unable to parse JSON as proto (INVALID_ARGUMENT: bad number): {"static_resources":{"a":1}}';
  const after = await check(['--envoy', fakeEnvoy(refusing(behind)).command]);
  assert.match(after.stdout, 'refuses envoy.yaml: Unable to parse JSON as proto (bad number) [');
  assert.not.match(after.stdout, 'static_resources":');
});

verdicts('what another build of Envoy may know is a warning', async () => {
  const unknown = "Didn't find a registered implementation for 'x'";
  const { stdout, status } = await check(['--envoy', fakeEnvoy(refusing(unknown)).command]);
  assert.is(status, 0);
  assert.match(
    stdout,
    `warning: Envoy 1.40.0 refuses envoy.yaml: ${unknown}; envoyproxy/envoy:v1.33-latest may`,
  );
  const same = await check(['--envoy', fakeEnvoy(refusing(unknown), '1.33.2').command]);
  assert.is(same.status, 1);
});

verdicts('an Envoy that ends otherwise has no verdict', async () => {
  const { status, stderr, stdout } = await check(['--envoy', fakeEnvoy('kill -9 $$').command]);
  assert.is(status, 0);
  assert.match(
    stderr,
    'note: chart.yaml: envoy.yaml of ConfigMap prod-ma-envoy: no verdict of Envoy: Envoy was ended by SIGKILL',
  );
  assert.not.match(stdout, 'envoy-verdict');
});

verdicts('a config that is filled in at the start is not judged', async () => {
  const text = sound.replace('address: prod-ma-ui,', 'address: "${UI_HOST}",');
  const { stdout, stderr } = await check(
    ['--envoy', fakeEnvoy(refusing('x')).command],
    PLACE,
    text,
  );
  assert.not.match(stdout, 'envoy-verdict');
  assert.match(stderr, 'it has variables');
});

verdicts.run();
