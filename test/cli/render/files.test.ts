import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ResourceFile, resourceFiles } from '../../../src/cli/render/files.ts';

const resource = (apiVersion: string, kind: string, name: string, namespace?: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: "${name}"\n${
    namespace === undefined ? '' : `  namespace: ${namespace}\n`
  }`;

const filesOf = (resources: readonly string[]): ResourceFile[] =>
  resourceFiles(Buffer.from(resources.join('---\n')));

const names = suite('names of rendered files');

/** Each has names that fall together in one way or another. */
const ALIKE: Readonly<Record<string, readonly string[]>> = {
  'a counter that is the name of another': [
    resource('v1', 'Service', 'a', 'x'),
    resource('v1', 'Service', 'a', 'y'),
    resource('v1', 'Service', 'x-a'),
    resource('v1', 'Service', 'y-a'),
    resource('v1', 'Service', 'a-2'),
  ],
  'signs that no file name takes': [
    resource('rbac.authorization.k8s.io/v1', 'ClusterRole', 'system:own'),
    resource('rbac.authorization.k8s.io/v1', 'ClusterRole', 'system_own'),
    resource('rbac.authorization.k8s.io/v1', 'ClusterRole', 'SYSTEM:own'),
    resource('rbac.authorization.k8s.io/v1', 'ClusterRole', 'System:own'),
  ],
  'versions of one group': [
    resource('example.com/v1', 'Thing', 'a'),
    resource('example.com/v2', 'Thing', 'a'),
    resource('example.com/v1', 'thing', 'a'),
  ],
  'generated names that differ in their hash alone': [
    resource('v1', 'ConfigMap', 'made-2456789bcd'),
    resource('v1', 'ConfigMap', 'made-2456789bcf'),
    resource('v1', 'ConfigMap', 'made'),
  ],
  'no name at all, twice the same': ['kind: Odd\n', 'kind: Odd\n', 'a: 1\n', 'a: 1\n', 'b: 1\n'],
  'names as long as Kubernetes takes': [
    resource('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `${'a'.repeat(252)}b`),
    resource('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `${'a'.repeat(252)}c`),
    resource('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'a'.repeat(200)),
  ],
};

for (const [what, resources] of Object.entries(ALIKE))
  names(`differ, in any order of the stream: ${what}`, () => {
    const files = filesOf(resources);
    assert.is(files.length, resources.length);
    assert.is(new Set(files.map(({ name }) => name.toLowerCase())).size, resources.length);
    for (const { name } of files) {
      assert.match(name, /^[a-z0-9._-]+\.yaml$/);
      assert.ok(name.length <= 143, name);
    }
    for (let turn = 1; turn < resources.length; turn += 1)
      assert.equal(filesOf([...resources.slice(turn), ...resources.slice(0, turn)]), files);
    assert.equal(filesOf([...resources].reverse()), files);
  });

names('are short where nothing is alike, and say the namespace where that is enough', () => {
  const files = filesOf([
    resource('v1', 'Service', 'one', 'x'),
    resource('v1', 'Service', 'two', 'x'),
    resource('v1', 'Service', 'two', 'y'),
    resource('v1', 'ConfigMap', 'made-2456789bcd'),
  ]);
  assert.equal(
    files.map(({ name }) => name),
    ['configmap-made.yaml', 'service-one.yaml', 'service-x-two.yaml', 'service-y-two.yaml'],
  );
});

names('every text comes out as it went in, whatever its markers', () => {
  const text = 'a: 1\n--- # the second\nb: |\n  ---\n  c\n---\n# a remark alone\n---\nd: 1';
  assert.equal(
    resourceFiles(Buffer.from(text))
      .map((file) => file.text)
      .sort(),
    ['--- # the second\nb: |\n  ---\n  c\n', 'a: 1\n', 'd: 1'],
  );
});

names.run();
