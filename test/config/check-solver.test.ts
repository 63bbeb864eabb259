import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { problemsOf } from './fixtures.ts';

const problemsOfSolver = (solver: unknown) =>
  problemsOf({ tls: { mode: 'acme', acme: { email: 'a@b.example', solver } } });

const good: unknown[] = [
  'http01',
  { dns01: { cloudflare: { apiTokenSecretRef: { name: 'a', key: 'b' } } } },
  { dns01: { route53: {}, cnameStrategy: 'Follow' }, selector: { dnsZones: ['example.com'] } },
  { cloudDNS: { project: 'a' } },
  { http01: { ingress: { ingressClassName: 'nginx' } } },
];
for (const solver of good)
  test(`accepts the solver ${JSON.stringify(solver)}`, () => {
    assert.equal(problemsOfSolver(solver), []);
  });

const bad: [solver: unknown, path: string, fix: RegExp][] = [
  [{}, '', /add one of `acmeDNS`/],
  [{ http01: {} }, '.http01', /`solver: http01`/],
  [{ http01: null }, '.http01', /`solver: http01`/],
  [{ dns01: {} }, '.dns01', /add one of `acmeDNS`/],
  [{ dns01: 'route53' }, '.dns01', /add one of/],
  [{ dns01: { rout53: {} } }, '.dns01', /write `route53` instead of `rout53`/],
  [{ dns01: { route53: null } }, '.dns01', /write a map at `route53`/],
  [{ dns01: { route53: {}, cloudflare: {} } }, '.dns01', /keep one/],
  [{ dns01: { route53: {} }, http01: {} }, '', /remove one/],
  [{ selector: {}, route53: {} }, '', /below `dns01`/],
  [{ selector: {} }, '', /add one of/],
];
for (const [solver, path, fix] of bad)
  test(`refuses the solver ${JSON.stringify(solver)}`, () => {
    const [problem, ...more] = problemsOfSolver(solver);
    assert.equal(more, []);
    assert.is(problem?.code, 'config-value');
    assert.is(problem?.path, `spec.tls.acme.solver${path}`);
    assert.match(problem?.expected ?? '', '`http01`, a map `{dns01: {<provider>: …}}`');
    assert.match(problem?.fix ?? '', fix);
  });

test.run();
