/** The two sides of a compute cluster: what differs is named on the cluster's side, each time alone. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding } from '../../src/checks/check.ts';
import { runChecks } from '../../src/checks/index.ts';
import { loadConfig } from '../../src/config/load.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { callFunction, saidIn } from '../../src/report/call.ts';
import { surfaceOfBuild } from '../../src/report/overlay-report.ts';
import { type Surface, surfaceOf } from '../../src/surface/surface.ts';
import { printYaml } from '../../src/yaml/yaml.ts';
import { builtOverlay } from '../support/overlays.ts';
import { find, type Manifest, manifestsIn } from './support.ts';

const both = {
  domain: 'ml.example.com',
  objectStore: { region: 'eu-central-1', endpoint: 'https://s3.eu-central-1.amazonaws.com' },
  computeClusters: [
    {
      name: 'gpu',
      server: 'https://k8s.gpu.ml.example.com:6443',
      cidrs: ['203.0.113.10'],
      managed: false,
      taskPods: { namespaces: ['default'] },
    },
  ],
  controlPlane: { egressCidrs: ['198.51.100.4/32'] },
};
const [gpu] = both.computeClusters;

const CONFIG_MAP = `apiVersion: v1
kind: ConfigMap
metadata: { name: michelangelo-config, namespace: default }
data:
  AWS_ENDPOINT_URL: https://s3.us-east-1.amazonaws.com
  AWS_REGION: us-east-1
  REGISTRY_ENDPOINT: api.DOMAIN_NOT_SET:443
`;

const CLUSTER = `---
apiVersion: michelangelo.api/v2
kind: Cluster
metadata: { name: gpu, namespace: ma-system }
spec:
  kubernetes:
    rest:
      host: https://k8s.gpu.ml.example.com
      port: "6443"
      tokenTag: cluster-gpu-client-token
      caDataTag: cluster-gpu-ca-data
`;

const configText = (name: string, spec: object) =>
  printYaml({
    apiVersion: 'network.michelangelo.api/v1alpha1',
    kind: 'DomainConfig',
    metadata: { name },
    spec: JSON.parse(JSON.stringify(spec)),
  });

const manifests = manifestsIn(await builtOverlay('production')).filter(
  ({ kind }) => kind !== 'Cluster',
);

/** A control plane, with this in its config and with its manifests changed. */
function controlPlane(
  spec: object = {},
  { name = 'production', cluster = CLUSTER, plant = (_: Manifest[]) => {} } = {},
): Surface {
  const text = configText(name, { ...both, tls: { mode: 'secret' }, ...spec });
  const { settings } = loadConfig(text);
  assert.ok(settings);
  const changed = structuredClone(manifests);
  plant(changed);
  const stream = changed.map((manifest) => printYaml(manifest)).join('---\n') + cluster;
  return surfaceOf(splitDocuments(Buffer.from(stream)), { name: `overlays/${name}`, settings });
}

function found(spec: object, others: readonly Surface[]): Finding[] {
  const text = configText('production-gpu', {
    ...both,
    role: 'compute',
    computeCluster: 'gpu',
    ...spec,
  });
  const call = callFunction(text, Buffer.from(CONFIG_MAP));
  assert.equal(call.loaded.problems, []);
  const surface = surfaceOfBuild({
    overlay: 'overlays/production-gpu',
    manifests: call.output,
    calls: [call],
  });
  const { findings } = runChecks(surface.beside(others), saidIn([call]));
  const own = ['api-policy-unsure', 'sdk-without-tls', 'api-server-managed'];
  return findings.filter(({ code }) => !own.includes(code));
}

const labels = (findings: readonly Finding[]) =>
  findings.map(({ code, severity, path }) => `${severity} ${code} ${path}`);

const sides = suite('the two sides of a compute cluster');

sides('nothing is found where they agree, however it is spelled', () => {
  assert.equal(labels(found({}, [controlPlane()])), []);
  const spelled = { port: 443, computeClusters: [{ ...gpu, cidrs: ['203.0.113.10/32'] }] };
  assert.equal(labels(found(spelled, [controlPlane()])), []);
});

sides('nothing is compared where no control plane is named', () => {
  assert.equal(labels(found({ domain: 'other.example.com' }, [])), []);
});

/** What the cluster's side says otherwise, with the place that has to name it. */
const DIFFERENCES: [name: string, spec: object, path: string][] = [
  ['the host', { hosts: { api: 'grpc.example.com' } }, 'spec.hosts.api'],
  ['the domain', { domain: 'mi.example.com' }, 'spec.domain'],
  ['the port', { port: 8443 }, 'spec.port'],
  ['TLS', { tls: { mode: 'none' }, port: 443 }, 'spec.tls.mode'],
  [
    'the store',
    { objectStore: { ...both.objectStore, endpoint: 'https://minio.example.com' } },
    'spec.objectStore.endpoint',
  ],
  [
    'the region',
    { objectStore: { ...both.objectStore, region: 'eu-west-1' } },
    'spec.objectStore.region',
  ],
  [
    'the server',
    { computeClusters: [{ ...gpu, server: 'https://k8s.gpu.ml.example.com' }] },
    'spec.computeClusters[0].server',
  ],
  [
    'its addresses',
    { computeClusters: [{ ...gpu, cidrs: ['203.0.113.11'] }] },
    'spec.computeClusters[0].cidrs',
  ],
  [
    'who runs it',
    { computeClusters: [{ ...gpu, managed: true }] },
    'spec.computeClusters[0].managed',
  ],
  [
    'the namespaces',
    { computeClusters: [{ ...gpu, taskPods: { namespaces: ['default', 'jobs'] } }] },
    'spec.computeClusters[0].taskPods.namespaces',
  ],
  [
    'the pods',
    {
      computeClusters: [
        { ...gpu, taskPods: { namespaces: ['default'], podSelector: { matchLabels: { a: 'b' } } } },
      ],
    },
    'spec.computeClusters[0].taskPods.podSelector',
  ],
  [
    'where the control plane comes from',
    { controlPlane: { egressCidrs: ['198.51.100.5'] } },
    'spec.controlPlane.egressCidrs',
  ],
];
for (const [name, spec, path] of DIFFERENCES)
  sides(`names ${name}, and nothing else`, () => {
    const findings = found(spec, [controlPlane()]);
    assert.equal(labels(findings), [`error compute-differs ${path}`]);
    assert.is(findings[0]?.resource?.kind, 'DomainConfig');
    assert.match(findings[0]?.message ?? '', 'overlays/production');
  });

sides('names the store of the ConfigMap where the config has none', () => {
  const findings = found({ objectStore: undefined }, [controlPlane()]);
  assert.equal(labels(findings), [
    'error compute-differs data.AWS_ENDPOINT_URL',
    'error compute-differs data.AWS_REGION',
  ]);
});

sides('a host that is an alias of the control plane is served still', () => {
  const control = controlPlane({
    domain: 'new.example.com',
    hosts: { aliases: { api: ['api.ml.example.com'] } },
  });
  assert.equal(labels(found({}, [control])), ['warning compute-differs spec.domain']);
});

sides('the policy for the API server may be left out', () => {
  assert.equal(labels(found({ controlPlane: undefined }, [controlPlane()])), []);
});

sides('names a Cluster that leads elsewhere than both configs say', () => {
  const control = controlPlane({}, { cluster: CLUSTER.replace('"6443"', '"443"') });
  const findings = found({}, [control]);
  assert.equal(labels(findings), ['error compute-differs spec.computeClusters[0].server']);
  assert.match(findings[0]?.message ?? '', 'leads to https://k8s.gpu.ml.example.com:443');
});

sides('a Cluster of the stream registers as an entry does', () => {
  const control = controlPlane({ computeClusters: undefined, controlPlane: undefined });
  assert.equal(labels(found({ controlPlane: undefined }, [control])), []);
});

sides('names a cluster that nobody lists', () => {
  const control = controlPlane(
    { computeClusters: undefined, controlPlane: undefined },
    { cluster: '' },
  );
  assert.equal(labels(found({ controlPlane: undefined }, [control])), [
    'error compute-not-listed spec.computeCluster',
  ]);
});

sides('of several control planes the nearest one counts', () => {
  const others = [
    controlPlane(
      { domain: 'a.example.com', computeClusters: undefined, controlPlane: undefined },
      { name: 'a' },
    ),
    controlPlane(),
    controlPlane({ domain: 'b.example.com', port: 8443 }, { name: 'b' }),
  ];
  assert.equal(labels(found({}, others)), []);
  const [only, ...more] = found({ port: 444 }, others);
  assert.equal(more, []);
  assert.match(only?.message ?? '', '443 in overlays/production');
});

sides('names an API that has no entry for other clusters', () => {
  const control = controlPlane(
    { worker: { apiAddress: 'service' } },
    {
      plant: (changed) => {
        changed.splice(changed.indexOf(find(changed, 'Ingress', 'apiserver')), 1);
      },
    },
  );
  const findings = found({}, [control]);
  assert.equal(labels(findings), ['error compute-differs spec.domain']);
  assert.match(findings[0]?.message ?? '', 'has no entry for it');
});

sides.run();
