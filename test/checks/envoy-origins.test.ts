/** Origin matchers: each is tried against sites that it must not let in. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { matchesWhole, readExpression } from '../../src/envoy/origins/expression.ts';
import { lookAlikesLetIn, strangerLetIn } from '../../src/envoy/origins/look-alikes.ts';
import { type OriginMatcher, originMatchersOf } from '../../src/envoy/origins/matcher.ts';
import { refusedBecause } from '../../src/envoy/origins/refused.ts';
import type { JsonObject } from '../../src/yaml/json.ts';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { editDocument, findingsIn, foreign, type Manifest, planted } from './support.ts';

const regex = (text: string): JsonObject => ({ safe_regex: { regex: text } });

function matcherOf(json: JsonObject): OriginMatcher {
  const [matcher] = originMatchersOf({ allow_origin_string_match: [json] });
  assert.ok(matcher, JSON.stringify(json));
  return matcher as OriginMatcher;
}

const ANY: readonly JsonObject[] = [
  { exact: '*' },
  { exact: 'null' },
  { prefix: '' },
  { prefix: 'http' },
  { prefix: 'https://' },
  { prefix: 'HTTPS://', ignore_case: true },
  { suffix: '' },
  { contains: '://' },
  { contains: '.' },
  ...[
    '.*',
    '.+',
    '[^/]*',
    'https://.*',
    'https?://.*',
    '^http.*$',
    'https://[a-z.]+',
    '(?i)HTTPS://.*',
  ].map(regex),
  ...['\\*', 'https://([a-z0-9-]+\\.)*[a-z]+', '(https://app\\.example\\.com|.*)'].map(regex),
];

/** With the look-alike that has to be among those that are shown. */
const LOOSE: readonly (readonly [JsonObject, string])[] = [
  [{ prefix: 'https://app.ml.example.com' }, 'https://app.ml.example.com.evil.test'],
  [{ suffix: 'app.ml.example.com' }, 'https://evil-app.ml.example.com'],
  [{ suffix: '.ml.example.com' }, 'http://app.ml.example.com'],
  [{ contains: 'app.ml.example.com' }, 'https://app.ml.example.com.evil.test'],
  [regex('https://app.ml.example.com'), 'https://appxml.example.com'],
  [regex('^https://app\\.ml.example\\.com$'), 'https://app.mlxexample.com'],
  [regex('https://app\\.ml\\.example\\.com.*'), 'https://app.ml.example.com.evil.test'],
  [regex('.*app\\.ml\\.example\\.com'), 'https://evil-app.ml.example.com'],
  [regex('https://.*example\\.com'), 'https://evil-example.com'],
  [regex('https://.*\\.com'), 'https://evil.com'],
  [regex('https://[a-z0-9-]+\\.vercel\\.app'), 'https://evil.vercel.app'],
  [regex('https://app\\.ml\\.example\\.[a-z]+'), 'https://app.ml.example.evil'],
  [regex('https://[a-z]+.ml\\.example\\.com'), 'https://axml.example.com'],
  [regex('https://(app|ui).ml\\.example\\.com'), 'https://uixml.example.com'],
  [regex('[a-z]+://app\\.ml\\.example\\.com'), 'http://app.ml.example.com'],
  [regex('http://localhost.*'), 'http://localhost.evil.test'],
];

const SOUND: readonly JsonObject[] = [
  { exact: 'https://app.ml.example.com' },
  { exact: 'https://app.ml.example.com:8443', ignore_case: true },
  ...[
    'https://app\\.ml\\.example\\.com',
    '^https:\\/\\/app[.]ml[.]example[.]com$',
    '\\Qhttps://app.ml.example.com\\E',
    '(?i)https://app\\.ml\\.example\\.com',
    'https?://app\\.ml\\.example\\.com',
    'https://app\\.ml\\.example\\.com(:[0-9]{1,5})?',
    'https://app\\.(dev|prod)\\.example\\.com',
    'https://[a-z0-9-]+\\.ml\\.example\\.com',
    'https://.*\\.ml\\.example\\.com',
    'https://(.*\\.)?ml\\.example\\.com',
    'https://[a-z0-9-]+-app\\.ml\\.example\\.com',
    'https://(?:[a-z0-9-]+\\.){0,2}example\\.com',
    'http://localhost(:\\d+)?',
    'http://127\\.0\\.0\\.1:\\d+',
    'http://[a-z]+\\.localhost:8080',
  ].map(regex),
];

for (const json of ANY)
  test(`lets every site in: ${JSON.stringify(json)}`, () => {
    assert.ok(strangerLetIn(matcherOf(json)));
  });

for (const [json, lookAlike] of LOOSE)
  test(`lets ${lookAlike} in: ${JSON.stringify(json)}`, () => {
    const matcher = matcherOf(json);
    assert.is(strangerLetIn(matcher), undefined);
    assert.ok(lookAlikesLetIn(matcher).includes(lookAlike), lookAlikesLetIn(matcher).join(' '));
    assert.ok(matchesWhole(matcher.expression, lookAlike));
  });

for (const json of SOUND)
  test(`lets its own in and nobody else: ${JSON.stringify(json)}`, () => {
    assert.is(strangerLetIn(matcherOf(json)), undefined);
    assert.equal(lookAlikesLetIn(matcherOf(json)), []);
  });

const AGREE: readonly string[] = [
  'a',
  'a|b',
  'ab*c',
  '(a|b)+c',
  'a{2,3}',
  'a{2}',
  'a{2,}',
  '[a-c]x',
  '[^a]b',
  '\\.',
  '[.]',
  '\\d+',
  '\\w*',
  'a?b?',
  '^ab$',
  '(?:ab)+',
  '(a(b(c)?)?)?',
  '[a\\]]',
  '[]a]',
  'a\\x62',
  '\\D',
  '.',
  'a.c',
  '[-a]',
  '[a-]',
];
const TEXTS = [
  '',
  'a',
  'b',
  'ab',
  'abc',
  'aab',
  'ac',
  'abbc',
  'aa',
  'aaa',
  'aaaa',
  'cx',
  'bb',
  '.',
  '12',
  'abab',
  ']',
  '-',
  'bc',
];

test('matches what JavaScript matches, where both know the syntax', () => {
  for (const expression of AGREE.filter((text) => text !== '[]a]'))
    for (const text of TEXTS) {
      const node = readExpression(expression);
      assert.ok(node, expression);
      const expected = new RegExp(`^(?:${expression})$`).test(text);
      assert.is(node && matchesWhole(node, text), expected, `${expression} on "${text}"`);
    }
});

test('reads what only RE2 knows', () => {
  const matches = (expression: string, text: string) => {
    const node = readExpression(expression);
    return node && matchesWhole(node, text);
  };
  assert.is(matches('[]a]', ']'), true);
  assert.is(matches('(?P<host>a)', 'a'), true);
  assert.is(matches('\\Aa\\z', 'a'), true);
  assert.is(matches('[[:alpha:]]+', 'abc'), true);
  assert.is(matches('[[:^alpha:]]', 'a'), false);
  assert.is(matches('(?i:A)b', 'aB'), false);
  assert.is(matches('a{,3}', 'a{,3}'), true);
});

test('does not judge what it cannot read', () => {
  for (const expression of [
    '(',
    ')',
    '[a',
    'a**b)',
    '*a',
    '\\pL',
    '\\bapp',
    'a{3,2}',
    'a{2000}',
    '(?=a)',
  ])
    assert.is(readExpression(expression), undefined, expression);
});

test('takes no longer for an expression that makes others hang', () => {
  const node = readExpression('https://(([a-z0-9]+)*)*\\.example\\.com');
  const started = Date.now();
  assert.is(node && matchesWhole(node, `https://${'a'.repeat(60)}!`), false);
  assert.ok(Date.now() - started < 1000);
});

const origins = (edit: (old: JsonObject[]) => JsonObject[]) => (manifests: Manifest[]) =>
  editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
    const manager = root.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
    const [host] = manager.route_config.virtual_hosts;
    const policy = host.cors ?? host.typed_per_filter_config['envoy.filters.http.cors'];
    policy.allow_origin_string_match = edit(policy.allow_origin_string_match);
  });
const textOf = (json: JsonObject) =>
  String(json['exact'] ?? (json['safe_regex'] as JsonObject)['regex']);

const BOTH = ['production', 'dev', 'onprem', 'sound.yaml'] as const;
const TLS = ['production', 'onprem', 'sound.yaml'] as const;

const CHANGES: readonly PlantedChange[] = [
  {
    name: 'one more matcher lets all in',
    code: 'cors-any-origin',
    in: BOTH,
    plant: origins((old) => [...old, regex('.*')]),
  },
  {
    name: 'a star',
    code: 'cors-any-origin',
    in: BOTH,
    plant: origins(() => [{ exact: '*' }]),
  },
  {
    name: 'the dots are not escaped',
    code: 'cors-loose-origin',
    in: BOTH,
    plant: origins((old) => old.map((json) => regex(textOf(json).replaceAll('\\', '')))),
  },
  {
    name: 'a prefix',
    code: 'cors-loose-origin',
    in: TLS,
    plant: origins((old) => old.map((json) => ({ prefix: textOf(json).replaceAll('\\', '') }))),
  },
  {
    name: 'open at the end',
    code: 'cors-loose-origin',
    in: TLS,
    plant: origins((old) =>
      old.map((json) => regex(`${textOf(json).replaceAll(/\\?\./g, '\\.')}.*`)),
    ),
  },
  {
    name: 'a matcher that nobody can read',
    in: BOTH,
    plant: origins((old) => [...old, regex('\\p{Greek}+'), { custom: { name: 'own' } }]),
  },
];

await plantEach(CHANGES);
test('knows what RE2 refuses', () => {
  const refused = [
    '(?=a)b',
    '(?!x)',
    '(?<!x)',
    '(a',
    'a)',
    '[a',
    '(a)\\1',
    'a**',
    '*a',
    '(|*)',
    'a\\',
    'a{3,2}',
    'a{2000}',
  ];
  for (const expression of refused) assert.ok(refusedBecause(expression), expression);
  const taken = [
    'a',
    'https://a\\.b',
    '(?:a|b)+?',
    '[^]a]*',
    '(?P<n>a)',
    '(?i)a',
    '\\bapp',
    'a{2,}',
    '\\Q(\\E',
    '[[:alnum:]-]+',
    '(?i:a)*',
    '\\pN+',
  ];
  for (const expression of taken) assert.is(refusedBecause(expression), undefined, expression);
});

test('Envoy does not start with an origin that RE2 refuses', () => {
  const stream = planted(foreign(), (manifests) =>
    editDocument(manifests, 'envoy', 'envoy.yaml', (root) => {
      const manager = root.static_resources.listeners[0].filter_chains[0].filters[0].typed_config;
      manager.route_config.virtual_hosts[0].cors.allow_origin_string_match.push({
        safe_regex: { regex: 'https://(?!evil)[a-z]+\\.ml\\.acme\\.io' },
      });
    }),
  );
  const [found, ...others] = findingsIn(stream);
  assert.equal(others, []);
  assert.is(found?.code, 'cors-app-origin');
  assert.match(found?.message ?? '', 'will not start');
});

test.run();
