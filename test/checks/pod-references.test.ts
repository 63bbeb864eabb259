/** ConfigMaps, Secrets, keys, volumes and accounts that pods name, beside the harmless change of the same kind. */
import { test } from 'uvu';
import { type PlantedChange, plantEach, type StreamName } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const ALL: readonly StreamName[] = ['production', 'onprem', 'sound.yaml', 'sound-contour.yaml'];
const CHARTS: readonly StreamName[] = ['sound.yaml', 'sound-contour.yaml'];

/** The pod of the workload whose name ends so. */
const podOf = (manifests: Manifest[], ending: string) =>
  find(manifests, 'Deployment', ending).spec.template.spec;
const podWith = (ending: string, plant: (pod: Manifest) => void) => (manifests: Manifest[]) =>
  plant(podOf(manifests, ending));
const configOf = (pod: Manifest) =>
  pod.volumes.find((volume: Manifest) => volume.configMap).configMap;
const add = (manifests: Manifest[], beside: Manifest, manifest: Manifest) => {
  const { namespace } = beside.metadata;
  manifests.push({
    apiVersion: 'v1',
    ...manifest,
    metadata: { ...(namespace ? { namespace } : {}), ...manifest.metadata },
  });
};
const secretFor = (name: string, secret: Manifest) => (manifests: Manifest[]) => {
  const worker = find(manifests, 'Deployment', 'worker');
  const [container] = worker.spec.template.spec.containers;
  container.env = [
    ...(container.env ?? []),
    { name: 'KEY', valueFrom: { secretKeyRef: { name, key: 'accesskey' } } },
  ];
  if (secret) add(manifests, worker, secret);
};

const CONFIG_MAPS: readonly PlantedChange[] = [
  {
    name: "Envoy's ConfigMap with something behind its name",
    code: 'pod-reference-missing',
    in: ['production', 'sound.yaml'],
    plant: podWith('envoy', (pod) => {
      // Without a hash, as by hand.
      configOf(pod).name = `${configOf(pod).name.replace(/-[a-z0-9]{10}$/, '')}-v1`;
    }),
  },
  {
    name: 'the prefix is lost',
    code: 'pod-reference-missing',
    in: ['sound.yaml'],
    plant: podWith('worker', (pod) => {
      configOf(pod).name = 'ma-worker';
    }),
  },
  {
    name: 'nothing has such a name',
    code: 'pod-reference-missing',
    severity: 'warning',
    in: CHARTS,
    plant: podWith('apiserver', (pod) => {
      pod.volumes = [{ name: 'extra', configMap: { name: 'descriptors' } }];
    }),
  },
  {
    name: 'a claim that nothing makes',
    code: 'pod-reference-missing',
    severity: 'warning',
    in: CHARTS,
    plant: podWith('worker', (pod) => {
      pod.volumes.push({ name: 'scratch', persistentVolumeClaim: { claimName: 'scratch' } });
    }),
  },
  {
    name: 'a claim that is there',
    in: CHARTS,
    plant: (manifests) => {
      const worker = find(manifests, 'Deployment', 'worker');
      const claim = { claimName: 'scratch' };
      worker.spec.template.spec.volumes.push({ name: 'scratch', persistentVolumeClaim: claim });
      add(manifests, worker, { kind: 'PersistentVolumeClaim', metadata: { name: 'scratch' } });
    },
  },
  {
    name: 'the pods start without it',
    in: CHARTS,
    plant: podWith('apiserver', (pod) => {
      pod.volumes = [{ name: 'extra', configMap: { name: 'descriptors', optional: true } }];
    }),
  },
  {
    name: 'what every namespace has, and what trust-manager makes',
    in: CHARTS,
    plant: (manifests) => {
      podOf(manifests, 'apiserver').volumes = [
        { name: 'api', projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }] } },
        { name: 'trust', configMap: { name: 'corporate', items: [{ key: 'ca.pem', path: 'ca' }] } },
      ];
      manifests.push({
        apiVersion: 'trust.cert-manager.io/v1alpha1',
        kind: 'Bundle',
        metadata: { name: 'corporate' },
        spec: { sources: [], target: { configMap: { key: 'ca.pem' } } },
      });
    },
  },
  {
    name: 'it is in another namespace',
    code: 'pod-reference-missing',
    in: ['sound-contour.yaml'],
    plant: (manifests) => {
      find(manifests, 'ConfigMap', 'controllermgr').metadata.namespace = 'jobs';
    },
  },
  {
    name: "another program's pods read what is made elsewhere",
    in: ALL,
    plant: (manifests) => {
      manifests.push({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'notebook', namespace: 'notebooks' },
        spec: {
          template: {
            metadata: { labels: { app: 'notebook' } },
            spec: {
              serviceAccountName: 'notebook',
              containers: [{ name: 'main', envFrom: [{ configMapRef: { name: 'settings' } }] }],
            },
          },
        },
      });
    },
  },
];

const KEYS: readonly PlantedChange[] = [
  {
    name: 'a key in `items` that is not there',
    code: 'pod-reference-missing',
    in: ALL,
    plant: podWith('worker', (pod) => {
      configOf(pod).items = [{ key: 'base.yml', path: 'base.yaml' }];
    }),
  },
  {
    name: 'a key in `items` that is there',
    in: ALL,
    plant: podWith('worker', (pod) => {
      configOf(pod).items = [{ key: 'base.yaml', path: 'base.yaml' }];
    }),
  },
  {
    name: 'a `subPath` that is no key',
    code: 'pod-reference-missing',
    in: CHARTS,
    plant: podWith('ui', (pod) => {
      pod.containers[0].volumeMounts[0].subPath = 'configuration.json';
    }),
  },
  {
    name: 'a `subPath` that `items` makes',
    in: CHARTS,
    plant: podWith('ui', (pod) => {
      configOf(pod).items = [{ key: 'config.json', path: 'public/config.json' }];
      pod.containers[0].volumeMounts[0].subPath = 'public/config.json';
    }),
  },
];

const SECRETS: readonly PlantedChange[] = [
  {
    name: 'a Secret that is made elsewhere',
    in: ALL,
    plant: secretFor('store-keys', undefined),
  },
  {
    name: 'a Secret with a name that is one letter off',
    code: 'pod-reference-missing',
    in: ALL,
    plant: secretFor('store-keys', {
      kind: 'Secret',
      metadata: { name: 'store-key' },
      stringData: { accesskey: 'x' },
    }),
  },
  {
    name: 'a SealedSecret makes it',
    in: ALL,
    plant: secretFor('store-keys', {
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: { name: 'store-keys' },
      spec: { encryptedData: { accesskey: 'x' } },
    }),
  },
  {
    name: 'an ExternalSecret makes it under another name',
    code: 'pod-reference-missing',
    in: ALL,
    plant: secretFor('store-keys', {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 'store-keys' },
      spec: { target: { name: 'store-keys-live' }, dataFrom: [{}] },
    }),
  },
  {
    name: 'an ExternalSecret makes it without the key',
    code: 'pod-reference-missing',
    in: ALL,
    plant: secretFor('store-keys', {
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 'store-keys' },
      spec: { data: [{ secretKey: 'access-key' }] },
    }),
  },
];

const VOLUMES: readonly PlantedChange[] = [
  {
    name: 'a mount without a volume',
    code: 'pod-reference-missing',
    in: ALL,
    plant: podWith('worker', (pod) => {
      pod.containers[0].volumeMounts.push({ name: 'cache', mountPath: '/cache' });
    }),
  },
  {
    name: 'two volumes at one place',
    code: 'pod-reference-missing',
    in: CHARTS,
    plant: podWith('worker', (pod) => {
      pod.volumes.push({ name: 'cache', emptyDir: {} });
      pod.containers[0].volumeMounts.push({ name: 'cache', mountPath: '/config' });
    }),
  },
  {
    name: 'a claim of a StatefulSet',
    in: CHARTS,
    plant: (manifests) => {
      const worker = find(manifests, 'Deployment', 'worker');
      worker.kind = 'StatefulSet';
      worker.spec.volumeClaimTemplates = [{ metadata: { name: 'cache' }, spec: {} }];
      worker.spec.template.spec.containers[0].volumeMounts.push({
        name: 'cache',
        mountPath: '/cache',
      });
    },
  },
  {
    name: 'an account that is one letter off',
    code: 'pod-reference-missing',
    in: ['sound-contour.yaml'],
    plant: (manifests) => {
      const account = find(manifests, 'ServiceAccount');
      account.metadata.name = 'ml-api';
      podOf(manifests, 'apiserver').serviceAccountName = 'ml-apo';
    },
  },
  {
    name: 'an account that is made elsewhere',
    in: CHARTS,
    plant: podWith('apiserver', (pod) => {
      pod.serviceAccountName = 'workload-identity';
    }),
  },
];

const ACCOUNTS: readonly PlantedChange[] = [
  {
    name: 'an account that nothing here is called',
    code: 'pod-reference-missing',
    severity: 'warning',
    in: ['production'],
    plant: podWith('apiserver', (pod) => {
      pod.serviceAccountName = 'api';
    }),
  },
  {
    name: 'a role for an account that is one letter off',
    code: 'role-binding',
    severity: 'warning',
    in: ['production'],
    plant: (manifests) => {
      find(manifests, 'ClusterRoleBinding', 'apiserver').subjects[0].name = 'michelangelo-apiservr';
    },
  },
  {
    name: 'a role for a user with the name of an account',
    code: 'role-binding',
    severity: 'warning',
    in: ['production'],
    plant: (manifests) => {
      find(manifests, 'ClusterRoleBinding', 'apiserver').subjects[0].kind = 'User';
    },
  },
  {
    name: 'a Role for the whole cluster',
    code: 'role-binding',
    in: ['production'],
    plant: (manifests) => {
      find(manifests, 'ClusterRoleBinding', 'apiserver').roleRef.kind = 'Role';
    },
  },
  {
    name: 'a role for an account of other manifests',
    in: ['production'],
    plant: (manifests) => {
      find(manifests, 'ClusterRoleBinding', 'apiserver').subjects.push({
        kind: 'ServiceAccount',
        name: 'michelangelo-apiserver-2',
        namespace: 'michelangelo',
      });
    },
  },
];

const container = (change: Manifest) =>
  podWith('worker', (pod) => {
    Object.assign(pod.containers[0], change);
  });
const VARIABLES: readonly PlantedChange[] = [
  {
    name: 'an argument with a variable that is not there',
    code: 'pod-reference-missing',
    severity: 'warning',
    in: CHARTS,
    plant: container({ args: ['--id=$(POD_NAME)'], env: [] }),
  },
  {
    name: 'a misspelled variable',
    code: 'pod-reference-missing',
    in: CHARTS,
    plant: container({ args: ['--id=$(PODNAME)'], env: [{ name: 'POD_NAME', value: 'a' }] }),
  },
  {
    name: 'a variable that comes later',
    code: 'pod-reference-missing',
    in: CHARTS,
    plant: container({
      env: [
        { name: 'ADDRESS', value: '$(POD_IP):80' },
        { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      ],
    }),
  },
  {
    name: 'variables that are there, of a Service, of a shell, and what is no variable',
    in: CHARTS,
    plant: container({
      args: ['--id=$(POD_IP)', '$(MA_ENVOY_SERVICE_HOST)', '$$(NOT_ONE)', '$(nor this)'],
      env: [
        { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        { name: 'ADDRESS', value: '$(POD_IP):80' },
      ],
      lifecycle: { preStop: { exec: { command: ['sh', '-c', 'echo $(HOSTNAME)'] } } },
    }),
  },
  {
    name: 'whatever a Secret of others has',
    in: CHARTS,
    plant: container({ args: ['$(TOKEN)'], envFrom: [{ secretRef: { name: 'of-others' } }] }),
  },
];

await plantEach([...CONFIG_MAPS, ...KEYS, ...SECRETS, ...VOLUMES, ...ACCOUNTS, ...VARIABLES]);

test.run();
