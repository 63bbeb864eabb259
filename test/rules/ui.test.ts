import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ui } from '../../src/rules/ui.ts';
import { apply, configMap } from './support.ts';

const test = suite('ui');

const withUrl = (url: string) =>
  configMap('public-config', 'config.json', `{ "apiBaseUrl": ${url} }`);

const urls: [written: string, wanted: string][] = [
  ['"http://localhost:8081"', 'https://app.ml.example.com'],
  ['"http://localhost:8081/"', 'https://app.ml.example.com'],
  ['"http://localhost:8081/edge/v1"', 'https://app.ml.example.com/edge/v1'],
  ['"/edge"', 'https://app.ml.example.com/edge'],
  ['"//cdn.example.com/edge"', 'https://app.ml.example.com'],
  ['"http://localhost/edge?x=1#y"', 'https://app.ml.example.com/edge'],
  ['""', 'https://app.ml.example.com'],
  ['null', 'https://app.ml.example.com'],
  ['8081', 'https://app.ml.example.com'],
];

for (const [written, wanted] of urls)
  test(`makes ${wanted} of ${written}`, () => {
    assert.equal(apply(ui, '', withUrl(written)).edits, [
      `replace ConfigMap public-config /apiBaseUrl "${wanted}" <- spec.domain`,
    ]);
  });

test('writes a port that is not the usual one of the scheme, and names the field of the host', () => {
  const spec = 'port: 8080\nhosts: { app: ui.example.com }\ntls: { mode: none }';
  assert.equal(apply(ui, spec, withUrl('""')).edits, [
    'replace ConfigMap public-config /apiBaseUrl "http://ui.example.com:8080" <- spec.hosts.app',
  ]);
});

test('wants nothing where all is right', () => {
  assert.equal(apply(ui, '', withUrl('"https://app.ml.example.com"')).edits, []);
});

test('refuses a map', () => {
  const { edits, problems } = apply(ui, '', withUrl('{}'));
  assert.equal(edits, []);
  assert.equal(
    problems.map(({ code, path, found }) => [code, path, found]),
    [['target-shape', 'data[config.json].apiBaseUrl', 'a map']],
  );
});

test('does nothing without a UI', () => {
  assert.equal(apply(ui, 'absent: [ui]', '').edits, []);
});

test.run();
