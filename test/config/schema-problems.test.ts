import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkConfig } from '../../src/config/load.ts';
import { formatProblems, PROBLEM_CODES } from '../../src/errors.ts';
import { HEADER, labels, problemsOf, withSpec } from './fixtures.ts';

test('suggests the nearest key and lists those that are allowed', () => {
  const [problem, ...more] = problemsOf({ cors: { alowOrigin: [] } });
  assert.equal(more, []);
  assert.is(problem?.code, 'config-unknown-key');
  assert.is(problem?.path, 'spec.cors.alowOrigin');
  assert.is(problem?.fix, 'write `allowOrigins` instead of `alowOrigin`');
  assert.is(problem?.expected, '`allowOrigins`, `allowHeaders` or `maxAge`');
});

test('refuses keys that no one expects, the editor hint included', () => {
  const config = { ...(withSpec() as object), $schema: 'x', status: {} };
  assert.equal(labels(checkConfig(config).problems), [
    'config-unknown-key $schema',
    'config-unknown-key status',
  ]);
  assert.equal(
    labels(problemsOf(JSON.parse('{"__proto__": {"a": 1}, "constructor": 1}'))).length,
    2,
  );
});

const values: [
  name: string,
  spec: Record<string, unknown>,
  label: string,
  found: string,
  fix: RegExp,
][] = [
  ['a number in quotes', { port: '8443' }, 'spec.port', '"8443"', /remove the quotes/],
  ['a port beyond 65535', { port: 65536 }, 'spec.port', '65536', /smaller/],
  ['port 0', { port: 0 }, 'spec.port', '0', /larger/],
  ['half a port', { port: 1.5 }, 'spec.port', '1.5', /whole number from 1 to 65535/],
  ['a number for a host', { domain: 10.5 }, 'spec.domain', '10.5', /quotes/],
  ['a key without a value', { hosts: null }, 'spec.hosts', 'nothing (null)', /fill it in/],
  ['a text for a list', { absent: 'ui' }, 'spec.absent', '"ui"', /list/],
  ['a text for a map', { worker: 'public' }, 'spec.worker', '"public"', /`apiAddress`/],
  [
    'a value outside the list',
    { worker: { apiAddress: 'Service' } },
    'spec.worker.apiAddress',
    '"Service"',
    /`service`/,
  ],
  [
    'a class for a controller',
    { entry: { ingress: { controller: 'nginx' } } },
    'spec.entry.ingress.controller',
    '"nginx"',
    /`ingress-nginx` .*community.* or `nginx-inc` for F5's/,
  ],
  [
    'a role that is unknown',
    { absent: ['api_server'] },
    'spec.absent[0]',
    '"api_server"',
    /`api-server`/,
  ],
  ['a role twice', { absent: ['ui', 'ui'] }, 'spec.absent', 'a list', /remove/],
  [
    'a Secret in upper case',
    { tls: { mode: 'secret', secrets: { api: 'My_Secret' } } },
    'spec.tls.secrets.api',
    '"My_Secret"',
    /`my-secret`/,
  ],
  [
    'a class with a slash',
    { entry: { ingress: { className: 'a/b' } } },
    'spec.entry.ingress.className',
    '"a/b"',
    /fits/,
  ],
  [
    'a max age of more than a day',
    { cors: { maxAge: 1728000 } },
    'spec.cors.maxAge',
    '1728000',
    /smaller/,
  ],
  [
    'an address behind a space that may be a range',
    {
      networkPolicies: {
        mode: 'restricted',
        egress: [{ to: 'kubernetes-api', cidrs: [' 10.1.0.0'] }],
      },
    },
    'spec.networkPolicies.egress[0].cidrs[0]',
    '" 10.1.0.0"',
    /`10\.1\.0\.0\/24`/,
  ],
  ['a negative max age', { cors: { maxAge: -1 } }, 'spec.cors.maxAge', '-1', /larger/],
  ['an empty map', { workflowEngine: {} }, 'spec.workflowEngine', 'an empty map', /fill/],
  ['an empty text', { objectStore: { region: '' } }, 'spec.objectStore.region', '""', /fill/],
  [
    'a text for a boolean',
    { objectStore: { useIam: 'true' } },
    'spec.objectStore.useIam',
    '"true"',
    /quotes: `true`/,
  ],
];
for (const [name, spec, path, found, fix] of values)
  test(`refuses ${name}`, () => {
    const problems = problemsOf(spec);
    assert.equal(labels(problems), [`config-value ${path}`]);
    assert.is(problems[0]?.found, found);
    assert.match(problems[0]?.fix ?? '', fix);
    assert.ok(problems[0]?.expected);
    assert.not.match(formatProblems(problems), /must (be|match|NOT)|\^\[|undefined/);
  });

test('refuses annotations whose key or value Kubernetes refuses', () => {
  const annotations = { 'a b': 'x', 'Upper.example.com/a': 'x', ok: true, 'example.com/ok': 'x' };
  const problems = problemsOf({ entry: { ingress: { annotations } } });
  assert.equal(labels(problems).sort(), [
    'config-value spec.entry.ingress.annotations.ok',
    'config-value spec.entry.ingress.annotations[Upper.example.com/a]',
    'config-value spec.entry.ingress.annotations[a b]',
  ]);
});

test('shortens long values and never prints control characters', () => {
  const problems = problemsOf({ domain: `a\u001b[31m${'x'.repeat(5000)}`, ['k\n'.repeat(500)]: 1 });
  const text = formatProblems(problems);
  assert.is(problems.length, 2);
  assert.ok(text.length < 2500, String(text.length));
  assert.not.ok(text.includes('\u001b'));
});

test('reports what is missing', () => {
  const empty = { apiVersion: HEADER.apiVersion, kind: HEADER.kind };
  assert.equal(labels(checkConfig(empty).problems), [
    'config-required metadata',
    'config-required spec',
  ]);
  assert.equal(labels(checkConfig({ ...empty, metadata: {}, spec: {} }).problems), [
    'config-required metadata.name',
    'config-required spec.domain',
    'config-required spec.tls.mode',
  ]);
});

for (const spec of [null, [], 'x'])
  test(`says one thing about a spec that is not a map: ${JSON.stringify(spec)}`, () => {
    const { problems } = checkConfig({ ...HEADER, spec });
    assert.equal(labels(problems), ['config-value spec']);
    assert.is(problems[0]?.expected, 'a map');
    assert.is(problems[0]?.fix, 'write a map with at least `domain` and `tls`');
  });

test('reports problems of shape and of meaning at once', () => {
  const problems = problemsOf({
    domain: 'ML.example.com',
    prot: 8443,
    tls: { mode: 'acme', ca: {}, acme: { server: 'stagging' } },
    cors: { allowOrigins: ['*', 7], maxAge: 'long' },
    workflowEngine: { host: 'http://temporal:7233' },
    networkPolicies: { egress: [{ to: 'db', cidrs: ['10.0.0.0/24/32'] }] },
  });
  assert.equal(labels(problems).sort(), [
    'config-conflict spec.tls.ca',
    'config-host spec.domain',
    'config-origin spec.cors.allowOrigins[0]',
    'config-required spec.networkPolicies.mode',
    'config-required spec.tls.acme.email',
    'config-unknown-key spec.prot',
    'config-value spec.cors.allowOrigins[1]',
    'config-value spec.cors.maxAge',
    'config-value spec.networkPolicies.egress[0].cidrs[0]',
    'config-value spec.networkPolicies.egress[0].to',
    'config-value spec.tls.acme.server',
    'config-value spec.workflowEngine.host',
  ]);
  for (const problem of problems) {
    assert.ok(problem.code in PROBLEM_CODES);
    assert.is(problem.severity, 'error');
    assert.ok(problem.fix.length > 0);
  }
});

test.run();
