import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkConfig, loadConfig } from '../../src/config/load.ts';
import { labels, withSpec } from './fixtures.ts';

const good = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata:
  name: production
spec:
  domain: ml.example.com
  tls:
    mode: secret
`;

test('reads the smallest config', () => {
  const { config, settings, problems } = loadConfig(good);
  assert.equal(problems, []);
  assert.is(config?.spec.domain, 'ml.example.com');
  assert.is(settings?.name, 'production');
});

test('accepts what kustomize and kpt add to metadata', () => {
  const metadata = {
    name: 'production',
    namespace: 'ma',
    labels: { a: 'b' },
    annotations: {
      'config.kubernetes.io/function': 'exec: {path: x}',
      'internal.config.kubernetes.io/index': '1',
    },
  };
  assert.equal(checkConfig({ ...(withSpec() as object), metadata }).problems, []);
});

const texts: [name: string, text: string, label: string, message: RegExp][] = [
  ['an empty file', '', 'config-missing undefined', /empty/],
  ['comments only', '# nothing\n---\n# here\n', 'config-missing undefined', /empty/],
  ['bad indentation', `${good}   x: y\n`, 'config-syntax undefined', /line \d+, column \d+/],
  [
    'a key twice',
    good.replace('domain:', 'domain: a.b\n  domain:'),
    'config-syntax undefined',
    /duplicate key at line 7, column 3/,
  ],
  ['two documents', `${good}---\n${good}`, 'config-syntax undefined', /2 YAML documents/],
  ['an alias without anchor', 'a: *b\n', 'config-syntax undefined', /alias/],
  [
    'an alias that contains itself',
    good.replace('ml.example.com', '&a [*a, *a]'),
    'config-syntax undefined',
    /contains itself/,
  ],
  ['brackets without end', '['.repeat(50_000), 'config-syntax undefined', /nesting/],
  ['hyphens without end', `a:\n${'- '.repeat(50_000)}`, 'config-syntax undefined', /nesting/],
  ['a string', 'hello', 'config-kind undefined', /not a DomainConfig/],
  ['a list', '[1]', 'config-kind undefined', /not a DomainConfig/],
  [
    'a ConfigMap of kpt',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {a: b}',
    'config-kind undefined',
    /ConfigMap/,
  ],
  [
    'another kind',
    'apiVersion: apps/v1\nkind: Deployment',
    'config-kind undefined',
    /not a DomainConfig/,
  ],
  ['another version', good.replace('v1alpha1', 'v2'), 'config-kind apiVersion', /version/],
  ['another kind of our version', good.replace('kind: D', 'kind: d'), 'config-kind kind', /kind/],
  ['no kind', good.replace('kind: DomainConfig\n', ''), 'config-kind kind', /missing/],
];
for (const [name, text, label, message] of texts)
  test(`refuses ${name}`, () => {
    const { config, settings, problems } = loadConfig(text);
    assert.is(config, undefined);
    assert.is(settings, undefined);
    assert.equal(labels(problems), [label]);
    assert.match(problems[0]?.message ?? '', message);
  });

test('names the config by kind and name in every problem', () => {
  const { problems } = loadConfig(good.replace('secret', 'secrte'));
  assert.equal(problems[0]?.resource, {
    apiVersion: 'network.michelangelo.api/v1alpha1',
    kind: 'DomainConfig',
    name: 'production',
  });
});

test('shows what a config is that is no map, and what to write', () => {
  const [problem] = loadConfig('hello').problems;
  assert.is(problem?.found, '"hello"');
  assert.match(problem?.example ?? '', /^apiVersion: /);
});

test.run();
