/**
 * The three layouts of upstream's chart, moved to another domain under a prefix. Each folder test/layouts/<layout>/ is an overlay over
 * chart.yaml, which `helm template` makes of test/layouts/chart with the values.yaml beside it; test/e2e/helm.test.ts holds it to that, and
 * test/e2e/live/layouts.test.ts runs what comes out.
 *
 * `UPDATE=1 node --import tsx test/layouts.test.ts` writes expected.yaml anew: read the difference before you commit it.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../src/build/paths.ts';
import { run } from './support/command-line.ts';
import { applyToStream } from './support/function.ts';
import { buildWith, bundled, isInstalled, newest } from './support/kustomize.ts';
import { LAYOUTS } from './support/layouts.ts';
import { assertSameText } from './support/same-text.ts';

const layouts = suite('layouts');
const programs = [bundled, ...((await isInstalled(newest)) ? [newest] : [])];

for (const layout of LAYOUTS) {
  const overlay = `test/layouts/${layout}`;
  const file = join(packageRoot, overlay, 'expected.yaml');

  for (const program of programs)
    layouts(`${layout}: what is expected, with ${program.name}`, async () => {
      const { status, stdout, stderr } = await buildWith(program, overlay);
      assert.is(status, 0, stderr);
      if (process.env.UPDATE && program === bundled) writeFileSync(file, stdout);
      assertSameText(stdout, existsSync(file) ? readFileSync(file, 'utf8') : '');
    });

  layouts(`${layout}: no old host is left, and pods with a changed config roll`, () => {
    const expected = readFileSync(file, 'utf8');
    assert.not.match(expected, 'old.example.com');
    assert.not.match(expected, 'old\\\\.example\\\\.com');
    // The page, Envoy, the worker and the controller manager; the API server's config has no host.
    assert.is(expected.match(/network\.michelangelo\.api\/config-hash/g)?.length, 4);
  });

  layouts(`${layout}: check finds nothing but what no overlay changes`, async () => {
    const words = ['check', overlay, '--kustomize', bundled.command];
    const { status, stdout, stderr } = await run(words, { cwd: packageRoot });
    assert.is(status, 0, stderr);
    const codes = [...stdout.matchAll(/^(?:error|warning):.*\[([\w-]+)\]$/gm)].map(
      ([, code]) => code,
    );
    // The chart's short timeouts, and its addresses inside the cluster.
    const left = codes.filter((code) => code !== 'value-replaced');
    // As upstream has it by default; ingress-nginx, whatever it is told; the descriptors and the store's keys, which are no part of the chart.
    const known = [
      'api-without-authentication',
      'entry-stream-limit',
      'pod-reference-missing',
      'program-value',
    ];
    assert.equal(left.toSorted(), known);
  });

  layouts(`${layout}: the function changes nothing in what it made`, () => {
    const config = readFileSync(join(packageRoot, overlay, 'domain.yaml'));
    const { status, stdout } = applyToStream(config, readFileSync(file));
    assert.is(status, 0);
    assertSameText(stdout, readFileSync(file, 'utf8'));
  });
}

layouts.run();
