/** Registered compute clusters: who may read their Secrets, and what `computeClusters` says of them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { find, findingsIn, label, type Manifest, overlay, planted } from './support.ts';

const RBAC = 'rbac.authorization.k8s.io';

const take = (manifests: Manifest[], kind: string, name: string) =>
  manifests.splice(manifests.indexOf(find(manifests, kind, name)), 1)[0];

/** In place of the Role and its binding. */
const grantedBy =
  (...others: Manifest[]) =>
  (manifests: Manifest[]) => {
    const role = take(manifests, 'Role', '-cluster-secrets');
    const binding = take(manifests, 'RoleBinding', '-cluster-secrets');
    for (const other of others) {
      const metadata = { name: 'jobs', namespace: other.namespace };
      const isBinding = other.kind.endsWith('Binding');
      const { subjects } = binding;
      manifests.push({
        apiVersion: `${RBAC}/v1`,
        metadata,
        ...(isBinding ? { subjects } : { rules: role.rules }),
        ...other,
      });
    }
  };

const secretOf = (data: Manifest): Manifest => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'cluster-gpu-ca-data', namespace: 'default' },
  data,
});

const roleRef = (kind: string, name: string) => ({ apiGroup: RBAC, kind, name });

const CHANGES: readonly PlantedChange[] = [
  {
    name: 'a ClusterRole in place of the Role, bound everywhere',
    in: ['production'],
    plant: grantedBy(
      { kind: 'ClusterRole' },
      { kind: 'ClusterRoleBinding', roleRef: roleRef('ClusterRole', 'jobs') },
    ),
  },
  {
    name: 'a ClusterRole, bound in the namespace of the Secrets',
    in: ['production'],
    plant: grantedBy(
      { kind: 'ClusterRole', rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
      { kind: 'RoleBinding', namespace: 'default', roleRef: roleRef('ClusterRole', 'jobs') },
    ),
  },
  {
    name: 'a ClusterRole, bound in another namespace',
    code: 'cluster-secrets',
    in: ['production'],
    plant: grantedBy(
      { kind: 'ClusterRole' },
      { kind: 'RoleBinding', namespace: 'michelangelo', roleRef: roleRef('ClusterRole', 'jobs') },
    ),
  },
  {
    name: 'a Role that may list, and not get',
    code: 'cluster-secrets',
    in: ['production'],
    plant: grantedBy(
      {
        kind: 'Role',
        namespace: 'default',
        rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['list', 'watch'] }],
      },
      { kind: 'RoleBinding', namespace: 'default', roleRef: roleRef('Role', 'jobs') },
    ),
  },
  {
    name: 'a role of the cluster that is not in the stream',
    in: ['production'],
    plant: grantedBy({
      kind: 'ClusterRoleBinding',
      roleRef: roleRef('ClusterRole', 'cluster-admin'),
    }),
  },
  {
    name: 'the group of all ServiceAccounts of the namespace',
    in: ['production'],
    plant: (manifests) => {
      find(manifests, 'RoleBinding', '-cluster-secrets').subjects = [
        { apiGroup: RBAC, kind: 'Group', name: 'system:serviceaccounts:michelangelo' },
      ];
    },
  },
  {
    name: 'the group of all ServiceAccounts of another namespace',
    code: 'cluster-secrets',
    in: ['production'],
    plant: (manifests) => {
      find(manifests, 'RoleBinding', '-cluster-secrets').subjects = [
        { apiGroup: RBAC, kind: 'Group', name: 'system:serviceaccounts:ml' },
      ];
    },
  },
  {
    name: 'a Role for other Secrets',
    code: 'cluster-secrets',
    in: ['production'],
    plant: (manifests) => {
      find(manifests, 'Role', '-cluster-secrets').rules[0].resourceNames = ['other'];
    },
  },
  {
    name: 'a Secret with another key',
    code: 'cluster-secrets',
    in: ['production'],
    plant: (manifests) => {
      manifests.push(secretOf({ ca: 'eA==' }));
    },
  },
  {
    name: 'a Secret that something fills in the cluster',
    in: ['production'],
    plant: (manifests) => {
      manifests.push(secretOf({}));
    },
  },
  {
    name: 'rights that are all kept elsewhere',
    in: ['production'],
    plant: (manifests) => {
      const isOfManager = ({ kind, subjects }: Manifest) =>
        kind.endsWith('Binding') && subjects[0].name === 'michelangelo-controllermgr';
      for (const binding of manifests.filter(isOfManager))
        manifests.splice(manifests.indexOf(binding), 1);
    },
  },
  {
    name: 'a Cluster of a database',
    in: ['production', 'sound.yaml'],
    plant: (manifests) => {
      manifests.push({
        apiVersion: 'postgresql.cnpg.io/v1',
        kind: 'Cluster',
        metadata: { name: 'gpu', namespace: 'ma-system' },
        spec: { instances: 3 },
      });
    },
  },
  {
    name: 'what the config has no field for',
    in: ['production'],
    plant: (manifests) => {
      const { spec } = find(manifests, 'Cluster');
      Object.assign(spec, { region: 'eu-central-1', dc: 'DC_TYPE_ON_PREM' });
      spec.kubernetes.skus = [{ gpu: 8, gpuSku: 'a100' }];
    },
  },
  {
    name: 'the Secrets are in the stream, with their keys',
    in: ['production'],
    plant: (manifests) => {
      const { tokenTag, caDataTag } = find(manifests, 'Cluster').spec.kubernetes.rest;
      const metadata = (name: string) => ({ name, namespace: 'default' });
      manifests.push(
        { apiVersion: 'v1', kind: 'Secret', metadata: metadata(tokenTag), data: { token: '' } },
        {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: metadata(caDataTag),
          stringData: { cadata: '' },
        },
      );
    },
  },
  {
    name: 'a port that is written as a number',
    in: ['production'],
    plant: (manifests) => {
      find(manifests, 'Cluster').spec.kubernetes.rest.port = 6443;
    },
  },
  {
    name: 'a Cluster that no config lists',
    code: 'cluster-differs',
    severity: 'warning',
    in: ['production'],
    plant: (manifests) => {
      const other = structuredClone(find(manifests, 'Cluster'));
      other.metadata.name = 'cpu';
      manifests.push(other);
    },
  },
  {
    name: 'a Cluster beside a config that lists none',
    in: ['staging'],
    plant: (manifests) => {
      manifests.push({
        apiVersion: 'michelangelo.api/v2',
        kind: 'Cluster',
        metadata: { name: 'gpu', namespace: 'ma-system' },
        spec: {
          kubernetes: {
            rest: {
              host: 'https://k8s.gpu.ml.example.com',
              port: '443',
              tokenTag: 'a',
              caDataTag: 'b',
            },
          },
        },
      });
      find(manifests, 'ClusterRole', 'michelangelo-controllermgr').rules.push({
        apiGroups: [''],
        resources: ['secrets'],
        verbs: ['get'],
      });
    },
  },
];
await plantEach(CHANGES);

test('a listed cluster that a later layer took away is missed', async () => {
  const stream = planted(await overlay('production'), (manifests) => {
    take(manifests, 'Cluster', 'gpu');
  });
  const found = findingsIn(stream).filter(({ severity }) => severity === 'error');
  assert.equal(found.map(label), ['cluster-differs']);
  assert.match(found[0]?.message ?? '', /spec\.computeClusters\[0\]/);
});

test('a ServiceAccount of that name in another namespace is another one', async () => {
  const moved = planted(await overlay('production'), (manifests) => {
    find(manifests, 'RoleBinding', '-cluster-secrets').subjects[0].namespace = 'default';
  });
  const codes = findingsIn(moved).map(({ code }) => code);
  assert.ok(codes.includes('cluster-secrets'), codes.join());
});

test.run();
