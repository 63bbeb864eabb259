/** What stands for `node:path` in the static executable, against Node's own. */
import { posix as node } from 'node:path';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { posix } from '../../src/quickjs/node/path.ts';

const path = fc
  .array(fc.constantFrom('a', 'b', '..', '.', '', 'c.d'), { maxLength: 6 })
  .map((parts) => parts.join('/'));

test('leads where that of Node.js does', () => {
  fc.assert(
    fc.property(path, path, (one, other) => {
      assert.is(posix.normalize(one), node.normalize(one));
      assert.is(posix.join(one, other), node.join(one, other));
      assert.is(posix.resolve('/', one, other), node.resolve('/', one, other));
      assert.is(posix.relative(`/${one}`, `/${other}`), node.relative(`/${one}`, `/${other}`));
    }),
    { numRuns: 2000 },
  );
});

test.run();
