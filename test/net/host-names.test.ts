import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hostFault, isPrivateName, isReachableHost } from '../../src/net/host-names.ts';
import { labels, problemsOf } from '../config/fixtures.ts';

const long = 'a'.repeat(63);

const accepted = [
  'ml.example.com',
  'a.b',
  '1.example.com',
  'xn--bcher-kva.example',
  'localhost',
  `${long}.example.com`,
  `${long}.${long}.${long}.${'a'.repeat(61)}`,
  'example.1a',
];
for (const host of accepted)
  test(`accepts ${host.slice(0, 40)}`, () => assert.is(hostFault(host), undefined));

const refused: [text: string, reason: RegExp, suggestion?: string][] = [
  ['', /is empty/],
  ['  ', /is empty/],
  [' ml.example.com ', /white space/, 'ml.example.com'],
  ['ml.exam ple.com', /white space/, 'ml.example.com'],
  ['https://ml.example.com', /scheme/, 'ml.example.com'],
  ['https://ml.example.com:8443/x', /scheme, has a port, has a path/, 'ml.example.com'],
  ['user@ml.example.com', /user name/, 'ml.example.com'],
  ['ml.example.com:8443', /port/, 'ml.example.com'],
  ['ml.example.com/x?y#z', /path/, 'ml.example.com'],
  ['*.ml.example.com', /wildcard/, 'ml.example.com'],
  ['ml.*.com', /wildcard/],
  ['.ml.example.com', /begins with a dot/, 'ml.example.com'],
  ['ml.example.com.', /ends in a dot/, 'ml.example.com'],
  ['ml..example.com', /empty label/],
  ['.', /label/],
  ['ML.Example.com', /upper-case/, 'ml.example.com'],
  ['münchen.example', /beyond ASCII/, 'xn--mnchen-3ya.example'],
  ['Bücher.Example', /beyond ASCII, has upper-case/, 'xn--bcher-kva.example'],
  ['ml_1.example.com', /underscore/],
  ['-ml.example.com', /hyphen/],
  ['ml-.example.com', /hyphen/],
  ['ml!.example.com', /other than letters/],
  ['a\u0000b.example.com', /other than letters/],
  [`${long}a.example.com`, /label of 64 characters, 63/],
  [`${long}.${long}.${long}.${'a'.repeat(62)}`, /254 characters, 253/],
  ['example', /one label/],
  ['10.0.0.1', /IP address/],
  ['10.0', /number as its last label/],
  ['ml.0x1f', /number as its last label/],
  ['256.1.1.1', /number as its last label/],
  ['2001:db8::1', /IP address/],
  ['[::1]', /IP address/],
  ['http://[::1]:80/', /IP address/],
  ['::ffff:10.0.0.1', /IP address/],
];
for (const [text, reason, suggestion] of refused)
  test(`refuses ${JSON.stringify(text).slice(0, 50)}`, () => {
    const fault = hostFault(text);
    assert.match(fault?.reasons.join(', ') ?? '', reason);
    assert.is(fault?.suggestion, suggestion);
  });

test('reports a bad domain once, at spec.domain', () => {
  assert.equal(labels(problemsOf({ domain: 'ML.example.com' })), ['config-host spec.domain']);
});

test('counts the length of the hosts that follow from the domain', () => {
  const domain = `${long}.${long}.${long}.${'a'.repeat(58)}`;
  assert.is(domain.length, 250);
  assert.equal(labels(problemsOf({ domain })), ['config-host spec.domain']);
  assert.equal(problemsOf({ domain: domain.slice(1) }), []);
  assert.equal(problemsOf({ domain, hosts: { api: 'a.example.com', app: 'b.example.com' } }), []);
});

test('gives the corrected spelling and points at spec.port', () => {
  const [problem] = problemsOf({ domain: 'https://ml.example.com:8443/x' });
  assert.match(problem?.fix ?? '', '`ml.example.com`');
  assert.match(problem?.fix ?? '', '`spec.port`');
});

test('checks written hosts and aliases at their own place', () => {
  const hosts = { api: 'a_b.example.com', aliases: { app: ['x', { host: '10.0.0.1' }] } };
  assert.equal(labels(problemsOf({ hosts })), [
    'config-host spec.hosts.api',
    'config-host spec.hosts.aliases.app[0]',
    'config-host spec.hosts.aliases.app[1].host',
  ]);
});

const repeated: [name: string, hosts: unknown, path: string, other: string][] = [
  ['api and app', { api: 'x.example.com', app: 'x.example.com' }, 'app', 'spec.hosts.api'],
  ['case aside', { api: 'x.example.com', app: 'X.example.com' }, 'app', 'spec.hosts.api'],
  ['a written and a derived host', { app: 'api.ml.example.com' }, 'app', 'spec.domain'],
  [
    'an alias and a host',
    { aliases: { api: ['app.ml.example.com'] } },
    'aliases.api[0]',
    'spec.domain',
  ],
  [
    'two aliases',
    { aliases: { api: ['x.example.com', { host: 'x.example.com' }] } },
    'aliases.api[1].host',
    'spec.hosts.aliases.api[0]',
  ],
];
for (const [name, hosts, path, other] of repeated)
  test(`refuses the same host twice: ${name}`, () => {
    const problem = problemsOf({ hosts }).find(({ code }) => code === 'config-conflict');
    assert.is(problem?.path, `spec.hosts.${path}`);
    assert.ok(problem?.message.includes(other), problem?.message);
    assert.ok(problem?.message.includes(`spec.hosts.${path}`), problem?.message);
  });

for (const domain of ['localhost', 'ml.localhost', 'ml.local', 'ml.internal', 'ml.test'])
  test(`refuses ${domain} for acme only`, () => {
    assert.equal(problemsOf({ domain, tls: { mode: 'none' } }), []);
    const acme = { mode: 'acme', acme: { email: 'a@example.com' } };
    assert.equal(labels(problemsOf({ domain, tls: acme })), ['config-host spec.domain']);
  });

test('knows private names by their last label', () => {
  assert.not(isPrivateName('test.example.com'));
  assert.not(isPrivateName('mylocal'));
  assert.ok(isPrivateName('a.b.test'));
});

test('reaches Services, names and addresses inside the cluster', () => {
  for (const host of ['minio', 'a.b.svc.cluster.local', '10.0.0.1', '[::1]'])
    assert.ok(isReachableHost(host), host);
  for (const host of ['', 'a_b', '::1', '10', 'A', '999.1.1.1', 'a..b'])
    assert.not(isReachableHost(host), host);
});

test.run();
