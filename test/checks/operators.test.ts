/** What operators of the cluster are asked for: Secrets, bundles, certificates, autoscaling. */
import { test } from 'uvu';
import { changeIn, plantEach } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const STREAMS = ['production', 'sound.yaml'] as const;
const fine = changeIn(STREAMS, undefined);
const wrong = (code: Parameters<typeof changeIn>[1]) => changeIn(STREAMS, code);
const doubtful = (code: Parameters<typeof changeIn>[1]) => changeIn(STREAMS, code, 'warning');

const worker = (manifests: Manifest[]) => find(manifests, 'Deployment', 'worker');
const homeOf = (manifests: Manifest[]) => worker(manifests).metadata.namespace;

const external = (name: string, namespace: string, spec: Manifest = {}): Manifest => ({
  apiVersion: 'external-secrets.io/v1',
  kind: 'ExternalSecret',
  metadata: { name, namespace },
  spec: {
    secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' },
    data: [{ secretKey: 'token', remoteRef: { key: name } }],
    ...spec,
  },
});
const STORE = {
  apiVersion: 'external-secrets.io/v1',
  kind: 'ClusterSecretStore',
  metadata: { name: 'vault' },
  spec: { provider: { vault: { server: 'https://vault.example.net', path: 'kv' } } },
};
const storeRef = (secretStoreRef: Manifest) => (manifests: Manifest[]) => {
  manifests.push(STORE, external('other', homeOf(manifests), { secretStoreRef }));
};

/** A Secret for images that every pod names. */
const pulling =
  (target: Manifest, change?: (manifests: Manifest[]) => void) => (manifests: Manifest[]) => {
    manifests.push(STORE, external('registry', homeOf(manifests), { target }));
    for (const { kind, spec } of manifests)
      if (kind === 'Deployment') spec.template.spec.imagePullSecrets = [{ name: 'registry' }];
    change?.(manifests);
  };
const DOCKER = { template: { type: 'kubernetes.io/dockerconfigjson' } };

/** A bundle that the worker mounts, and trusts. */
const bundle =
  (spec: Manifest, labels: Manifest = {}, items?: Manifest[]) =>
  (manifests: Manifest[]) => {
    const name = homeOf(manifests);
    const there = manifests.find((one) => one.kind === 'Namespace' && one.metadata.name === name);
    const namespace = there ?? { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
    if (!there) manifests.push(namespace);
    namespace.metadata.labels = labels;
    manifests.push({
      apiVersion: 'trust.cert-manager.io/v1alpha1',
      kind: 'Bundle',
      metadata: { name: 'roots' },
      spec: {
        sources: [{ useDefaultCAs: true }],
        target: { configMap: { key: 'ca.pem' } },
        ...spec,
      },
    });
    const pod = worker(manifests).spec.template.spec;
    pod.volumes.push({ name: 'roots', configMap: { name: 'roots', ...(items && { items }) } });
    const [container] = pod.containers;
    container.volumeMounts.push({ name: 'roots', mountPath: '/etc/roots' });
    container.env = [
      ...(container.env ?? []).filter(({ name: own }: Manifest) => own !== 'SSL_CERT_FILE'),
      { name: 'SSL_CERT_FILE', value: '/etc/roots/ca.pem' },
    ];
  };
const TARGET = { configMap: { key: 'ca.pem' } };
const withSelector = (labels: Manifest, own: Manifest) =>
  bundle({ target: { ...TARGET, namespaceSelector: { matchLabels: labels } } }, own);

const authority =
  (spec: Manifest) =>
  (manifests: Manifest[]): void => {
    manifests.push(
      {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Issuer',
        metadata: { name: 'inner', namespace: 'certs' },
        spec: { ca: { secretName: 'inner-ca' } },
      },
      {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { name: 'inner-ca', namespace: 'certs' },
        spec: {
          secretName: 'inner-ca',
          commonName: 'inner',
          issuerRef: { name: 'outer', group: 'other.example.net', kind: 'OuterIssuer' },
          ...spec,
        },
      },
    );
  };

const scaled =
  (spec: Manifest, keys: Manifest[] = [{ parameter: 'apiKey', name: 'engine', key: 'token' }]) =>
  (manifests: Manifest[]) => {
    const namespace = homeOf(manifests);
    const { metadata } = worker(manifests);
    delete worker(manifests).spec.replicas;
    manifests.push(
      STORE,
      external('engine', namespace),
      {
        apiVersion: 'keda.sh/v1alpha1',
        kind: 'TriggerAuthentication',
        metadata: { name: 'engine', namespace },
        spec: { secretTargetRef: keys },
      },
      {
        apiVersion: 'keda.sh/v1alpha1',
        kind: 'ScaledObject',
        metadata: { name: 'worker', namespace },
        spec: { scaleTargetRef: { name: metadata.name }, minReplicaCount: 1, ...spec },
      },
    );
  };
const cron = (authenticationRef: Manifest) => ({
  triggers: [{ type: 'cron', metadata: { desiredReplicas: '3' }, authenticationRef }],
});
const CPU = { type: 'cpu', metricType: 'Utilization', metadata: { value: '60' } };
const requesting = (plant: (manifests: Manifest[]) => void) => (manifests: Manifest[]) => {
  for (const container of worker(manifests).spec.template.spec.containers)
    container.resources = { requests: { cpu: '100m' } };
  plant(manifests);
};

/** An autoscaler of the worker by a metric, and what else is to go with it. */
const byMetric = (metric: Manifest, ...more: Manifest[]) =>
  requesting((manifests) => {
    const { name, namespace } = worker(manifests).metadata;
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name };
    delete worker(manifests).spec.replicas;
    manifests.push({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'by-metric', namespace },
      spec: { scaleTargetRef: target, maxReplicas: 9, metrics: [metric] },
    });
    for (const spec of more)
      manifests.push({
        apiVersion: 'autoscaling.k8s.io/v1',
        kind: 'VerticalPodAutoscaler',
        metadata: { name: 'sizes', namespace },
        spec: { targetRef: target, ...spec },
      });
  });
const SHARE = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } };
const OF_CPU = { type: 'Resource', resource: SHARE };
const inContainer = (container: string) => ({
  type: 'ContainerResource',
  containerResource: { ...SHARE, container },
});

await plantEach([
  fine('a store of the cluster', storeRef({ kind: 'ClusterSecretStore', name: 'vault' })),
  fine('a store of other manifests', storeRef({ kind: 'SecretStore', name: 'aws' })),
  wrong('reference-missing')('a store without its kind', storeRef({ name: 'vault' })),
  wrong('reference-missing')(
    'a store that is misspelled',
    storeRef({ kind: 'ClusterSecretStore', name: 'valut' }),
  ),
  doubtful('reference-missing')('keys for a Secret that nothing makes', (manifests) => {
    const target = { name: 'nobody', creationPolicy: 'Merge' };
    manifests.push(STORE, external('other', homeOf(manifests), { target }));
  }),
  fine('keys for a Secret that is there', (manifests) => {
    const namespace = homeOf(manifests);
    const target = { name: 'somebody', creationPolicy: 'Merge' };
    manifests.push(
      STORE,
      external('other', namespace, { target }),
      external('somebody', namespace),
    );
  }),
  fine('a Secret for images', pulling(DOCKER)),
  doubtful('pod-reference-missing')('a Secret for images of no type', pulling({})),
  doubtful('pod-reference-missing')(
    'one pod names another Secret for images than the rest',
    pulling(DOCKER, (manifests) => {
      worker(manifests).spec.template.spec.imagePullSecrets = [{ name: 'regcred' }];
    }),
  ),
  fine('a bundle', bundle({})),
  fine('a bundle for namespaces with a label', withSelector({ trust: 'yes' }, { trust: 'yes' })),
  wrong('pod-reference-missing')(
    'a bundle for namespaces with another label',
    withSelector({ trust: 'yes' }, {}),
  ),
  wrong('program-files')(
    'a bundle under another key',
    bundle({ target: { configMap: { key: 'x.pem' } } }),
  ),
  changeIn(STREAMS, 'pod-reference-missing')(
    'an item of the volume names another key',
    bundle({ target: { configMap: { key: 'x.pem' } } }, {}, [{ key: 'ca.pem', path: 'ca.pem' }]),
  ),
  // Where no namespace is written, it may be that one.
  changeIn(
    ['production'],
    'reference-missing',
    'warning',
  )('a source of a bundle beside the pods', (manifests) => {
    manifests.push(STORE, external('company-root', homeOf(manifests)));
    bundle({ sources: [{ secret: { name: 'company-root', key: 'token' } }] })(manifests);
  }),
  fine('a source of a bundle beside trust-manager', (manifests) => {
    manifests.push(STORE, external('company-root', 'cert-manager'));
    bundle({ sources: [{ secret: { name: 'company-root', key: 'token' } }] })(manifests);
  }),
  fine('an authority', authority({ isCA: true })),
  wrong('issuer-secret-missing')('an authority that is none', authority({})),
  wrong('certificate-settings')('days', authority({ isCA: true, duration: '3650d' })),
  wrong('reference-missing')('an issuer of the old group', (manifests) => {
    authority({ isCA: true })(manifests);
    manifests.push({
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'leaf', namespace: 'certs' },
      spec: {
        secretName: 'leaf',
        dnsNames: ['leaf.certs.svc'],
        issuerRef: { name: 'inner', kind: 'Issuer', group: 'certmanager.k8s.io' },
      },
    });
  }),
  fine('a trigger with its authentication', scaled(cron({ name: 'engine' }))),
  doubtful('autoscaler')('a trigger with another authentication', scaled(cron({ name: 'engin' }))),
  fine(
    'a trigger with one of the cluster',
    scaled(cron({ kind: 'ClusterTriggerAuthentication', name: 'x' })),
  ),
  wrong('autoscaler')(
    'a key that the Secret does not have',
    scaled(cron({ name: 'engine' }), [{ parameter: 'apiKey', name: 'engine', key: 'key' }]),
  ),
  doubtful('autoscaler')(
    'from zero by the processor',
    requesting(scaled({ minReplicaCount: 0, triggers: [CPU] })),
  ),
  fine('from one by the processor', requesting(scaled({ triggers: [CPU] }))),
  doubtful('autoscaler')(
    'a queue that nobody polls',
    scaled({ triggers: [{ type: 'temporal', metadata: { namespace: 'nowhere' } }] }),
  ),
  fine('a metric of the pods', byMetric(OF_CPU)),
  doubtful('autoscaler')(
    'a metric of a container that is not there',
    byMetric(inContainer('proxy')),
  ),
  fine('a metric of the container of a mesh', byMetric(inContainer('istio-proxy'))),
  doubtful('autoscaler')('requests that something else changes', byMetric(OF_CPU, {})),
  fine(
    'requests that something else would change',
    byMetric(OF_CPU, { updatePolicy: { updateMode: 'Off' } }),
  ),
  fine(
    'requests of memory that something else changes',
    byMetric(OF_CPU, {
      resourcePolicy: {
        containerPolicies: [{ containerName: '*', controlledResources: ['memory'] }],
      },
    }),
  ),
  fine('requests that a LimitRange gives', (manifests) => {
    byMetric(OF_CPU)(manifests);
    delete worker(manifests).spec.template.spec.containers[0].resources;
    manifests.push({
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'defaults', namespace: homeOf(manifests) },
      spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '50m' } }] },
    });
  }),
]);

test.run();
