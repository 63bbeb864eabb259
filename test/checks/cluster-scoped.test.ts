import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { find, findingsIn, label, type Manifest, overlay, planted } from './support.ts';

const staging = await overlay('staging');
const production = await overlay('production');

test('nothing clashes between overlays with prefixes of their own', () => {
  assert.not.ok(findingsIn(staging, [production]).some(({ code }) => code.startsWith('cluster')));
});

test('one name in two overlays with namespaces of their own clashes, on either side', () => {
  const plain = planted(staging, (manifests: Manifest[]) => {
    find(manifests, 'ClusterRole', '-apiserver').metadata.name = 'michelangelo-apiserver';
  });
  const labels = ['cluster-scoped-clash ClusterRole michelangelo-apiserver'];
  const clashes = (found: ReturnType<typeof findingsIn>) =>
    found.filter(({ code }) => code === 'cluster-scoped-clash').map(label);
  assert.equal(clashes(findingsIn(plain, [production])), labels);
  assert.equal(clashes(findingsIn(production, [plain])), labels);
  assert.equal(clashes(findingsIn(plain)), [], 'alone it clashes with nobody');
  const four = ['a', 'b', 'c', 'd'].map((name) => ({ ...production, name }));
  assert.equal(
    findingsIn(plain, four).flatMap(({ code, message }) =>
      code.startsWith('cluster') ? message : [],
    ),
    ['a, b, c and 1 more have a ClusterRole michelangelo-apiserver as well'],
  );
});

test('clusters that both name tell whether they share one', () => {
  const plain = planted(staging, (manifests: Manifest[]) => {
    find(manifests, 'ClusterRole', '-apiserver').metadata.name = 'michelangelo-apiserver';
  });
  const count = (
    one: string | undefined,
    two: string | undefined,
    role = production.settings?.role,
  ) => {
    const { settings } = production;
    assert.ok(settings && role);
    const other = { ...production, settings: { ...settings, role } };
    return findingsIn({ ...plain, ...(one ? { cluster: one } : {}) }, [
      { ...other, ...(two ? { cluster: two } : {}) },
    ]).filter(({ code }) => code === 'cluster-scoped-clash').length;
  };
  assert.is(count('blue', 'green'), 0);
  assert.is(count('blue', 'blue'), 1);
  assert.is(count('blue', undefined), 1);
  assert.is(count('blue', 'blue', 'compute'), 1);
  assert.is(count(undefined, 'blue', 'compute'), 0);
});

test('one name with another content clashes in one namespace, too', () => {
  const other = planted(production, (manifests: Manifest[]) => {
    find(manifests, 'ClusterIssuer').spec.acme.email = 'somebody@example.com';
  });
  const found = findingsIn(other, [production]);
  assert.equal(
    found.map(({ code }) => code).filter((code) => code.startsWith('cluster')),
    ['cluster-scoped-clash'],
  );
});

test('one ClusterIssuer for two domains clashes with equal content, too', () => {
  const { settings } = production;
  assert.ok(settings);
  const spec = { ...settings.config.spec, domain: 'other.example.com' };
  const other = { ...production, settings: { ...settings, config: { ...settings.config, spec } } };
  const labels = (found: ReturnType<typeof findingsIn>) =>
    found.filter(({ code }) => code === 'cluster-scoped-clash').map(label);
  assert.equal(labels(findingsIn(other, [production])), [
    'cluster-scoped-clash ClusterIssuer michelangelo-production',
  ]);
  assert.equal(labels(findingsIn({ ...production }, [production])), [], 'one domain, one issuer');
  const unconfigured = { ...production, settings: undefined };
  assert.equal(labels(findingsIn(unconfigured, [production])), [], 'a domain that is not known');
});

test.run();
