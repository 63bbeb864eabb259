/** Settings of pods and configs with one finding each, at what has to change. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { changeIn, plantEach } from './plant-each.ts';
import {
  editDocument,
  find,
  findingsIn,
  label,
  type Manifest,
  newIn,
  planted,
  wholeOverlay,
} from './support.ts';

const STREAMS = ['production', 'sound.yaml'] as const;
const fine = changeIn(STREAMS, undefined);
const wrong = (code: Parameters<typeof changeIn>[1]) => changeIn(STREAMS, code);

const podOf = (manifests: Manifest[], name: string) =>
  find(manifests, 'Deployment', name).spec.template.spec;

const page = (context: Manifest) => (manifests: Manifest[]) => {
  const pod = podOf(manifests, 'ui');
  pod.securityContext = {};
  pod.containers[0].securityContext = context;
};

const DROPPED = { capabilities: { drop: ['ALL'] } };

await plantEach([
  wrong('cluster-dns')('Envoy asks the resolver of its node', (manifests) => {
    podOf(manifests, 'envoy').dnsPolicy = 'Default';
  }),
  wrong('cluster-dns')('Envoy is in the network of its node', (manifests) => {
    podOf(manifests, 'envoy').hostNetwork = true;
  }),
  fine('Envoy is in the network of its node, and asks the cluster', (manifests) => {
    Object.assign(podOf(manifests, 'envoy'), {
      hostNetwork: true,
      dnsPolicy: 'ClusterFirstWithHostNet',
    });
  }),
  fine('the page, which calls nothing, asks the resolver of its node', (manifests) => {
    podOf(manifests, 'ui').dnsPolicy = 'Default';
  }),
  changeIn(
    STREAMS,
    'no-replicas',
    'warning',
  )('a Deployment is paused', (manifests) => {
    find(manifests, 'Deployment', 'envoy').spec.paused = true;
  }),
  wrong('kubernetes-refuses')('Recreate with the numbers of a rolling update', (manifests) => {
    find(manifests, 'Deployment', 'envoy').spec.strategy = {
      type: 'Recreate',
      rollingUpdate: { maxSurge: 1 },
    };
  }),
  wrong('kubernetes-refuses')('a deadline that is over before a pod counts', (manifests) => {
    Object.assign(find(manifests, 'Deployment', 'envoy').spec, {
      progressDeadlineSeconds: 30,
      minReadySeconds: 30,
    });
  }),
  fine('a deadline with room', (manifests) => {
    Object.assign(find(manifests, 'Deployment', 'envoy').spec, { minReadySeconds: 30 });
  }),
  wrong('kubernetes-refuses')('a command in one word', (manifests) => {
    podOf(manifests, 'worker').containers[0].command = ['/app --verbose'];
  }),
  fine('a command of a shell', (manifests) => {
    podOf(manifests, 'worker').containers[0].args = ['--verbose'];
  }),
  wrong('kubernetes-refuses')('a version that is gone', (manifests) => {
    const { metadata } = find(manifests, 'Deployment', 'worker');
    manifests.push({
      apiVersion: 'autoscaling/v2beta2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'worker', namespace: metadata.namespace },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: metadata.name },
        minReplicas: 1,
        maxReplicas: 4,
      },
    });
  }),
  wrong('program-files')("the worker's config is mounted nowhere", (manifests) => {
    podOf(manifests, 'worker').containers[0].volumeMounts = [];
  }),
  wrong('program-files')('nginx starts as root without its capabilities', page(DROPPED)),
  fine(
    'nginx keeps what it needs',
    page({
      capabilities: { drop: ['ALL'], add: ['CHOWN', 'SETGID', 'SETUID', 'NET_BIND_SERVICE'] },
    }),
  ),
  fine('nginx starts as another user', page({ ...DROPPED, runAsUser: 101 })),
  wrong('program-value')('a workflow engine with a slip', (manifests) =>
    editDocument(manifests, 'worker', 'base.yaml', (config) => {
      config['workflow-engine'].provider = 'temporall';
    }),
  ),
  wrong('program-value')('a boolean in words: one finding', (manifests) =>
    editDocument(manifests, 'worker', 'base.yaml', (config) => {
      config.worker.useTLS = 'yes';
    }),
  ),
  changeIn(['production', 'staging'], 'issuer-settings')(
    'an account without an address',
    (manifests) => {
      const { spec } = manifests.find(({ kind, spec }) => /Issuer$/.test(kind) && spec.acme);
      spec.acme.email = 'platform(at)example.com';
    },
  ),
  changeIn(['sound.yaml'], 'path-not-led')('an expression that takes no call', (manifests) => {
    const [path] = find(manifests, 'Ingress', 'grpc').spec.rules[0].http.paths;
    Object.assign(path, { path: '/api(/|$)(.*)', pathType: 'ImplementationSpecific' });
  }),
  changeIn(['sound.yaml'], undefined)('an expression that takes all', (manifests) => {
    const [path] = find(manifests, 'Ingress', 'grpc').spec.rules[0].http.paths;
    Object.assign(path, { path: '/(.*)', pathType: 'ImplementationSpecific' });
  }),
  changeIn(['production'], 'backend-missing')(
    'the Service leads to a port of its own',
    (manifests) => {
      find(manifests, 'Service', 'apiserver').spec.ports[0].targetPort = 8080;
    },
  ),
]);

const stream = await wholeOverlay('production');
const before = findingsIn(stream);

test('no policy has to follow a port that is wrong', () => {
  const service = planted(stream, (manifests) => {
    find(manifests, 'Service', 'apiserver').spec.ports[0].targetPort = 8080;
  });
  assert.equal(newIn(before, findingsIn(service)).map(label), [
    'backend-missing Service michelangelo/michelangelo-apiserver',
  ]);
  const engine = planted(stream, (manifests) =>
    editDocument(manifests, 'worker', 'base.yaml', (config) => {
      config['workflow-engine'].host = config['workflow-engine'].host.replace('7233', '7933');
    }),
  );
  assert.equal(
    newIn(before, findingsIn(engine)).map(({ code }) => code),
    ['engine-differs'],
  );
});

test.run();
