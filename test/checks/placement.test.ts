/** Where pods run, how they are replaced, who is told of them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { changeIn, plantEach } from './plant-each.ts';
import { editDocument, find, findingsIn, type Manifest, overlay, planted } from './support.ts';

const STREAMS = ['production', 'sound.yaml'] as const;
const fine = changeIn(STREAMS, undefined);
const wrong = (code: Parameters<typeof changeIn>[1]) => changeIn(STREAMS, code);
const doubtful = (code: Parameters<typeof changeIn>[1]) => changeIn(STREAMS, code, 'warning');
const BUILT = ['production'] as const;
const built = (code?: Parameters<typeof changeIn>[1], severity?: 'warning') =>
  changeIn(BUILT, code, severity);

const deployment = (manifests: Manifest[], name = 'worker') => find(manifests, 'Deployment', name);
const podOf = (manifests: Manifest[], name = 'worker') =>
  deployment(manifests, name).spec.template.spec;
const labelsOf = (manifests: Manifest[], name = 'worker') =>
  deployment(manifests, name).spec.template.metadata.labels;
const homeOf = (manifests: Manifest[]) => deployment(manifests).metadata.namespace;

const beside =
  (kind: string, matchLabels: (manifests: Manifest[]) => Manifest, more: Manifest = {}) =>
  (manifests: Manifest[]) => {
    deployment(manifests).spec.replicas = 2;
    Object.assign(podOf(manifests), more, {
      affinity: {
        [kind]: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            {
              topologyKey: 'kubernetes.io/hostname',
              labelSelector: { matchLabels: matchLabels(manifests) },
            },
          ],
        },
      },
    });
  };
const misspelled = (manifests: Manifest[]) =>
  Object.fromEntries(
    Object.entries(labelsOf(manifests, 'envoy')).map(([key, value]) => [key, `${value}s`]),
  );
const ONE_NODE = { nodeSelector: { 'kubernetes.io/hostname': 'one' } };

const spread = (labelSelector: Manifest | undefined) => (manifests: Manifest[]) => {
  podOf(manifests).topologySpreadConstraints = [
    {
      maxSkew: 1,
      topologyKey: 'topology.kubernetes.io/zone',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector,
    },
  ];
};

const priority = (name: string) => (manifests: Manifest[]) => {
  manifests.push({
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'important' },
    value: 1000,
  });
  podOf(manifests).priorityClassName = name;
};

const claim =
  (mode: string, spec: Manifest, more: Manifest = {}) =>
  (manifests: Manifest[]) => {
    const namespace = homeOf(manifests);
    manifests.push({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'cache', namespace },
      spec: { accessModes: [mode], resources: { requests: { storage: '1Gi' } } },
    });
    Object.assign(deployment(manifests).spec, spec);
    Object.assign(podOf(manifests), more);
    podOf(manifests).volumes.push({ name: 'cache', persistentVolumeClaim: { claimName: 'cache' } });
  };

const rollout =
  (strategy: Manifest, ...services: string[]) =>
  (manifests: Manifest[]) => {
    const worker = deployment(manifests);
    worker.apiVersion = 'argoproj.io/v1alpha1';
    worker.kind = 'Rollout';
    worker.spec.strategy = strategy;
    for (const name of services)
      manifests.push({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace: worker.metadata.namespace },
        spec: { selector: labelsOf([{ ...worker, kind: 'Deployment' }]), ports: [{ port: 80 }] },
      });
  };
const CANARY = { canary: { stableService: 'old', canaryService: 'new', steps: [] } };

const unavailable = (maxUnavailable: number | string) => (manifests: Manifest[]) => {
  Object.assign(deployment(manifests, 'envoy').spec, {
    replicas: 2,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable } },
  });
};

const prometheus = (spec: Manifest, labels: Manifest) => (manifests: Manifest[]) => {
  const rule = manifests.find(({ kind }) => kind === 'PrometheusRule');
  rule.metadata.labels = labels;
  manifests.push({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Prometheus',
    metadata: { name: 'main', namespace: rule.metadata.namespace },
    spec,
  });
};
const BY_TEAM = { ruleSelector: { matchLabels: { team: 'ml' } } };

const rules = (change: (group: Manifest, all: Manifest[]) => void) => (manifests: Manifest[]) => {
  const { groups } = manifests.find(({ kind }) => kind === 'PrometheusRule').spec;
  change(groups[0], groups);
};

const hostOf = (manifests: Manifest[]): string =>
  manifests.find(({ kind, metadata }) => kind === 'Ingress' && /api/.test(metadata.name)).spec
    .rules[0].host;

const records =
  (...endpoints: ((host: string) => Manifest)[]) =>
  (manifests: Manifest[]) => {
    manifests.push({
      apiVersion: 'externaldns.k8s.io/v1alpha1',
      kind: 'DNSEndpoint',
      metadata: { name: 'names', namespace: homeOf(manifests) },
      spec: { endpoints: endpoints.map((of) => of(hostOf(manifests))) },
    });
  };
const record = (recordType: string, target: string) => (dnsName: string) => ({
  dnsName,
  recordType,
  targets: [target],
});

const mesh =
  (namespace: Manifest, pod: Manifest = {}) =>
  (manifests: Manifest[]) => {
    const name = homeOf(manifests);
    const there = manifests.find((one) => one.kind === 'Namespace' && one.metadata.name === name);
    const home = there ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    if (!there) manifests.push(home);
    Object.assign(home.metadata, namespace);
    Object.assign(labelsOf(manifests, 'apiserver'), pod);
  };
const IN_MESH = { labels: { 'istio-injection': 'enabled' } };
const peers =
  (mode: string, namespace = IN_MESH) =>
  (manifests: Manifest[]) => {
    mesh(namespace)(manifests);
    manifests.push({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'default', namespace: homeOf(manifests) },
      spec: { mtls: { mode } },
    });
  };
const mutual = (pod: Manifest) => (manifests: Manifest[]) => {
  mesh(IN_MESH, pod)(manifests);
  const { metadata } = find(manifests, 'Service', 'apiserver');
  manifests.push({
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'api', namespace: metadata.namespace },
    spec: { host: metadata.name, trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } } },
  });
};

const policy =
  (peer: Manifest, ...namespaces: string[]) =>
  (manifests: Manifest[]) => {
    for (const name of namespaces)
      manifests.push({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    manifests.push({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'other', namespace: homeOf(manifests) },
      spec: {
        podSelector: { matchLabels: { app: 'nobody-has-this' } },
        policyTypes: ['Ingress'],
        ingress: [{ from: [peer] }],
      },
    });
  };
const pods = (name: string) => ({ matchLabels: { 'app.kubernetes.io/name': name } });

await plantEach([
  wrong('pod-placement')('beside pods of nobody', beside('podAffinity', misspelled)),
  fine(
    'beside Envoy',
    beside('podAffinity', (manifests) => labelsOf(manifests, 'envoy')),
  ),
  fine('apart', beside('podAntiAffinity', labelsOf)),
  wrong('pod-placement')('apart on one node', beside('podAntiAffinity', labelsOf, ONE_NODE)),
  doubtful('pod-placement')(
    'spread by labels of others',
    spread({ matchLabels: { app: 'other' } }),
  ),
  doubtful('pod-placement')('spread by no labels', spread(undefined)),
  fine('spread over all pods', spread({})),
  fine('a class', priority('important')),
  fine('a class of every cluster', priority('system-cluster-critical')),
  fine('a class of other manifests', priority('batch')),
  doubtful('pod-placement')('a class that is misspelled', priority('importent')),
  doubtful('pod-placement')('a claim for one node', claim('ReadWriteOnce', { replicas: 2 })),
  doubtful('pod-placement')(
    'a claim for one node at a rollout',
    claim('ReadWriteOnce', { replicas: 1, strategy: {} }),
  ),
  fine(
    'a claim for one node, and one pod at a time',
    claim('ReadWriteOnce', { replicas: 1, strategy: { type: 'Recreate' } }),
  ),
  fine('a claim for one node, on one node', claim('ReadWriteOnce', { replicas: 2 }, ONE_NODE)),
  fine('a claim for many nodes', claim('ReadWriteMany', { replicas: 2 })),
  fine('a canary', rollout(CANARY, 'old', 'new')),
  wrong('argo-rollout')('a canary without its Service', rollout(CANARY, 'old')),
  wrong('argo-rollout')(
    'one Service for two versions',
    rollout({ blueGreen: { activeService: 'old', previewService: 'old' } }, 'old'),
  ),
  doubtful('argo-rollout')(
    'an analysis that nobody wrote',
    rollout({ canary: { steps: [{ analysis: { templates: [{ templateName: 'rate' }] } }] } }),
  ),
  doubtful('no-replicas')('all pods at once', unavailable('100%')),
  doubtful('no-replicas')('as many pods at once as there are', unavailable(2)),
  fine('half of the pods at once', unavailable('50%')),
  wrong('service-picks-others')('a job with the labels of the API server', (manifests) => {
    const namespace = homeOf(manifests);
    const labels = { ...labelsOf(manifests, 'apiserver') };
    manifests.push({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'migrate', namespace },
      spec: {
        template: {
          metadata: { labels },
          spec: { restartPolicy: 'Never', containers: [{ name: 'x', image: 'busybox:1.36.1' }] },
        },
      },
    });
  }),
  built()('records', records(record('CNAME', 'lb.example.net'))),
  built('dns-host')('a name that leads to an address', records(record('CNAME', '203.0.113.7'))),
  built('dns-host')('an address that is a name', records(record('A', 'lb.example.net'))),
  built('dns-host')(
    'a name that leads to itself',
    records((host) => ({ dnsName: host, recordType: 'CNAME', targets: [host] })),
  ),
  built('dns-host')('an annotation that leads to itself', (manifests) => {
    const entry = manifests.find(
      ({ kind, metadata }) => kind === 'Ingress' && /api/.test(metadata.name),
    );
    entry.metadata.annotations['external-dns.alpha.kubernetes.io/target'] = hostOf(manifests);
  }),
  doubtful('istio-policy')(
    'a mark that Linkerd does not know',
    mesh({ annotations: { 'linkerd.io/inject': 'true' } }),
  ),
  fine('a mark of Linkerd', mesh({ annotations: { 'linkerd.io/inject': 'enabled' } })),
  doubtful('istio-policy')('mutual TLS alone, and an entry outside', peers('STRICT')),
  fine('mutual TLS where it is spoken', peers('PERMISSIVE')),
  fine(
    'mutual TLS alone, and no sidecars',
    peers('STRICT', { labels: { 'istio-injection': 'disabled' } }),
  ),
  wrong('istio-policy')(
    'mutual TLS to pods outside',
    mutual({ 'sidecar.istio.io/inject': 'false' }),
  ),
  fine('mutual TLS to pods inside', mutual({})),
  doubtful('policy-selects-nothing')(
    'namespaces by a label that they do not have',
    policy({ namespaceSelector: { matchLabels: { name: 'temporal' } } }, 'temporal'),
  ),
  fine(
    'namespaces by a label of other manifests',
    policy({ namespaceSelector: { matchLabels: { name: 'temporal' } } }),
  ),
  fine('pods of another program', policy({ podSelector: pods('reports') })),
  fine(
    'the controller in its namespace',
    policy({ podSelector: pods('ingress-nginx'), namespaceSelector: {} }),
  ),
]);

await plantEach([
  changeIn(
    BUILT,
    'policy-selects-nothing',
    'warning',
  )('the controller in our namespace', policy({ podSelector: pods('ingress-nginx') })),
  changeIn(
    BUILT,
    'alert-finds-nothing',
    'warning',
  )('rules that Prometheus does not select', prometheus(BY_TEAM, { team: 'web' })),
  built()('rules that Prometheus selects', prometheus(BY_TEAM, { team: 'ml' })),
  built('alert-finds-nothing')(
    'two groups of one name',
    rules((group, all) => all.push(structuredClone(group))),
  ),
  built('alert-finds-nothing')(
    'a rule that is two',
    rules((group) => {
      group.rules[0].record = 'a:b';
    }),
  ),
  changeIn(
    BUILT,
    'monitor-finds-nothing',
    'warning',
  )('a probe of another host', (manifests) => {
    manifests.push({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'Probe',
      metadata: { name: 'other', namespace: homeOf(manifests), labels: {} },
      spec: { targets: { staticConfig: { static: ['https://app.old.example.com'] } } },
    });
  }),
  changeIn(
    BUILT,
    'link-not-public',
    'warning',
  )('an issuer on the pod itself', (manifests) => {
    editDocument(manifests, 'apiserver', 'base.yaml', (root) => {
      root.apiserver.auth = {
        mode: 'dummy',
        oidc: { issuerUrl: 'http://localhost:8080/realms/ml' },
      };
    });
  }),
  changeIn(
    BUILT,
    'dns-host',
    'warning',
  )(
    'a record for an old host',
    records(
      (host) => ({ ...record('CNAME', 'lb.example.net')(host.replace(/^api/, 'app')) }),
      () => ({ ...record('CNAME', 'lb.example.net')('api.old.example.com') }),
    ),
  ),
]);

const production = await overlay('production');
const elsewhere = (change: (manifests: Manifest[]) => void = () => {}) => {
  const text = JSON.stringify(production.manifests)
    .replaceAll('ml.example.com', 'ml.example.org')
    .replaceAll('"namespace":"michelangelo"', '"namespace":"models"')
    .replaceAll('michelangelo-production', 'michelangelo-other');
  const copy = { name: 'other', manifests: JSON.parse(text), settings: undefined };
  return planted(copy, change);
};
const queues = (other: ReturnType<typeof elsewhere>) =>
  findingsIn({ ...production, settings: undefined }, [other])
    .filter(({ code, message }) => code === 'environments-overlap' && / poll /.test(message))
    .map(({ severity, message }) => `${severity}: ${message}`);

test('two environments at one engine have domains of their own', () => {
  const [found = ''] = queues(elsewhere());
  assert.match(found, /^warning: the workers of other poll \w+ of production at .* as well/);
  const apart = elsewhere((manifests) =>
    editDocument(manifests, 'worker', 'base.yaml', (root) => {
      for (const worker of root['workflow-engine'].workers) worker.domain = 'other';
    }),
  );
  assert.equal(queues(apart), []);
});

test('two environments have objects of their own in a third namespace', () => {
  const cluster = (host: string) => ({
    apiVersion: 'michelangelo.api/v2',
    kind: 'Cluster',
    metadata: { name: 'gpu', namespace: 'ma-system' },
    spec: { kubernetes: { rest: { host, port: '443' } } },
  });
  const own = planted(production, (manifests) =>
    manifests.push(cluster('https://one.example.com')),
  );
  const other = elsewhere((manifests) => manifests.push(cluster('https://two.example.com')));
  const found = findingsIn({ ...own, settings: undefined }, [other]).map(({ message }) => message);
  assert.ok(found.some((message) => /^other has Cluster gpu in namespace ma-system/.test(message)));
});

test.run();
