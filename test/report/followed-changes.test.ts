import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { loadConfig } from '../../src/config/load.ts';
import { Batch } from '../../src/manifests/batch.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { changesOf } from '../../src/report/changes.ts';
import { run } from '../../src/run.ts';

function changesIn(name: string) {
  const read = (file: string) => readFileSync(join(packageRoot, 'test/cases', name, file));
  const loaded = loadConfig(read('config.yaml').toString());
  const result = run(new Batch('documents', splitDocuments(read('input.yaml'))), loaded);
  return changesOf({ loaded, result } as never).changed;
}

test('says which old host a place followed', () => {
  const found = changesIn('old-hosts-in-other-kinds').find(
    ({ path }) => path === 'spec.commonName',
  );
  assert.is(found?.follows, 'app.old.example.com');
  assert.is(found?.field, 'spec.domain');
});

test('says nothing of what a Secret holds', () => {
  const found = changesIn('old-hosts-in-secrets').filter(
    ({ resource }) => resource.kind === 'Secret',
  );
  assert.is(found.length, 2);
  assert.not.match(JSON.stringify(found), 'example');
});

test.run();
