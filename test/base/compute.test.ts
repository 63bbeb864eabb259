/** base/compute below a layer with a prefix and a namespace: nothing that Michelangelo looks for by name is moved. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAllDocuments } from 'yaml';
import { buildWith, bundled, isInstalled, newest } from '../support/kustomize.ts';
import { assertSameText } from '../support/same-text.ts';
import { projectWith } from '../support/small-overlay.ts';

const compute = suite('base/compute');
const programs = [bundled, ...((await isInstalled(newest)) ? [newest] : [])];

const DOMAIN = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: { name: gpu }
spec:
  role: compute
  computeCluster: gpu
  domain: ml.example.com
  computeClusters:
    - name: gpu
      server: https://k8s.gpu.example.com:6443
      managed: false
      taskPods: { namespaces: [default, ml-jobs] }
  controlPlane: { egressCidrs: [198.51.100.4] }
`;

const KUSTOMIZATION = `namespace: platform
namePrefix: gpu-
resources: [../../base/compute]
components: [../../base/compute/spark]
transformers: [domain.yaml]
`;

const cwd = projectWith({
  gpu: { kustomization: KUSTOMIZATION, config: DOMAIN },
});
const built = await Promise.all(
  programs.map((program) => buildWith(program, 'overlays/gpu', { cwd })),
);

compute('builds, the same with each kustomize', () => {
  const [first] = built;
  for (const { status, stdout, stderr } of built) {
    assert.is(status, 0, stderr);
    assertSameText(stdout, first?.stdout ?? '');
  }
});

const resources = parseAllDocuments(built[0]?.stdout ?? '').map((document) => document.toJS());
const labels = resources.map(({ kind, metadata }) =>
  [kind, metadata.namespace, metadata.name].filter(Boolean).join(' '),
);

compute('fixed names and namespaces stay', () => {
  assert.equal(labels.sort(), [
    'ClusterRole gpu-ray-manager',
    'ClusterRoleBinding gpu-ray-manager',
    'ConfigMap default michelangelo-config',
    'ConfigMap ml-jobs michelangelo-config',
    'NetworkPolicy kube-system allow-michelangelo-controller',
    'Secret default ray-manager-token',
    'ServiceAccount default ray-manager',
  ]);
});

compute('the token is that of the account, and the account has the rights', () => {
  const of = (kind: string) => resources.find((resource) => resource.kind === kind);
  const { annotations } = of('Secret').metadata;
  assert.is(annotations['kubernetes.io/service-account.name'], 'ray-manager');
  const { subjects, roleRef } = of('ClusterRoleBinding');
  assert.equal(subjects, [{ kind: 'ServiceAccount', name: 'ray-manager', namespace: 'default' }]);
  assert.is(roleRef.name, 'gpu-ray-manager');
  const groups = of('ClusterRole').rules.map((rule: { apiGroups: string[] }) => rule.apiGroups[0]);
  assert.equal(groups, ['ray.io', 'sparkoperator.k8s.io']);
});

compute.run();
