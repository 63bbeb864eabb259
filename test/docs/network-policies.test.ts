/** docs/network-policies.md against the words, the overlay and what the function says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { packageRoot } from '../../src/build/paths.ts';
import { EGRESS_WORDS } from '../../src/config/network-words.ts';
import { PROBLEM_CODES } from '../../src/errors.ts';
import { applyToStream } from '../support/function.ts';
import { buildWith, bundled } from '../support/kustomize.ts';

const page = readFileSync(join(packageRoot, 'docs/network-policies.md'), 'utf8');
const config = readFileSync(join(packageRoot, 'overlays/production/domain.yaml'), 'utf8');
const docs = suite('docs/network-policies.md');

docs('shows what the overlay production has', () => {
  const [, block = ''] = /<!-- production -->\n```yaml\n(.*?)```/s.exec(page) ?? [];
  assert.equal(parse(block).networkPolicies, parse(config).spec.networkPolicies);
});

docs('has a row for each word', () => {
  for (const word of EGRESS_WORDS) assert.match(page, new RegExp(`^\\|.*\`${word}\`.*\\|`, 'm'));
});

docs('names every code about network policies but those that stop the build', () => {
  for (const code of Object.keys(PROBLEM_CODES))
    if (/^network-/.test(code) && code !== 'network-policy-pods') assert.match(page, code);
});

docs('quotes what the function says of the mode alone', async () => {
  const { stdout } = await buildWith(bundled, 'base');
  const alone = config.replace(/(mode: restricted\n).*?(?=^ {2}\w)/ms, '$1');
  const { stderr, status } = applyToStream(Buffer.from(alone), Buffer.from(stdout));
  assert.is(status, 1);
  const [, quoted = ''] = /```text\n(error: .*?)```/s.exec(page) ?? [];
  assert.ok(quoted.length > 100 && stderr.includes(quoted), stderr);
  assert.is(stderr.match(/network-peer-missing/g)?.length, 7, stderr);
});

docs.run();
