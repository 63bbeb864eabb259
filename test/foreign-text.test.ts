import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { inJson, inLines, onOneLine, shellWord } from '../src/foreign-text.ts';

const text = suite('foreign text');

const UNSEEN = [
  ...Array.from({ length: 0x20 }, (_, code) => code),
  ...Array.from({ length: 0x21 }, (_, code) => 0x7f + code),
  // Soft hyphen, marks of Arabic and Mongolian, zero width, direction, separators, isolates, fillers, tags, the byte order mark.
  ...[0xad, 0x61c, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e],
  ...[0x2060, 0x2066, 0x2067, 0x2068, 0x2069, 0x3164, 0xd800, 0xdfff, 0xfe0f, 0xfeff, 0xe0041],
];

text('what cannot be seen is written out', () => {
  for (const code of UNSEEN) {
    const character = String.fromCodePoint(code);
    assert.match(onOneLine(`a${character}b`), /^a\\[\w{}]+b$/, code.toString(16));
    const isLayout = character === '\n' || character === '\t';
    assert.match(inLines(`a${character}b`), isLayout ? `a${character}b` : /^a\\[\w{}]+b$/);
  }
});

text('what cannot be seen stays what it is in JSON, in characters that can', () => {
  for (const code of UNSEEN) {
    const json = JSON.stringify({ a: `a${String.fromCodePoint(code)}b` }, null, 2);
    const printed = inJson(json);
    assert.equal(JSON.parse(printed), JSON.parse(json));
    assert.match(printed.replaceAll('\n', ''), /^[\x20-\x7e]*$/);
  }
});

text('what can be read stays: umlauts, other scripts, emoji, backslashes', () => {
  const words = 'Größe 東京 привет 😀 \\n "quoted" `code` ::/0 fe80::1 a::b::c # ## [x]';
  assert.is(onOneLine(words), words);
  assert.is(inLines(words), words);
});

text('a second time changes nothing', () => {
  const once = onOneLine('a\u001b\n::error::b ##[group]c');
  assert.is(onOneLine(once), once);
});

for (const command of [
  '::error::x',
  '  ::stop-commands::x',
  'a ##[error]x',
  '##vso[task.x]y',
  '##teamcity[x]',
])
  text(`no CI runner hears ${command}`, () => {
    for (const printed of [onOneLine(command), inLines(`first\n${command}`), inJson(command)])
      assert.not.match(printed, /##\w*\[/);
    for (const printed of [onOneLine(command), inLines(`first\n${command}`)])
      assert.not.match(printed, /^\s*::/m);
  });

text('a shell reads back what a command quotes', () => {
  const words = [
    'a b',
    "it's",
    '$(id)',
    '`id`',
    'a;b',
    '*',
    '~',
    '<host>',
    '"',
    'a\\b',
    '',
    '-n',
    'ä',
  ];
  for (const word of words) {
    const line = `printf %s ${shellWord(word)}`;
    assert.is(spawnSync('sh', ['-c', line], { encoding: 'utf8' }).stdout, word);
  }
});

text('a plain path needs no quotes', () => {
  assert.is(shellWord('overlays/production'), 'overlays/production');
});

text.run();
