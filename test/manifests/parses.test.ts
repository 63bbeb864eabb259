/**
 * How often the golden cases make the parser read: each document as it came and, where it changed, as it leaves; where rules change it
 * and leave an old host that is then followed, as the rules leave it and as that begins. The hash of a config is written when the config
 * is whole, into workloads that rules may have changed before; and with aliases lists of hosts are looked for once more, in
 * documents inside of documents too.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Parser, parseDocument } from 'yaml';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { applyToStream } from '../support/function.ts';

const folder = fileURLToPath(new URL('../cases', import.meta.url));
const read = (...path: string[]) => readFileSync(join(folder, ...path));

/** Every text that the library reads. */
const texts: string[] = [];
const parse = Parser.prototype.parse;
Parser.prototype.parse = function (source, incomplete) {
  texts.push(withoutTemplates(source));
  return parse.call(this, source, incomplete);
};

/** The domains that the bases of the golden cases have. */
const OLD_HOST = /old\.example|ml\.example\.org|cher\S*example/iu;

/** What may hide a document with an old host. */
const BASE64 = /^[\w+/]{16,}={0,2}$/;

/** Templates are covered while a text is read. */
function withoutTemplates(text: string): string {
  return text.replace(/\{\{.*?\}\}|[\ue000-\uf8ff]+/g, '');
}

/** The texts of a stream that may be read, each as often as it stands there: its documents, and the strings in them. */
function readable(stream: Buffer): string[] {
  return splitDocuments(stream).flatMap(({ text }) => {
    const document = parseDocument(text, { logLevel: 'error' });
    const json = document.errors.length > 0 ? undefined : (document.toJS() as unknown);
    return [text, ...stringsIn(json)].map(withoutTemplates);
  });
}

function stringsIn(json: unknown): string[] {
  if (typeof json === 'string') return [json];
  return typeof json === 'object' && json !== null ? Object.values(json).flatMap(stringsIn) : [];
}

function countOf(all: readonly string[], text: string): number {
  return all.filter((other) => other === text).length;
}

/** Of all cases: what one has in common with two before it is not read. */
let total = 0;

/** Places that stand in an anchor or a merge get copies of their own first, and the text is read between. */
const names = readdirSync(folder).filter(
  (name) =>
    existsSync(join(folder, name, 'expected.yaml')) &&
    !/[\s[]\*\w|<<:/.test(read(name, 'input.yaml').toString()),
);

for (const name of names)
  test(`${name}: every document is read once, and once more where it changed`, () => {
    const [config, input] = [read(name, 'config.yaml'), read(name, 'input.yaml')];
    const hasAliases = /^ +aliases:/m.test(config.toString());
    texts.length = 0;
    const { stdout, status } = applyToStream(config, input);
    const parsed = texts.filter((text) => text !== withoutTemplates(config.toString()));
    assert.is(status, 0);
    total += parsed.length;
    const before = readable(input);
    const after = readable(Buffer.from(stdout));
    for (const text of parsed) {
      const changed = Math.max(0, countOf(after, text) - countOf(before, text));
      // Old hosts are followed in what the rules have written, and workloads are told of the result.
      const isReadAgain =
        OLD_HOST.test(text) || BASE64.test(text) || /^ *kind: Deployment$/m.test(text);
      const between = hasAliases ? 3 : isReadAgain ? 2 : 0;
      const allowed = countOf(before, text) + Math.max(changed, between);
      assert.ok(
        countOf(parsed, text) <= allowed,
        `read ${countOf(parsed, text)} times, ${allowed} are enough:\n${text}`,
      );
    }
  });

test('most cases have something that is read', () => {
  assert.ok(total > names.length, String(total));
});

test('configs and workloads that nothing of ours is in are not read', () => {
  const name = 'configs-that-get-a-hash';
  const others = ['ConfigMap', 'Deployment', 'DaemonSet'].map(
    (kind) => `---\napiVersion: v1\nkind: ${kind}\nmetadata: { name: somebody-elses }\n`,
  );
  texts.length = 0;
  const { status } = applyToStream(
    read(name, 'config.yaml'),
    Buffer.from(read(name, 'input.yaml') + others.join('')),
  );
  assert.is(status, 0);
  assert.equal(
    texts.filter((text) => text.includes('somebody-elses')),
    [],
  );
});

test.run();
