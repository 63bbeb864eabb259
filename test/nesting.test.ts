/** Nesting without bound, in each place that is read: it is refused or passed on, never a mistake of the program. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../src/checks/index.ts';
import { formatProblems } from '../src/errors.ts';
import { splitDocuments } from '../src/protocol/documents.ts';
import { callFunction } from '../src/report/call.ts';
import { surfaceOf } from '../src/surface/surface.ts';
import { parseYaml } from '../src/yaml/yaml.ts';

const read = (name: string, file: string) =>
  readFileSync(new URL(`cases/${name}/${file}`, import.meta.url), 'utf8');

const config = read('tls-acme', 'config.yaml');
const base = read('tls-acme', 'input.yaml');
const HOST = 'api.old.example.com';

/** So deep that a walk with a frame for each level does not come back. */
const LEVELS = 20_000;
const list = (levels: number, inside: string) => '['.repeat(levels) + inside + ']'.repeat(levels);

const resource = (kind: string, annotation: string, rest: string) =>
  `---\napiVersion: v1\nkind: ${kind}\nmetadata:\n  name: deep\n  annotations:\n    a: '${annotation}'\n${rest}`;

const documents = (levels: number): string =>
  Array.from({ length: levels }, (_, level) => `${' '.repeat(level + 4)}level: |\n`).join('');

const INPUTS: Readonly<Record<string, string>> = {
  'JSON of a ConfigMap': resource(
    'ConfigMap',
    '',
    `data:\n  a.json: '${list(LEVELS, `"${HOST}"`)}'\n`,
  ),
  'JSON of a ConfigMap that the parser of YAML still reads': resource(
    'ConfigMap',
    '',
    `data:\n  a.json: '${list(3000, `"${HOST}"`)}'\n`,
  ),
  'JSON of an annotation': resource(
    'Service',
    list(LEVELS, `"${HOST}"`),
    `spec: {externalName: ${HOST}}\n`,
  ),
  'a resource': resource('Service', HOST, `spec: ${list(LEVELS, HOST)}\n`),
  'a list on one line': resource('Service', HOST, `spec:\n  ${'- '.repeat(LEVELS)}${HOST}\n`),
  'documents in documents': resource(
    'ConfigMap',
    '',
    `data:\n  a.yaml: |\n${documents(600)}${' '.repeat(604)}host: ${HOST}\n`,
  ),
};

const nesting = suite('nesting');

for (const [what, text] of Object.entries(INPUTS))
  nesting(what, () => {
    const input = Buffer.from(base + text);
    const { result, output } = callFunction(config, input);
    const said = formatProblems(result.problems);
    assert.not.match(said, '[internal]');
    assert.ok(
      output.length > input.length || /\[(?:old-host-left|input-syntax)\]/.test(said),
      said,
    );
    runChecks(surfaceOf(splitDocuments(input)));
  });

nesting('a document of 500 levels is read, and none that is deeper', () => {
  assert.equal(parseYaml(list(500, 'x')).problems, []);
  const { problems, json } = parseYaml(`a: 1\nb: ${list(500, 'x')}`);
  assert.is(json, undefined);
  assert.equal(problems, [{ line: 2, column: 504, what: 'more than 500 levels of nesting' }]);
});

nesting('aliases make no deeper one', () => {
  const rows = Array.from(
    { length: 1200 },
    (_, row) => `a${row}: &a${row} [${row && `*a${row - 1}`}]\n`,
  );
  const { problems, json } = parseYaml(rows.join(''));
  assert.is(json, undefined);
  assert.equal(
    problems.map(({ what }) => what),
    ['aliases that make more than 500 levels of nesting'],
  );
});

nesting.run();
