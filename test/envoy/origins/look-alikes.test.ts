/** Each origin matcher is tried against sites that it must not let in. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { lookAlikesLetIn, strangerLetIn } from '../../../src/envoy/origins/look-alikes.ts';
import { type OriginMatcher, originMatchersOf } from '../../../src/envoy/origins/matcher.ts';
import { samplesOf, textOf } from '../../../src/envoy/origins/samples.ts';
import type { JsonObject } from '../../../src/yaml/json.ts';

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
    assert.ok(matcher.matches(lookAlike));
  });

for (const json of SOUND)
  test(`lets its own in and nobody else: ${JSON.stringify(json)}`, () => {
    assert.is(strangerLetIn(matcherOf(json)), undefined);
    assert.equal(lookAlikesLetIn(matcherOf(json)), []);
  });

const MEANT: readonly (readonly [JsonObject, readonly string[]])[] = [
  [{ contains: 'b.c' }, ['b.c', 'ab.c', 'b.ca', 'ab.ca']],
  [{ prefix: 'HTTPS://B', ignore_case: true }, ['https://b', 'https://ba']],
  [regex('(?i)HTTPS://App'), ['https://app']],
  [regex('^\\Qa.b\\E*(c|d)?\\z'), ['a.', 'a.c', 'a.d', 'a.b', 'a.bc', 'a.bd']],
  [regex('a{2}.[.]\\x62\\x{63}\\.'), ['aa..bc.']],
  [regex('(?P<name>[[:digit:]])\\d{2,}(?s:.)+'), ['111a']],
  [regex('[^a]\\W\\pN'), ['1-1']],
];

for (const [json, meant] of MEANT)
  test(`was meant for ${meant[0]}: ${JSON.stringify(json)}`, () => {
    const found = samplesOf(matcherOf(json)).map(textOf);
    assert.equal([...found].sort(), [...meant].sort());
  });

test('leaves out what RE2 refuses', () => {
  assert.equal(originMatchersOf({ allow_origin_string_match: [regex('(?=a)')] }), []);
});

test('makes few samples of an expression that multiplies them', () => {
  const matcher = matcherOf(regex(`${'(a|b?)*'.repeat(200)}${'(x{8}){8}'.repeat(20)}`));
  assert.ok(samplesOf(matcher).length <= 24);
});

test.run();
