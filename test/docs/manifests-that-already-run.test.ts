import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { formatChanges } from '../../src/cli/explain-text.ts';
import { loadConfig } from '../../src/config/load.ts';
import { Batch } from '../../src/manifests/batch.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { changesOf } from '../../src/report/changes.ts';
import { run } from '../../src/run.ts';

const page = readFileSync(join(packageRoot, 'docs/manifests-that-already-run.md'), 'utf8');
const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];
const [, explained = ''] = /```text\n([\s\S]*?)```/.exec(page) ?? [];
const input = readFileSync(join(packageRoot, 'test/cases/old-hosts-in-envoy/input.yaml'));

/** What the function does to the golden case of Envoy with the config of the page. */
function result(config: string) {
  const head =
    'apiVersion: network.michelangelo.api/v1alpha1\nkind: DomainConfig\nmetadata: {name: a}\n';
  const absent = '  absent: [envoy, worker, ui, controller-manager]\n';
  const loaded = loadConfig(head + config + absent);
  const batch = new Batch('documents', splitDocuments(input));
  return { loaded, result: run(batch, loaded) };
}

test('shows what explain prints', () => {
  const plain = new Proxy({}, { get: () => (text: string) => text }) as never;
  const all = example.replace(/ {2}hosts:\n(?: {4}.*\n)+/, '');
  const text = formatChanges(changesOf(result(all) as never), plain);
  for (const line of explained.trim().split('\n')) assert.match(text, line);
});

test('keeps the place that its config names, and nothing else', () => {
  const { edits, problems } = result(example).result;
  assert.equal(problems, []);
  const places = edits
    .filter(({ document }) => document === 'envoy.yaml')
    .map(({ operation }) => operation.path);
  assert.ok(places.length > 0);
  assert.not(places.some((path) => path.includes('server_names')));
});

test.run();
