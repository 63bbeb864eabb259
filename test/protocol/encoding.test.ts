/** Bytes that are not UTF-8: they pass where nothing is read, and are named where something is. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../../src/protocol/command.ts';
import { encodingProblemOf } from '../../src/yaml/utf8.ts';
import { inputsOf, resourceList } from '../support/function.ts';

const read = (file: string) =>
  readFileSync(new URL(`../cases/tls-secret/${file}`, import.meta.url), 'utf8');
const config = read('config.yaml');
const input = read('input.yaml');

/** A mark of five characters, replaced by bytes. */
const MARK = '@@@@@';
const STRANGE: [name: string, bytes: number[], first: string][] = [
  ['Latin-1', [0xe9], '0xE9'],
  ['an overlong form', [0xc0, 0x80], '0xC0'],
  ['half of a surrogate pair', [0xed, 0xa0, 0x80], '0xED'],
  ['a continuation alone', [0x80], '0x80'],
  ['a character beyond Unicode', [0xf4, 0x90, 0x80, 0x80], '0xF4'],
];

function withBytes(text: string, bytes: readonly number[]): Buffer {
  const at = text.indexOf(MARK);
  return Buffer.concat([
    Buffer.from(text.slice(0, at)),
    Buffer.from(bytes),
    Buffer.from(text.slice(at + MARK.length)),
  ]);
}

const bytes = suite('bytes that are not UTF-8');

for (const [name, strange, first] of STRANGE) {
  const edited = input.replace('kind: Ingress\n', `kind: Ingress\n# "ü" ${MARK}\n`);

  bytes(`${name}: named in a resource that is edited, on a stream and in a file`, () => {
    const broken = withBytes(edited, strange);
    for (const words of [['c'], ['c', 'f']]) {
      const files = (path: string) => (path === 'c' ? Buffer.from(config) : broken);
      const { status, stdout, stderr } = main(words, inputsOf(broken, files));
      assert.is(status, 1);
      assert.is(stdout.length, 0);
      assert.match(stderr, '[input-syntax]');
      assert.match(stderr, /document \d+ of the input, line \d+, column 7 of it/);
      assert.match(stderr, `the byte ${first}`);
    }
  });

  bytes(`${name}: named in a ResourceList, in pieces and as a whole`, () => {
    for (const head of ['', '# as a whole\n']) {
      const list = withBytes(head + resourceList(config, edited), strange);
      const { status, stderr, stdout } = main([], inputsOf(list));
      assert.is(status, 1);
      assert.match(stderr, `the byte ${first}`);
      // The items come out as they went in.
      if (head === '') assert.ok(Buffer.concat(stdout).includes(Buffer.from(strange)));
    }
  });

  bytes(`${name}: passes where nothing has to be read`, () => {
    const other = withBytes(
      `kind: ConfigMap\nmetadata: {name: other}\ndata:\n  a: ${MARK}\n`,
      strange,
    );
    const stream = Buffer.concat([Buffer.from(`${input}---\n`), other]);
    const { status, stdout } = main(
      ['c'],
      inputsOf(stream, () => Buffer.from(config)),
    );
    assert.is(status, 0);
    assert.ok(Buffer.concat(stdout).includes(other));
  });

  bytes(`${name}: named in a config`, () => {
    const broken = withBytes(`${config}# ${MARK}\n`, strange);
    const { status, stderr } = main(
      ['c'],
      inputsOf(Buffer.from(input), () => broken),
    );
    assert.is(status, 1);
    assert.match(stderr, '[config-syntax]');
    assert.match(stderr, `the byte ${first}`);
  });
}

bytes('a replacement character that was written is a character', () => {
  assert.is(encodingProblemOf(Buffer.from('a: \ufffd\n')), undefined);
  const problem = encodingProblemOf(
    Buffer.concat([Buffer.from('a\nb: \ufffd'), Buffer.from([0xff])]),
  );
  assert.equal([problem?.line, problem?.column], [2, 5]);
});

bytes.run();
