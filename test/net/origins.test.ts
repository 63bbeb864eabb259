import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Origin,
  originExpression,
  originFault,
  originOf,
  parseOrigin,
} from '../../src/net/origins.ts';
import { labels, problemsOf } from '../config/fixtures.ts';

/** As Envoy matches: RE2 against the whole header. These expressions mean the same to JavaScript. */
function matches(origin: string, header: string): boolean {
  return new RegExp(`^(?:${originExpression(parseOrigin(origin) as Origin)})$`).test(header);
}

const matching: [origin: string, yes: string[], no: string[]][] = [
  [
    'https://app.ml.example.com',
    ['https://app.ml.example.com'],
    [
      'https://app.ml.example.com.evil.test',
      'https://appXml.example.com',
      'https://app.mlXexample.com',
      'https://evil.test/https://app.ml.example.com',
      'https://xapp.ml.example.com',
      'http://app.ml.example.com',
      'https://app.ml.example.com:8443',
      'https://app.ml.example.com:443',
      'https://APP.ml.example.com',
      'https://app.ml.example.com\nx',
      'null',
      '*',
      '',
    ],
  ],
  [
    'https://*.example.com',
    ['https://a.example.com', 'https://a-1.example.com'],
    [
      'https://example.com',
      'https://.example.com',
      'https://a.b.example.com',
      'https://*.example.com',
      'https://evil.test#.example.com',
      'https://a.example.com.evil.test',
      'https://aexample.com',
      'https://a.example.com:8443',
      '*',
      'null',
    ],
  ],
  [
    'http://localhost:*',
    ['http://localhost', 'http://localhost:3000', 'http://localhost:65535'],
    [
      'https://localhost:3000',
      'http://localhost:',
      'http://localhost:3000.evil.test',
      'http://localhost:123456',
      'http://localhost:*',
      'http://localhostx',
    ],
  ],
  [
    'http://127.0.0.1:8080',
    ['http://127.0.0.1:8080'],
    ['http://127a0.0.1:8080', 'http://127.0.0.1'],
  ],
  ['http://[::1]:3000', ['http://[::1]:3000'], ['http://::1:3000', 'http://:3000']],
  [
    'https://*.example.com:*',
    ['https://a.example.com:1', 'https://a.example.com'],
    ['https://a.b.example.com:1'],
  ],
];
for (const [origin, yes, no] of matching)
  test(`${origin} lets in what it says and nothing that looks like it`, () => {
    for (const header of yes) assert.ok(matches(origin, header), header);
    for (const header of no) assert.not(matches(origin, header), header);
  });

const refused: [text: string, reason: RegExp, suggestion?: string][] = [
  ['', /empty/],
  ['*', /every site/],
  ['null', /sandboxed/],
  ['app.example.com', /no scheme/, 'https://app.example.com'],
  ['ftp://app.example.com', /other than http/],
  ['https://app.example.com/', /slash/, 'https://app.example.com'],
  ['https://app.example.com/x', /path/, 'https://app.example.com'],
  ['https://app.example.com?x', /path/, 'https://app.example.com'],
  ['HTTPS://App.Example.com', /upper-case/, 'https://app.example.com'],
  ['https://app.example.com:443', /own port/, 'https://app.example.com'],
  ['http://app.example.com:80', /own port/, 'http://app.example.com'],
  ['https://*.example.com:443', /own port/, 'https://*.example.com'],
  ['https://user:secret@app.example.com', /user name/, 'https://app.example.com'],
  ['https://*', /wildcard/],
  ['https://*.com', /top-level/],
  ['https://*.*.example.com', /wildcard/],
  ['https://a.*.example.com', /wildcard/],
  ['https://a*.example.com', /wildcard/],
  ['https://*example.com', /wildcard/],
  ['https://*.127.0.0.1', /./],
  ['https://münchen.example', /ASCII/, 'https://xn--mnchen-3ya.example'],
  ['https://app.example.com.', /dot/, 'https://app.example.com'],
  ['https://a_b.example.com', /host/],
  ['https://app.example.com:0', /./],
  ['https://app.example.com:65536', /./],
  ['https://app.example.com:080', /./, 'https://app.example.com:80'],
  ['https://app.example.com:', /./, 'https://app.example.com'],
  [' https://app.example.com', /white space/, 'https://app.example.com'],
  ['http://[::0001]:3000', /./, 'http://[::1]:3000'],
  ['https://.*', /./],
  ['https://(a|b).example.com', /./],
  ['https://10.0', /./, 'https://10.0.0.0'],
];
for (const [text, reason, suggestion] of refused)
  test(`refuses ${JSON.stringify(text)}`, () => {
    const fault = originFault(text);
    assert.match(fault?.reasons.join(' and ') ?? '', reason);
    assert.is(fault?.suggestion, suggestion);
  });

test('says the same of letters beyond ASCII after thousands of origins', () => {
  const text = 'https://m\u00fcnchen.example';
  for (let count = 0; count < 20_000; count++)
    if (originFault(text)?.suggestion !== 'https://xn--mnchen-3ya.example')
      throw new Error(`not after ${count}`);
});

test('leaves out the port that the scheme has anyway', () => {
  assert.is(originOf('https', 'a.example.com', 443), 'https://a.example.com');
  assert.is(originOf('http', 'a.example.com', 443), 'http://a.example.com:443');
});

test('refuses an origin or a header that stands twice, with both places', () => {
  const cors = {
    allowOrigins: ['https://a.example.com', 'https://b.example.com', 'https://a.example.com'],
    allowHeaders: ['x-a', 'X-A'],
  };
  const problems = problemsOf({ cors });
  assert.equal(labels(problems), [
    'config-conflict spec.cors.allowOrigins[2]',
    'config-conflict spec.cors.allowHeaders[1]',
  ]);
  assert.match(problems[0]?.message ?? '', 'spec.cors.allowOrigins[0]');
});

for (const header of ['*', 'a b', 'x: y', 'a,b', '', 'é'])
  test(`refuses ${JSON.stringify(header)} as a header name`, () =>
    assert.equal(labels(problemsOf({ cors: { allowHeaders: [header] } })), [
      'config-value spec.cors.allowHeaders[0]',
    ]));

test.run();
