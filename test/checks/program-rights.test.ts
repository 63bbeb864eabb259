/** What the Kubernetes API lets the programs do. */
import { test } from 'uvu';
import { changeIn, plantEach } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const STREAMS = ['production', 'staging', 'onprem'] as const;
const fine = changeIn(STREAMS, undefined);
const wrong = changeIn(STREAMS, 'role-binding');
const doubtful = changeIn(STREAMS, 'role-binding', 'warning');

const election = (manifests: Manifest[]) => find(manifests, 'Role', 'leader-election');
const server = (manifests: Manifest[]) => find(manifests, 'ClusterRole', 'apiserver');

const rule = (apiGroups: string[], resources: string[]) => (manifests: Manifest[]) => {
  manifests.push({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'other' },
    rules: [{ apiGroups, resources, verbs: ['get'] }],
  });
};

await plantEach([
  wrong('leases may be looked at alone', (manifests) => {
    election(manifests).rules = [
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'list'] },
    ];
  }),
  wrong('leases may be updated, and none made', (manifests) => {
    election(manifests).rules = [
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'update'] },
    ];
  }),
  fine('everything may be done with leases', (manifests) => {
    election(manifests).rules = [
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['*'] },
    ];
  }),
  wrong('the group of the objects is misspelled', (manifests) => {
    server(manifests).rules[0].apiGroups = ['michelangelo.io'];
  }),
  fine('every group', (manifests) => {
    server(manifests).rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];
  }),
  fine('rights that other manifests give', (manifests) => {
    find(manifests, 'ClusterRoleBinding', 'apiserver').roleRef.name = 'cluster-admin';
    manifests.splice(manifests.indexOf(server(manifests)), 1);
  }),
  fine('rights to the Secrets of clusters here, and all others in other manifests', (manifests) => {
    const isKept = ({ kind, metadata }: Manifest) =>
      !/^(?:Cluster)?Role/.test(kind) || metadata.namespace === 'default';
    manifests.splice(0, manifests.length, ...manifests.filter(isKept));
  }),
  wrong('no token', (manifests) => {
    find(manifests, 'ServiceAccount', 'controllermgr').automountServiceAccountToken = false;
  }),
  fine('a token that the pod asks for', (manifests) => {
    find(manifests, 'ServiceAccount', 'controllermgr').automountServiceAccountToken = false;
    const pod = find(manifests, 'Deployment', 'controllermgr').spec.template.spec;
    pod.automountServiceAccountToken = true;
  }),
  wrong('the binding is in another namespace than its Role', (manifests) => {
    find(manifests, 'RoleBinding', 'leader-election').metadata.namespace = 'elsewhere';
  }),
  doubtful('one of a kind', rule(['apps'], ['deployment'])),
  doubtful('a kind with a capital letter', rule([''], ['ConfigMap'])),
  doubtful('a kind of another group', rule([''], ['leases'])),
  fine('kinds of two groups', rule(['', 'apps'], ['pods', 'pods/log', 'deployments'])),
  fine('a kind of a group that nobody knows', rule(['example.net'], ['deployment'])),
  fine('events of both groups', rule(['', 'events.k8s.io'], ['events'])),
]);

test.run();
