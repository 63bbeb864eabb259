import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Io } from '../../../src/cli/io.ts';
import { programFor, startStandIn } from '../../../src/cli/kustomize/stand-in.ts';
import { folderWith, temporaryFolder } from '../../support/temporary.ts';

const FUNCTION = 'network.michelangelo.api/v1alpha1/domainconfig/DomainConfig';
const config = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: dev}
spec: {domain: example.com, tls: {mode: none}, absent: [api-server, envoy, worker, ui, controller-manager, api-entry, app-entry]}
`;
const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

const standIn = suite('the stand-in for the function');

/** Calls it as kustomize does, once for each input; one after the other. */
async function called(inputs: readonly string[], text = config) {
  const home = folderWith({ [FUNCTION]: '' });
  // A name that a shell would take apart.
  const folder = join(folderWith({ "it's a folder/config": text }), "it's a folder");
  const io = { env: process.env, cwd: folder } as Io;
  const started = await startStandIn(folder, home, io);
  const results = [];
  for (const input of inputs)
    results.push(
      await execa(join(started.home, FUNCTION), [join(folder, 'config')], {
        input,
        reject: false,
        stripFinalNewline: false,
        env: { PATH: '/nowhere' },
        extendEnv: false,
      }),
    );
  started.stop();
  return { results, calls: started.takeCalls() };
}

standIn('is called several times, with more than a pipe holds, and with nothing', async () => {
  const large = `${manifest}data: {a: '${'x'.repeat(300_000)}'}\n`;
  const inputs = [large, manifest, ''];
  const { results, calls } = await called(inputs);
  assert.equal(
    results.map(({ stdout, stderr, exitCode }) => ({ stdout, stderr, exitCode })),
    inputs.map((stdout) => ({ stdout, stderr: '', exitCode: 0 })),
  );
  assert.is(calls.length, 3);
});

standIn('prints problems on stderr, and ends with 1', async () => {
  const { results } = await called([manifest], config.replace('mode: none', 'mode: some'));
  const [{ stdout, stderr, exitCode } = {}] = results;
  assert.is(exitCode, 1);
  assert.is(stdout, '');
  assert.match(String(stderr), /^error: .*\[config-value\]\n/);
});

standIn('ends where the process at the other side is gone', async () => {
  const folder = temporaryFolder();
  execFileSync('mkfifo', [join(folder, 'input'), join(folder, 'output')]);
  const words = ['-c', programFor(folder, 'mark'), 'DomainConfig', 'config'];
  const ended = await execa('sh', words, { input: manifest, reject: false, timeout: 20_000 });
  assert.not(ended.timedOut);
  assert.is.not(ended.exitCode, 0);
});

standIn.run();
