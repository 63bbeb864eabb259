/** NetworkPolicies: what they shut off, where they stand, and the ranges that they name. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type PlantedChange, plantEach, streamOf } from './plant-each.ts';
import { addPolicies, DNS } from './sound-policies.ts';
import { find, findingsIn, label, type Manifest, newIn, planted } from './support.ts';

const ALL = ['production', 'onprem', 'dev', 'sound.yaml', 'sound-contour.yaml'] as const;

const policy = (manifests: Manifest[], name: string) => find(manifests, 'NetworkPolicy', name).spec;
const remove =
  (name: string, direction: 'ingress' | 'egress', index: number) => (manifests: Manifest[]) => {
    policy(manifests, name)[direction].splice(index, 1);
  };
const edit = (name: string, change: (spec: Manifest) => void) => (manifests: Manifest[]) =>
  change(policy(manifests, name));

const SHUT: readonly PlantedChange[] = [
  {
    name: 'no rule for it',
    code: 'policy-shuts-dns',
    in: ALL,
    plant: remove('allow-dns', 'egress', 0),
  },
  {
    name: 'UDP is shut',
    code: 'policy-shuts-dns',
    in: ALL,
    plant: edit('allow-dns', ({ egress }) => egress[0].ports.shift()),
  },
  {
    name: 'TCP is shut',
    code: 'policy-shuts-dns',
    severity: 'warning',
    in: ALL,
    plant: edit('allow-dns', ({ egress }) => egress[0].ports.pop()),
  },
  {
    name: 'to the own namespace alone',
    code: 'policy-shuts-dns',
    in: ['production', 'onprem', 'dev', 'sound-contour.yaml'],
    plant: edit('allow-dns', ({ egress }) => {
      egress[0].to = [{ podSelector: {} }];
    }),
  },
  {
    name: 'one workload that the rule leaves out',
    code: 'policy-shuts-dns',
    in: ALL,
    plant: edit('allow-dns', (spec) => {
      spec.podSelector = {
        matchExpressions: [
          {
            key: 'app.kubernetes.io/name',
            operator: 'NotIn',
            values: ['michelangelo-worker', 'ma-worker'],
          },
        ],
      };
    }),
  },
  {
    name: 'by the names of its ports, and to everybody',
    in: ALL,
    plant: edit('allow-dns', (spec) => {
      spec.egress = [{ ports: [{ protocol: 'UDP', port: 'dns' }, { port: 'dns-tcp' }] }];
    }),
  },
  {
    name: 'Envoy may not call the API server',
    code: 'policy-shuts-peer',
    in: ALL,
    plant: remove('allow-envoy', 'egress', 0),
  },
  {
    name: 'Envoy may not call the UI',
    code: 'policy-shuts-peer',
    in: ALL,
    plant: remove('allow-envoy', 'egress', 1),
  },
  {
    name: "the port of the API's neighbour",
    code: 'policy-shuts-peer',
    in: ALL,
    plant: edit('allow-envoy', ({ egress }) => {
      egress[0].ports = [{ protocol: 'TCP', port: 8080 }];
    }),
  },
  {
    name: 'UDP where TCP is needed',
    code: 'policy-shuts-peer',
    in: ALL,
    plant: edit('allow-envoy', ({ egress }) => {
      egress[1].ports = [{ protocol: 'UDP', port: 80 }];
    }),
  },
  {
    name: 'the API server does not let Envoy in',
    code: 'policy-shuts-peer',
    // Not where the namespace is unknown: the entry's may be the same.
    in: ['production', 'onprem', 'dev', 'sound-contour.yaml'],
    plant: edit('allow-apiserver', ({ ingress }) => ingress[1].from.shift()),
  },
  {
    name: 'the entry is not let in to Envoy',
    code: 'policy-shuts-peer',
    in: ALL,
    plant: remove('allow-envoy', 'ingress', 0),
  },
  {
    name: 'the entry is not let in to the API server',
    code: 'policy-shuts-peer',
    in: ALL,
    plant: remove('allow-apiserver', 'ingress', 0),
  },
  {
    name: 'the API server may not reach the Kubernetes API',
    code: 'policy-shuts-peer',
    in: ALL,
    plant: remove('allow-apiserver', 'egress', 0),
  },
  ...[443, 6443].map(
    (port): PlantedChange => ({
      name: `the API server may reach the Kubernetes API on ${port} alone, as some clusters have it`,
      in: ALL,
      plant: edit('allow-apiserver', ({ egress }) => {
        egress[0].ports = [{ protocol: 'TCP', port }];
      }),
    }),
  ),
  {
    name: 'the controller manager may not reach the Kubernetes API',
    code: 'policy-shuts-peer',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: edit('allow-controllermgr', (spec) => {
      spec.egress = [spec.egress[1]];
    }),
  },
  {
    name: 'the worker may not reach the workflow engine',
    code: 'policy-shuts-peer',
    in: ALL,
    plant: remove('allow-worker', 'egress', 1),
  },
  {
    name: 'the worker may not reach the public address',
    code: 'policy-shuts-peer',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: remove('allow-worker', 'egress', 2),
  },
  {
    name: 'the worker may not reach the API Service',
    code: 'policy-shuts-peer',
    in: ['dev'],
    plant: remove('allow-worker', 'egress', 0),
  },
  {
    name: 'the engine is in another namespace than the one that is open',
    code: 'policy-shuts-peer',
    in: ['sound-contour.yaml', 'sound.yaml'],
    plant: edit('allow-worker', ({ egress }) => {
      egress[1].to = [
        { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'cadence' } } },
      ];
    }),
  },
  {
    name: 'policies do not hold for pods on the network of their host',
    in: ALL,
    plant: (manifests) => {
      remove('allow-envoy', 'egress', 0)(manifests);
      const { spec } = find(manifests, 'Deployment', 'envoy').spec.template;
      Object.assign(spec, { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' });
      edit('allow-apiserver', ({ ingress }) => {
        ingress[1].from.push({ ipBlock: { cidr: '10.1.0.0/16' } });
      })(manifests);
    },
  },
  {
    name: 'a range of ports',
    in: ALL,
    plant: edit('allow-envoy', ({ egress }) => {
      egress[0].ports = [{ protocol: 'TCP', port: 15000, endPort: 16000 }];
    }),
  },
  {
    name: 'a policy that lists egress without a type of its own',
    code: 'policy-shuts-dns',
    in: ALL,
    plant: (manifests) => {
      for (const one of manifests.filter(({ kind }) => kind === 'NetworkPolicy'))
        if (one.metadata.name !== 'allow-worker') one.spec.policyTypes = ['Ingress'];
      delete policy(manifests, 'allow-worker').policyTypes;
    },
  },
];

const kubeApi = (metadata: Manifest, from = '203.0.113.7/32') => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'allow-michelangelo-controller', ...metadata },
  spec: {
    podSelector: { matchLabels: { component: 'kube-apiserver' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ ipBlock: { cidr: from } }], ports: [{ protocol: 'TCP', port: 443 }] }],
  },
});

const PLACES: readonly PlantedChange[] = [
  {
    name: 'a policy for the Kubernetes API where it belongs',
    in: ALL,
    plant: (manifests) => manifests.push(kubeApi({ namespace: 'kube-system' })),
  },
  {
    name: 'moved by an outer layer',
    code: 'policy-namespace',
    in: ALL,
    plant: (manifests) => manifests.push(kubeApi({ namespace: 'michelangelo' })),
  },
  {
    name: 'without a namespace',
    code: 'policy-namespace',
    in: ALL,
    plant: (manifests) => manifests.push(kubeApi({})),
  },
  ...['10.0.0.0/24/32', '203.0.113.7', '10.0.0.0/33', 'api.example.com/32', '<cidr>/32'].map(
    (range): PlantedChange => ({
      name: range,
      code: 'policy-cidr',
      in: ALL,
      plant: (manifests) => manifests.push(kubeApi({ namespace: 'kube-system' }, range)),
    }),
  ),
  {
    name: 'bits behind the prefix length, which the Kubernetes API ignores',
    in: ALL,
    plant: (manifests) => manifests.push(kubeApi({ namespace: 'kube-system' }, '10.20.0.1/16')),
  },
  {
    name: 'an exception that is not a range',
    code: 'policy-cidr',
    in: ALL,
    plant: edit('allow-worker', ({ egress }) => {
      egress[2].to[0].ipBlock.except = ['169.254.169.254'];
    }),
  },
  ...['192.168.0.0/16', '2001:db8::/64', '0.0.0.0/0'].map(
    (range): PlantedChange => ({
      name: `an exception outside of its range: ${range}`,
      code: 'policy-cidr',
      in: ALL,
      plant: edit('allow-worker', ({ egress }) => {
        egress[2].to[0].ipBlock.except = [range];
        if (!range.startsWith('0')) egress[2].to.push({ ipBlock: { cidr: '0.0.0.0/0' } });
        if (!range.startsWith('0')) egress[2].to[0].ipBlock.cidr = '10.0.0.0/8';
      }),
    }),
  ),
];

await plantEach([...SHUT, ...PLACES], addPolicies);

const production = await streamOf('production');

test('the finding names the policy that has rules, both ends and the port', () => {
  const stream = planted(production, (manifests) => {
    addPolicies(manifests);
    remove('allow-envoy', 'egress', 0)(manifests);
  });
  const [found, ...more] = newIn(findingsIn(production), findingsIn(stream));
  assert.equal(more, []);
  assert.is(found?.resource?.name, 'allow-envoy');
  assert.is(found?.path, 'spec.egress');
  assert.is(
    found?.message,
    'Deployment michelangelo-envoy cannot reach Deployment michelangelo-apiserver on TCP 15566',
  );
});

test('what one policy shuts for one workload is one finding', () => {
  const stream = planted(production, (manifests) => {
    addPolicies(manifests);
    policy(manifests, 'allow-envoy').egress.splice(0, 2);
  });
  const [found, ...more] = newIn(findingsIn(production), findingsIn(stream));
  assert.equal(more, []);
  for (const peer of ['apiserver', 'ui'])
    assert.match(found?.message ?? '', `Deployment michelangelo-${peer} on TCP `);
});

test('a range gets its right spelling', () => {
  const stream = planted(production, (manifests) => {
    manifests.push(kubeApi({ namespace: 'kube-system' }, '10.0.0.0/24/32'));
  });
  const [found] = newIn(findingsIn(production), findingsIn(stream));
  assert.is(found?.message, '`10.0.0.0/24/32` has two prefix lengths');
  assert.is(found?.fix, 'write `10.0.0.0/24`');
});

test('each compute cluster of the config has to be reached on its own port', () => {
  const { settings } = production;
  assert.ok(settings);
  const computeClusters = settings.computeClusters.map((cluster) => ({
    ...cluster,
    cidrs: ['203.0.113.0/28'],
  }));
  const stream = planted(
    { ...production, settings: { ...settings, computeClusters } },
    addPolicies,
  );
  const shut = findingsIn(stream).filter(({ code }) => code === 'policy-shuts-peer');
  assert.equal(
    shut.map(({ message }) => message),
    [
      'Deployment michelangelo-controllermgr cannot reach compute cluster gpu (203.0.113.0/28) on TCP 6443',
    ],
  );
  const opened = planted(stream, (manifests) => {
    policy(manifests, 'allow-controllermgr').egress.push({
      to: [{ ipBlock: { cidr: '203.0.113.0/24' } }],
      ports: [{ protocol: 'TCP', port: 6443 }],
    });
  });
  assert.equal(findingsIn(opened).map(label), findingsIn(production).map(label));
});

test('pods that no policy is about are open', () => {
  const stream = planted(production, (manifests) => {
    manifests.push({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'other', namespace: 'michelangelo' },
      spec: {
        podSelector: { matchLabels: { app: 'other' } },
        policyTypes: ['Ingress', 'Egress'],
        egress: [DNS],
      },
    });
  });
  assert.equal(newIn(findingsIn(production), findingsIn(stream)), []);
});

test.run();
