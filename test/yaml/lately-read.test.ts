import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printYamlOnce, rememberReading } from '../../src/yaml/lately-read.ts';
import { parseYaml, printYaml } from '../../src/yaml/yaml.ts';

const lately = suite('lately-read');

/** A reader that counts how often each text was read. */
function counting() {
  const counts = new Map<string, number>();
  const read = rememberReading((text) => {
    counts.set(text, (counts.get(text) ?? 0) + 1);
    return parseYaml(text);
  });
  return { counts, read };
}

lately('reads a text once', () => {
  const { counts, read } = counting();
  const answers = ['a: 1', 'b: 2', 'a: 1', 'a: 1'].map((text) => read(text).json);
  assert.equal(answers, [{ a: 1 }, { b: 2 }, { a: 1 }, { a: 1 }]);
  assert.equal(
    [...counts],
    [
      ['a: 1', 1],
      ['b: 2', 1],
    ],
  );
});

lately('lets nobody change an answer', () => {
  const { read } = counting();
  const { json } = read('list: [{a: 1}]');
  assert.throws(() => Object.assign((json as { list: object[] }).list[0] ?? {}, { a: 2 }));
  assert.throws(() => (json as { list: object[] }).list.push({}));
});

lately('forgets what came longest ago', () => {
  const { counts, read } = counting();
  const [old, used] = ['old: 1', 'used: 1'];
  const texts = Array.from({ length: 30 }, (_, index) => `a: ${String(index).repeat(40_000)}`);
  for (const text of [old, used, ...texts.flatMap((text) => [text, used]), old]) read(text);
  assert.equal([counts.get(old), counts.get(used)], [2, 1]);
});

lately('keeps nothing of a text that is larger than all it keeps', () => {
  const { counts, read } = counting();
  const large = `# ${'x'.repeat(1_000_001)}\na: 1`;
  for (const text of ['a: 1', large, large, 'a: 1']) read(text);
  assert.equal([counts.get('a: 1'), counts.get(large)], [1, 2]);
});

lately('prints alike what comes again', () => {
  const value = { b: ['yes', 'two\nlines\n'], a: null };
  const printed = [1, 2, 3].map(() => printYamlOnce(value));
  assert.equal([...new Set(printed)], [printYaml(value)]);
});

lately.run();
