import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inShard, toShard } from '../../src/cli/shard.ts';

const overlays = ['d', 'a', 'c', 'e', 'b', 'g', 'f'];
const shard = suite('--shard');

shard('parts are together everything, each once, in the order of names', () => {
  for (const of of [1, 2, 3, 7, 10]) {
    const parts = Array.from({ length: of }, (_, index) =>
      inShard(overlays, { number: index + 1, of }),
    );
    assert.equal(parts.flat(), [...overlays].sort());
    const sizes = parts.map(({ length }) => length);
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1);
  }
  assert.equal(inShard(overlays, { number: 2, of: 3 }), ['c', 'd']);
});

shard('is a number of a number', () => {
  assert.equal(toShard('3/8'), { number: 3, of: 8 });
  for (const wrong of ['0/8', '9/8', '3', '3/', '1/0', '-1/8', '1.5/2'])
    assert.throws(() => toShard(wrong), /3\/8/);
});

shard.run();
