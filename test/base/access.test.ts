/** What the programs may do in the cluster, in an overlay with a prefix and a namespace of its own. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundled } from '../support/kustomize.ts';
import { buildBase, buildWithComponents, type Manifest, manifestsIn, named } from './render.ts';

const access = suite('access');
const base = manifestsIn(await buildBase());
const overlay = manifestsIn(await buildWithComponents(bundled));

access('every binding leads from an account to a role that are there', () => {
  const bindings = overlay.filter(({ kind }) => kind.endsWith('Binding'));
  assert.is(bindings.length, 4);
  for (const { metadata, roleRef, subjects = [] } of bindings) {
    assert.ok(has(overlay, roleRef?.kind, roleRef?.name), metadata.name);
    for (const { kind, name, namespace } of subjects) {
      assert.ok(has(overlay, kind, name), metadata.name);
      assert.is(namespace, 'michelangelo-live');
    }
  }
});

access(
  "Secrets are read by the controller manager alone, one by one, also outside of the overlay's namespace",
  () => {
    const readers = base.filter(({ rules = [] }) =>
      rules.some(({ resources }) => resources.some((name) => name === 'secrets' || name === '*/*')),
    );
    assert.equal(
      readers.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ['ClusterRole michelangelo-controllermgr-cluster-secrets'],
    );
    assert.equal(
      readers.flatMap(({ rules = [] }) => rules),
      [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
    );
    // Of namespace `default`, which a Role would leave with the overlay's namespace.
    const binding = named(overlay, 'ClusterRoleBinding', /-cluster-secrets$/);
    assert.is(binding.subjects?.[0]?.name, 'live-michelangelo-controllermgr');
  },
);

access('an overlay can name the Secrets', () => {
  const { rules } = named(overlay, 'ClusterRole', /-cluster-secrets$/);
  assert.equal(rules?.[0]?.resourceNames, ['cluster-gpu-client-token', 'cluster-gpu-ca-data']);
});

access.run();

function has(manifests: readonly Manifest[], kind?: string, name?: string): boolean {
  return manifests.some((one) => one.kind === kind && one.metadata.name === name);
}
