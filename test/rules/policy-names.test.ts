/** What the policies of `networkPolicies.mode: restricted` are called. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { applyToStream } from '../support/function.ts';

const read = (name: string) =>
  readFileSync(join(packageRoot, 'test/cases/network-policies', name), 'utf8');

function policies(input: string): string[] {
  const { stdout, stderr, status } = applyToStream(
    Buffer.from(read('config.yaml')),
    Buffer.from(input),
  );
  assert.is(status, 0, stderr);
  return [...stdout.matchAll(/kind: NetworkPolicy\nmetadata:\n {2}name: (\S+)/g)].flatMap(
    ([, name]) => name ?? [],
  );
}

test('carry the kind where two workloads have one name, and not otherwise', () => {
  const alone = policies(read('input.yaml'));
  assert.ok(alone.includes('ma-api-restricted'));
  assert.ok(alone.includes('ma-worker-restricted'));
  const alike = policies(
    read('input.yaml').replace(
      /(kind: StatefulSet\nmetadata:\n {2}name: )ma-worker\n/,
      '$1ma-api\n',
    ),
  );
  assert.equal(
    alike.filter((name) => /^ma-api-.*restricted$/.test(name)),
    ['ma-api-deployment-restricted', 'ma-api-statefulset-restricted'],
  );
});

test.run();
