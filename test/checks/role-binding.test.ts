/** Which role a binding was probably meant to name, where it names none of these manifests. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { check } from '../../src/checks/role-binding.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const API = 'rbac.authorization.k8s.io';

/** A binding called `readers` to a role, and the names of the roles that there are. */
function missing(kind: 'Role' | 'ClusterRole', named: string, ...there: string[]): string[] {
  const place = kind === 'Role' ? ', namespace: ml' : '';
  const documents = [
    `apiVersion: ${API}/v1\nkind: ${kind}Binding\nmetadata: { name: readers${place} }\nroleRef: { apiGroup: ${API}, kind: ${kind}, name: ${named} }\nsubjects: [{ kind: Group, name: team }]\n`,
    ...there.map(
      (name) => `apiVersion: ${API}/v1\nkind: ${kind}\nmetadata: { name: ${name}${place} }\n`,
    ),
  ];
  const surface = surfaceOf(splitDocuments(Buffer.from(documents.join('---\n'))));
  return (check.find?.(surface) ?? []).map(({ message }) => message ?? '');
}

const found = (kind: string, named: string, there: string) => [
  `there is no ${kind} ${named} in these manifests; ${kind} ${there} is there`,
];

test('a name that is nearly right, or a Role that is called as its binding', () => {
  assert.equal(
    missing('Role', 'reports', 'storage', 'readers'),
    found('Role', 'reports', 'readers'),
  );
  assert.equal(missing('Role', 'reports', 'storage'), []);
  assert.equal(missing('ClusterRole', 'reports', 'readers'), []);
  assert.equal(
    missing('ClusterRole', 'reports', 'prod-reports'),
    found('ClusterRole', 'reports', 'prod-reports'),
  );
  assert.equal(missing('ClusterRole', 'reports', 'reports', 'prod-reports'), []);
});

test('what every cluster has is not looked for', () => {
  assert.equal(missing('ClusterRole', 'view', 'my-view'), []);
  assert.equal(missing('Role', 'view', 'my-view'), found('Role', 'view', 'my-view'));
});

test.run();
