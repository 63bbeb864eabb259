import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { main } from '../../src/protocol/command.ts';
import { readResourceList } from '../../src/protocol/resource-list.ts';
import { parseYaml } from '../../src/yaml/yaml.ts';
import { inputsOf, resourceList } from '../support/function.ts';

const read = (name: string, file: string): string =>
  readFileSync(new URL(`../cases/${name}/${file}`, import.meta.url), 'utf8');

/** A ResourceList as kustomize writes it, of a golden case. */
const listOf = (name: string): string =>
  resourceList(read(name, 'config.yaml'), read(name, 'input.yaml'));

const call = (text: string): { stdout: string; status: number } => {
  const { stdout, status } = main([], inputsOf(Buffer.from(text)));
  return { stdout: Buffer.concat(stdout).toString(), status };
};

const isCut = (text: string): boolean =>
  (readResourceList(Buffer.from(text))?.batch.chunks.length ?? 0) > 1;

const cases = [
  'tls-secret',
  'tls-acme',
  'gateway-secret',
  'worker-templates-and-variables',
  'envoy-flow-style',
];
for (const name of cases) {
  test(`${name}: the quick way and the slow way write the same bytes`, () => {
    const text = listOf(name);
    // A comment in front is all that it takes.
    const slow = `# a comment\n${text}`;
    assert.ok(isCut(text));
    assert.not.ok(isCut(slow));
    const result = call(text);
    assert.is(result.status, 0);
    assert.is(call(slow).stdout, `# a comment\n${result.stdout}`);
  });

  const forms: [form: string, change: (text: string) => string][] = [
    ['CRLF', (text) => text.replaceAll('\n', '\r\n')],
    ['a byte order mark', (text) => `\ufeff${text}`],
    ['JSON', (text) => JSON.stringify(parseYaml(text).json, undefined, 2)],
    ['JSON with tabs', (text) => JSON.stringify(parseYaml(text).json, undefined, '\t')],
    ['JSON on one line', (text) => JSON.stringify(parseYaml(text).json)],
    ['items that are indented', (text) => indentItems(text)],
    ['no line feed at the end', (text) => text.replace(/\n+$/, '')],
    ['a marker in front', (text) => `---\n${text}`],
    ['quoted keys', (text) => text.replace(/^(\w+):/gm, '"$1":')],
  ];
  for (const [form, change] of forms)
    test(`${name}: ${form} says the same in the end`, () => {
      const text = change(listOf(name));
      const result = call(text);
      assert.is(result.status, 0);
      assert.equal(parseYaml(result.stdout).json, parseYaml(call(listOf(name)).stdout).json);
      assert.is(result.stdout.startsWith('\ufeff'), text.startsWith('\ufeff'));
      if (text.startsWith('{')) JSON.parse(result.stdout);
      if (form === 'CRLF') assert.not.match(result.stdout, /[^\r]\n/);
    });
}

/** As other tools write lists: two spaces before the dash. */
function indentItems(text: string): string {
  return text.replace(/^items:\n(?:[- ].*\n|\n)*/m, (items) => items.replace(/^([- ])/gm, '  $1'));
}

const HEAD = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n';
const CONFIG = `functionConfig:
  apiVersion: network.michelangelo.api/v1alpha1
  kind: DomainConfig
  metadata: {name: x}
  spec:
    domain: ml.example.com
    tls: {mode: secret}
    absent: [api-server, envoy, worker, ui, controller-manager, api-entry, app-entry]
`;

const untouched = [
  ['no items', `${HEAD}items: []\n${CONFIG}`],
  ['items left out', `${HEAD}${CONFIG}`],
  ['items that are null', `${HEAD}items:\n${CONFIG}`],
  ['an item of another kind', `${HEAD}items:\n- kind: Secret # a\n  data:   {a: b}\n\n${CONFIG}`],
  ['an item in flow style', `${HEAD}items:\n- {kind: Secret,   data: {a: b}}\n${CONFIG}`],
  [
    'an anchor in one item and its alias in another',
    `${HEAD}items:\n- kind: A\n  a: &x 1\n- kind: B\n  b: {c: [*x]}\n${CONFIG}`,
  ],
  ['a dash on a line of its own', `${HEAD}items:\n-\n  kind: A\n-\n  kind: B\n${CONFIG}`],
  ['a tab in a text', `${HEAD}items:\n- kind: A\n  a: |\n    b\tc\n${CONFIG}`],
  ['the config first', `${HEAD}${CONFIG}items:\n- kind: A\n- kind: B\n`],
] as const;
for (const [name, text] of untouched)
  test(`a list with ${name} leaves as it came`, () => {
    assert.equal(call(text), { stdout: text, status: 0 });
  });

test('an item that is broken leaves the others readable, and is not touched', () => {
  const text = `${HEAD}items:\n- kind: Secret\n  a: [\n- kind: Other\n${CONFIG}`;
  assert.equal(call(text), { stdout: text, status: 0 });
});

test('results of functions before this one stay in front of ours', () => {
  const text = `${HEAD}items: []\n${CONFIG.replace(/ {4}absent.*\n/, '')}results:\n# theirs\n- message: theirs\n`;
  const { stdout, status } = call(text);
  assert.is(status, 1);
  const { results } = parseYaml(stdout).json as { results: { message: string }[] };
  assert.is(results[0]?.message, 'theirs');
  assert.ok(results.length > 1);
  assert.ok(stdout.startsWith(text.slice(0, text.indexOf('results'))));
});

test('after an error the items leave as they came', () => {
  const text = listOf('tls-secret').replace('mode: secret', 'mode: nonsense');
  const { stdout, status } = call(text);
  assert.is(status, 1);
  assert.ok(stdout.startsWith(text));
});

test('what is no ResourceList is refused', () => {
  for (const text of ['', 'kind: List\n', '{', HEAD.replace('/v1', '/v2')])
    assert.is(call(text).status, 1);
});

test('a list that does not parse is refused with the place', () => {
  const item = '- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n';
  for (const [data, found] of [
    ['&a {a: *a}', 'an alias that contains itself'],
    ['{a: *b}', 'an alias without its anchor'],
  ]) {
    const text = `${HEAD}items:\n${item}  data: ${data}\n- &c {kind: A}\n${CONFIG}`;
    const { stderr, status } = main([], inputsOf(Buffer.from(text)));
    assert.is(status, 1);
    assert.match(stderr, 'the ResourceList is not well-formed YAML');
    assert.match(stderr, /in +standard input, line 7, column \d+\n/);
    assert.match(stderr, `found     ${found}`);
  }
});

const malformed: [name: string, text: string, place: string][] = [
  ['items that are a text', `${HEAD}items: "x"\n${CONFIG}`, 'items'],
  ['items that are a map', `${HEAD}items: {a: 1}\n${CONFIG}`, 'items'],
  ['an item that is a text', `${HEAD}items:\n- kind: A\n- x\n${CONFIG}`, 'items[1]'],
  ['an item that is nothing', `${HEAD}items: [null]\n${CONFIG}`, 'items[0]'],
];
for (const [name, text, place] of malformed)
  test(`a list with ${name} is refused`, () => {
    const { stderr, status } = main([], inputsOf(Buffer.from(text)));
    assert.is(status, 1);
    assert.match(stderr, '[input-protocol]');
    assert.match(stderr, `in        ${place}\n`);
  });

test('a list without functionConfig says so, and leaves its items as they came', () => {
  for (const config of ['', 'functionConfig:\n']) {
    const text = `${HEAD}items:\n- kind: A\n${config}`;
    const { stdout, stderr, status } = main([], inputsOf(Buffer.from(text)));
    assert.is(status, 1);
    assert.match(stderr, 'nothing as functionConfig [config-missing]');
    assert.ok(Buffer.concat(stdout).toString().startsWith(text));
  }
});

test('bytes that are no UTF-8 text are refused, with the name of the file', () => {
  const config = Buffer.from(read('tls-secret', 'config.yaml'));
  const inputs = [
    Buffer.from('\ufeffkind: A\n', 'utf16le'),
    Buffer.from('kind: A\n', 'utf16le'),
    Buffer.from('kind: A\n\0'),
  ];
  for (const input of inputs) {
    const { stdout, stderr, status } = main(
      ['c', 'a.yaml'],
      inputsOf(Buffer.alloc(0), (path) => (path === 'c' ? config : input)),
    );
    assert.is(status, 1);
    assert.is(stdout.length, 0);
    assert.match(stderr, 'in        a.yaml\n');
    assert.match(
      main(
        ['c'],
        inputsOf(input, () => config),
      ).stderr,
      'in        standard input\n',
    );
    assert.match(
      main(
        [],
        inputsOf(input, () => config),
      ).stderr,
      'the input is not UTF-8 text',
    );
  }
});

const others = Array.from(
  { length: 5000 },
  (_, index) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other-${index} # ${index}\n  labels: {a:   b}\ndata:\n  a.yaml: |\n    key: value\n    list:\n    - 1\n    - 2\n`,
);

test('5,000 resources pass byte for byte, as documents and as a list', () => {
  const config = Buffer.from(read('tls-secret', 'config.yaml'));
  const documents = `${read('tls-secret', 'input.yaml')}---\n${others.join('---\n')}`;
  const input = Buffer.from(documents);
  const { stdout, status } = main(
    ['config.yaml', '-'],
    inputsOf(input, () => config),
  );
  assert.is(status, 0);
  assert.ok(Buffer.concat(stdout).toString().endsWith(others.join('---\n')));
  assert.is(stdout.at(-1)?.buffer, input.buffer, 'they are not copied');
  const list = call(resourceList(config.toString(), documents));
  assert.is(list.status, 0);
  const items = others.map((text) => `- ${text.replace(/\n(?=.)/g, '\n  ')}`).join('');
  assert.ok(list.stdout.includes(items));
});

test.run();
