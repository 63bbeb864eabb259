/** Two environments that are named together: rendered ones too, which have no DomainConfig. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { printYaml } from '../../src/yaml/yaml.ts';
import { findingsIn, foreign, manifestsIn, planted, type Stream } from './support.ts';

const one = planted(foreign('sound-contour.yaml'), (manifests) => {
  for (const { kind, metadata } of manifests)
    if (kind === 'Ingress')
      metadata.annotations = {
        ...metadata.annotations,
        'cert-manager.io/cluster-issuer': 'company',
      };
});

/** The same chart with some words replaced. */
function copy(name: string, ...words: readonly (readonly [string, string])[]): Stream {
  const text = one.manifests.map((manifest) => `---\n${printYaml(manifest)}`).join('');
  const changed = words.reduce((all, [from, to]) => all.replaceAll(from, to), text);
  return { ...one, name, manifests: manifestsIn(changed) };
}

const overlaps = (stream: Stream, others: readonly Stream[]) =>
  findingsIn(stream, others)
    .filter(({ code }) => code === 'environments-overlap')
    .map(({ severity, message }) => `${severity}: ${message}`);

const NAMESPACE = ['namespace: models', 'namespace: models-b'] as const;
const HOSTS = ['example.org', 'example.net'] as const;

test('names a host of both', () => {
  const copied = copy('copy', NAMESPACE);
  const found = overlaps(one, [copied]);
  assert.ok(found.length > 0);
  for (const message of found) assert.match(message, /^error: .* is a host of copy as well, at /);
  assert.is(overlaps(copied, [one]).length, found.length);
});

test('says once at each place what is so with many', () => {
  const copies = Array.from({ length: 5 }, (_, index) => copy(`copy-${index}`, NAMESPACE));
  const found = overlaps(one, copies);
  assert.is(found.length, overlaps(one, copies.slice(0, 1)).length);
  for (const message of found)
    assert.match(message, /copy-0 as well, at .*; so it is with 4 more inputs$/);
});

test('warns of one namespace and one issuer', () => {
  const found = overlaps(one, [copy('copy', HOSTS)]);
  assert.is(found.length, 1);
  assert.match(
    found[0] ?? '',
    /^warning: copy, which has other hosts, has Deployment .* in namespace models as well/,
  );
});

test('says nothing of one namespace where nothing tells that the cluster is one', () => {
  assert.equal(
    overlaps(one, [copy('copy', HOSTS, ['cluster-issuer: company', 'cluster-issuer: x'])]),
    [],
  );
});

test('knows the clusters that both name', () => {
  const first = { ...one, cluster: 'blue' };
  const second = copy('copy', HOSTS, ['cluster-issuer: company', 'cluster-issuer: x']);
  const found = overlaps(first, [{ ...second, cluster: 'blue' }]);
  assert.match(
    found.join(),
    /^error: copy, which has other hosts, has .* in namespace models of cluster blue as well$/,
  );
  const asked = copy('copy', HOSTS);
  assert.equal(overlaps(first, [{ ...asked, cluster: 'green' }]), []);
  assert.match(overlaps(first, [asked]).join(), /^warning: /);
});

test('says nothing of a part without hosts: it may be the same environment', () => {
  const whole = copy('copy', HOSTS);
  const part = {
    ...whole,
    cluster: 'blue',
    manifests: whole.manifests.filter(({ kind }) => kind !== 'Ingress'),
  };
  const own = { ...one, cluster: 'blue' };
  assert.equal(overlaps(own, [part]), []);
  assert.equal(overlaps(part, [own]), []);
});

test('says nothing of environments with hosts and namespaces of their own', () => {
  assert.equal(overlaps(one, [copy('copy', HOSTS, NAMESPACE)]), []);
});

test('says nothing of one environment in two states', () => {
  assert.equal(overlaps(one, [copy('before', ['replicas: 2', 'replicas: 3'])]), []);
});

test.run();
