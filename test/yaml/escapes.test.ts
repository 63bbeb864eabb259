import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { mayHideWords } from '../../src/yaml/escapes.ts';

test('an escape for a letter, a digit, a hyphen, a dot or a slash may hide a word', () => {
  for (const text of [
    'w\\x6frker',
    'w\\u006Frker',
    '\\U00000061',
    '15\\x3566',
    'a\\x2db',
    'a\\x2eb',
    'a\\x2fb',
  ])
    assert.ok(mayHideWords(text), text);
  for (const text of ['worker', 'a\\nb', '\\u0026\\u003c', '\\x20', 'C:\\u', '\\x5b', '\\x7f'])
    assert.not.ok(mayHideWords(text), text);
});

test.run();
