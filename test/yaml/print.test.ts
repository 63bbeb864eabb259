import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { printBlock, printFlow, printScalar } from '../../src/yaml/print.ts';
import { parseYaml, printYaml } from '../../src/yaml/yaml.ts';
import { printedStrings } from './printed-strings.ts';

for (const [value, block, flow = block] of printedStrings)
  test(`${JSON.stringify(value)} is printed so that every reader takes it for this text`, () => {
    assert.is(printScalar(value, 'yaml', false), block);
    assert.is(printScalar(value, 'yaml', true), flow);
    assert.is(printYaml({ [value]: [value] }), `${block}:\n  - ${block}\n`);
    assert.is(printFlow({ [value]: [value] }, 'yaml'), `{${flow}: [${flow}]}`);
    assert.is(printScalar(value, 'json', true), JSON.stringify(value));
    for (const text of [block, flow]) assert.is(parseYaml(text).json, value);
  });

test('a long key is marked in flow style', () => {
  const key = 'x'.repeat(1100);
  assert.is(printFlow({ [key]: 1 }, 'yaml'), `{? ${key}: 1}`);
  assert.is(printFlow({ [key]: 1 }, 'json'), `{"${key}": 1}`);
});

test('lines are printed as a literal block where that keeps them for every reader', () => {
  assert.is(printBlock({ a: 'x\ny\n', b: 1 }, 0, '\n'), 'a: |\n  x\n  y\nb: 1');
  assert.is(printBlock({ a: 'x\u2028\ny\n', b: 1 }, 0, '\n'), 'a: "x\\u2028\\ny\\n"\nb: 1');
  assert.is(printBlock({ a: 'x\n\n', b: 1 }, 0, '\n'), 'a: "x\\n\\n"\nb: 1');
});

test.run();
