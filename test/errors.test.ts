import { suite, test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkConfig } from '../src/config/load.ts';
import { formatProblems, type Problem, placeOf, withArticle } from '../src/errors.ts';
import { applyToResourceList } from './support/function.ts';

const problem = (code: Problem['code'], index: number): Problem => ({
  code,
  severity: 'error',
  message: `number ${index}`,
  fix: 'fix it',
});

const many = suite('many problems');

many('of one kind are printed up to twenty, and counted', () => {
  const text = formatProblems([
    ...Array.from({ length: 10_000 }, (_, index) => problem('config-unknown-key', index)),
    problem('config-host', 0),
  ]);
  assert.match(text, 'error: number 19 [config-unknown-key]');
  assert.not.match(text, 'number 20 ');
  assert.match(text, 'error: number 0 [config-host]');
  assert.ok(text.endsWith('\n\nerror: 9980 more of the same kind [config-unknown-key]\n'));
});

many('up to twenty are all printed', () => {
  const text = formatProblems(Array.from({ length: 20 }, (_, at) => problem('config-host', at)));
  assert.is(text.match(/^error: number/gm)?.length, 20);
  assert.not.match(text, 'more of the same kind');
});

many('of a config are no more than a page, in a ResourceList too', () => {
  const keys = Array.from({ length: 2000 }, (_, index) => [`key${index}`, index]);
  const apiVersion = 'network.michelangelo.api/v1alpha1';
  const spec = { domain: 'ml.example.com', tls: { mode: 'secret' }, ...Object.fromEntries(keys) };
  const config = { apiVersion, kind: 'DomainConfig', metadata: { name: 'a' }, spec };
  assert.is(checkConfig(config).problems.length, 2000);
  const bytes = Buffer.from(`${JSON.stringify(config)}\n`);
  const { stdout, stderr } = applyToResourceList(bytes, Buffer.from(''));
  assert.ok(stderr.length < 40_000, `${stderr.length} characters`);
  assert.ok(stdout.length - bytes.length < 40_000, `${stdout.length} characters`);
  assert.match(stdout, '1980 more of the same kind');
});

many('have no line longer than a page, whatever is in a name', () => {
  const name = 'x'.repeat(1_000_000);
  const resource = { apiVersion: 'v1', kind: 'ConfigMap', name };
  const text = formatProblems([{ ...problem('role-missing', 0), resource, found: name }]);
  assert.ok(text.length < 10_000);
  assert.match(text, '(1000000 characters)');
});

many('resources of one problem are named up to five', () => {
  const named = (index: number) => ({ apiVersion: 'v1', kind: 'Service', name: `s${index}` });
  const also = Array.from({ length: 11 }, (_, index) => named(index + 1));
  assert.is(
    placeOf({ resource: named(0), also, path: 'spec' }),
    'Service s0 and Service s1 and Service s2 and Service s3 and Service s4 and 7 more, spec',
  );
});

many.run();

test('a kind has the article that it is spoken with', () => {
  const kinds = ['Ingress', 'Issuer', 'Service', 'HTTPRoute', 'User'];
  assert.equal(kinds.map(withArticle), [
    'an Ingress',
    'an Issuer',
    'a Service',
    'an HTTPRoute',
    'a User',
  ]);
});

test.run();
