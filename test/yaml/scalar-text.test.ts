import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { replaceScalar } from '../../src/yaml/scalar-text.ts';
import { isMap, parseYaml, Scalar } from '../../src/yaml/yaml.ts';

/** The node of the only key, and its value. */
function literal(text: string): { node: Scalar; value: string } {
  const { contents } = parseYaml(text).document;
  assert.ok(isMap(contents));
  const node = contents.items[0]?.value;
  assert.ok(node instanceof Scalar);
  return { node, value: String(node.value) };
}

function replaced(text: string, change: (value: string) => string): string {
  const { node, value } = literal(text);
  const splice = replaceScalar(text, node, change(value), 'yaml', false, 0);
  return text.slice(0, splice.start) + splice.text + text.slice(splice.end);
}

test('lines that stay keep their bytes, blank ones their space', () => {
  const text = 'a: |\n  one\n \n  two\n  \n  one\nb: 1\n';
  assert.is(
    replaced(text, (value) => value.replace('two', 'three')),
    'a: |\n  one\n \n  three\n  \n  one\nb: 1\n',
  );
  assert.is(
    replaced(text, (value) => value.replace('two\n', '')),
    'a: |\n  one\n \n  \n  one\nb: 1\n',
  );
});

test('one line of very many', () => {
  const text = `a: |\n${Array.from({ length: 40_000 }, (_, index) => `  line ${index}\n`).join('')}`;
  assert.is(
    replaced(text, (value) => value.replace('line 1\n', 'changed\n')),
    text.replace('line 1\n', 'changed\n'),
  );
});

test.run();
