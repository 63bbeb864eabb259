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
  assert.is(bindings.length, 5);
  for (const { metadata, roleRef, subjects = [] } of bindings) {
    assert.ok(has(overlay, roleRef?.kind, roleRef?.name), metadata.name);
    for (const { kind, name, namespace } of subjects) {
      assert.ok(has(overlay, kind, name), metadata.name);
      assert.is(namespace, 'michelangelo-live');
    }
  }
});

const readers = (manifests: readonly Manifest[]) =>
  manifests
    .filter(({ rules = [] }) =>
      rules.some(({ resources }) => resources.some((name) => name === 'secrets' || name === '*/*')),
    )
    .map(({ kind, metadata, rules }) => ({ name: `${kind} ${metadata.name}`, rules }));

access('no program of the base reads Secrets', () => {
  assert.equal(readers(base), []);
});

access('no prefix and no namespace moves what is of a compute cluster', () => {
  const { metadata } = named(overlay, 'Cluster', /^/);
  assert.equal([metadata.name, metadata.namespace], ['gpu', 'ma-system']);
  const name = 'michelangelo-live-cluster-secrets';
  const role = named(overlay, 'Role', /-cluster-secrets$/);
  assert.equal([role.metadata.name, role.metadata.namespace], [name, 'default']);
  const resourceNames = ['cluster-gpu-client-token', 'cluster-gpu-ca-data'];
  assert.equal(role.rules, [
    { apiGroups: [''], resourceNames, resources: ['secrets'], verbs: ['get'] },
  ]);
  const binding = named(overlay, 'RoleBinding', /-cluster-secrets$/);
  assert.equal([binding.metadata.namespace, binding.roleRef?.name], ['default', name]);
  const pods = named(overlay, 'Deployment', /-controllermgr$/).spec?.template?.spec;
  assert.is(binding.subjects?.[0]?.name, pods?.serviceAccountName);
});

access(
  'with clusters that no config lists the controller manager alone gets Secrets, one by one',
  () => {
    assert.equal(
      readers(overlay).filter(({ name }) => name.startsWith('ClusterRole ')),
      [
        {
          name: 'ClusterRole live-michelangelo-controllermgr-cluster-secrets',
          rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }],
        },
      ],
    );
    // Of namespace `default`, which a Role would leave with the overlay's namespace.
    const binding = named(overlay, 'ClusterRoleBinding', /-cluster-secrets$/);
    assert.is(binding.subjects?.[0]?.name, 'live-michelangelo-controllermgr');
  },
);

access.run();

function has(manifests: readonly Manifest[], kind?: string, name?: string): boolean {
  return manifests.some((one) => one.kind === kind && one.metadata.name === name);
}
