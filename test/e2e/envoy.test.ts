/** Envoy's own verdict on every config that the function has touched. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { certificateFiles, envoyDocuments } from '../support/envoy-documents.ts';
import { buildWith, bundled } from '../support/kustomize.ts';
import { CONTROL_PLANES } from '../support/overlays.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { makeCertificate } from './support/certificates.ts';
import { envoyTool } from './tools.ts';

const verdicts = suite('Envoy');
const scratch = temporaryFolder();
const pair = await makeCertificate(['app.ml.example.com']);

/** Where the pods have certificates, and the files that name them. */
const MOUNT = '/etc/envoy-tls';

for (const name of CONTROL_PLANES)
  verdicts(`overlay ${name}: valid, without a warning`, async () => {
    const { status, stdout, stderr } = await buildWith(bundled, `overlays/${name}`);
    assert.is(status, 0, stderr);
    const documents = envoyDocuments(mounted(stdout));
    assert.ok(documents.length > 0, 'has an Envoy config');
    for (const document of documents) assert.equal(await complaints(document), []);
  });

const cases = join(packageRoot, 'test/cases');
for (const name of readdirSync(cases)) {
  const expected = join(cases, name, 'expected.yaml');
  if (!existsSync(expected)) continue;
  const stream = readFileSync(expected, 'utf8');
  if (envoyDocuments(stream).length === 0) continue;
  // A config for an Envoy of long ago; the file says why.
  if (existsSync(join(cases, name, 'refused-by-envoy'))) continue;
  // What Envoy says about a config that is not ours, it may say afterwards, and nothing more.
  verdicts(`case ${name}: no complaint that the input does not get`, async () => {
    const before = envoyDocuments(readFileSync(join(cases, name, 'input.yaml'), 'utf8'));
    for (const [index, document] of envoyDocuments(mounted(stream)).entries()) {
      const known = new Set(await complaints(before[index] ?? ''));
      const fresh = (await complaints(document)).filter((line) => !known.has(line));
      assert.equal(fresh, []);
    }
  });
}

verdicts.run();

/** The stream with the pods' mounts replaced by folders of this machine, which have what is mounted there. */
function mounted(stream: string): string {
  const files = certificateFiles(stream);
  mkdirSync(join(scratch, 'config'), { recursive: true });
  for (const [name, text] of files) {
    const moved = text.replaceAll(MOUNT, scratch);
    writeFileSync(join(scratch, 'config', name), moved);
    for (const [, folder = ''] of moved.matchAll(/watched_directory:\s+path: (\S+)/g)) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'tls.crt'), pair.certificate);
      writeFileSync(join(folder, 'tls.key'), pair.key);
    }
  }
  return files.size > 0 ? stream.replaceAll(MOUNT, scratch) : stream;
}

/**
 * Everything that Envoy logs besides its OK, without times, thread numbers and file names. Where a field breaks a rule it prints the whole
 * message that has it between the two halves of its line, and a word that differs each time.
 */
async function complaints(document: string): Promise<string[]> {
  const path = join(scratch, `envoy${document.trimStart().startsWith('{') ? '.json' : '.yaml'}`);
  writeFileSync(path, document);
  const { exitCode, all } = await execa(
    envoyTool.path,
    ['--mode', 'validate', '-l', 'warning', '-c', path],
    { all: true, reject: false },
  );
  const lines = all
    .split('\n')
    .filter((line) => /^[[:]/.test(line))
    .map((line) => line.replace(/^\[\S+ \S+?\]\[\d+\]/, '').replaceAll(path, 'FILE'))
    .map((line) => line.replace(/goo\.gle\/debug\w+ *$/, ''));
  return exitCode === 0 || lines.length > 0 ? lines : [`exit status ${exitCode}`];
}
