import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ByteSearch } from '../../src/manifests/byte-search.ts';
import fc from '../support/fast-check.ts';

test('a word is found in each part as if the part stood alone, in whatever order it is asked', () => {
  const texts = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'ü'), maxLength: 6 }), {
    minLength: 1,
  });
  const words = fc.array(fc.constantFrom('a', 'ab', 'aba', 'ü', 'bü', 'c'), { minLength: 1 });
  // What lies between two parts that are far from each other is more than is searched ahead.
  const gap = fc.constantFrom('', '-'.repeat(40_000), '-'.repeat(70_000));
  fc.assert(
    fc.property(texts, words, gap, fc.array(fc.nat()), (parts, asked, between, again) => {
      const stream = Buffer.from(parts.map((part) => part + between).join(''));
      const search = new ByteSearch(stream);
      let at = 0;
      const views = parts.map((part) => {
        const start = at;
        const end = start + Buffer.byteLength(part);
        at = end + between.length;
        return stream.subarray(start, end);
      });
      const more = again.map((index) => views[index % views.length] as Buffer);
      for (const view of [...views, ...more])
        for (const word of asked) assert.is(search.has(word, view), view.includes(word));
    }),
    { numRuns: 200 },
  );
});

test.run();
