import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Batch } from '../../src/manifests/batch.ts';
import { joinFiles, splitDocuments } from '../../src/protocol/documents.ts';

const split = (text: string): string[] =>
  splitDocuments(Buffer.from(text)).map((chunk) => chunk.text);

const streams: [name: string, pieces: string[]][] = [
  ['one document', ['a: 1\n']],
  ['documents after markers', ['---\na: 1\n', '---\nb: 2\n']],
  ['a marker with a comment', ['a: 1\n', '--- # second\nb: 2\n']],
  ['a marker with a value behind it', ['a: 1\n', '--- {b: 2}\n', '---\t# tab\nc: 3\n']],
  ['CRLF', ['a: 1\r\n', '---\r\nb: 2\r\n', '---\r\n']],
  ['a byte order mark', ['\ufeff---\na: 1\n', '---\nb: 2\n']],
  ['documents that end in dots', ['a: 1\n...\n', '---\nb: 2\n...\n']],
  ['no line feed at the end', ['a: 1\n', '---\nb: 2']],
  ['a marker at the very end', ['a: 1\n', '---']],
  ['empty documents', ['---\n', '---\n', '---\n']],
  ['comments only', ['# one\n', '---\n# two\n', '---\n\n']],
  ['directives', ['%YAML 1.1\n---\na: 1\n...\n', '# c\n%TAG !e! tag:x,2000:\n\n---\nb: !e!x 2\n']],
  ['directives after a byte order mark', ['\ufeff%YAML 1.1\n---\na: 1\n', '---\nb: 2\n']],
  ['a line of text that begins like a directive', ['a: "\n%b\n"\n', '---\nb: 2\n']],
  ['what only looks like a marker', ['a: |\n  ---\n  b\n---- : c\n---d: e\n']],
];
for (const [name, pieces] of streams)
  test(`cuts a stream with ${name}, and loses nothing`, () => {
    assert.equal(split(pieces.join('')), pieces);
  });

test('an empty stream has no documents', () => {
  assert.equal(split(''), []);
});

test('bytes that are no UTF-8 pass as they came', () => {
  const bytes = Buffer.from([
    0x61, 0x3a, 0x20, 0xff, 0xfe, 0x0a, 0x2d, 0x2d, 0x2d, 0x0a, 0x62, 0xc3,
  ]);
  assert.ok(new Batch('documents', splitDocuments(bytes)).toBytes().equals(bytes));
});

const files: [name: string, files: string[], stream: string][] = [
  ['each file begins a document', ['a: 1\n', 'b: 2\n'], 'a: 1\n---\nb: 2\n'],
  ['a marker that is there is enough', ['a: 1\n', '---\nb: 2\n'], 'a: 1\n---\nb: 2\n'],
  ['a missing line feed is added', ['a: 1', 'b: 2'], 'a: 1\n---\nb: 2'],
  ['an empty file adds nothing but a marker', ['', 'b: 2\n'], '---\nb: 2\n'],
  ['CRLF where the files have it', ['a: 1', 'b: 2\r\n'], 'a: 1\n---\r\nb: 2\r\n'],
  ['a block at the end gets no line end', ['a: |\n  x', 'b: 2'], 'a: |-\n  x\n---\nb: 2'],
  [
    'a block that keeps lines gets none',
    ['a: 1\n---\na: |+2 # c\n  x\n\n  ', 'b: 2'],
    'a: 1\n---\na: |+2 # c\n  x\n\n---\nb: 2',
  ],
  [
    'a block of a document that is not well-formed',
    ['a: 1\na: >+\n  x', 'b: 2'],
    'a: 1\na: >-\n  x\n---\nb: 2',
  ],
  [
    'a file begins with a directive',
    ['a: 1\n', '# c\n%YAML 1.2\n---\nb: 2\n'],
    'a: 1\n...\n# c\n%YAML 1.2\n---\nb: 2\n',
  ],
  [
    'a second byte order mark goes',
    ['\ufeffa: 1\n', '\ufeff---\nb: 2\n'],
    '\ufeffa: 1\n---\nb: 2\n',
  ],
];
for (const [name, parts, stream] of files)
  test(`joining files: ${name}`, () => {
    assert.is(joinFiles(parts.map((part) => Buffer.from(part))).toString(), stream);
  });

test.run();
