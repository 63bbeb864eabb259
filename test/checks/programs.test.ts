/** What the configs of the programs say of each other, and of their pods: each failure beside the change that breaks nothing. */
import { test } from 'uvu';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { editDocument, find, type Manifest } from './support.ts';

const STREAMS = ['production', 'sound.yaml', 'sound-contour.yaml'] as const;

const manager = (edit: (document: Manifest) => void) => (manifests: Manifest[]) =>
  editDocument(manifests, 'controllermgr', 'base.yaml', edit);
const worker = (edit: (document: Manifest) => void) => (manifests: Manifest[]) =>
  editDocument(manifests, 'worker', 'base.yaml', edit);
const container = (manifests: Manifest[], name: string) =>
  find(manifests, 'Deployment', name).spec.template.spec.containers[0];
/** A config of the API server, where the stream has none. */
const apiConfig = (yaml: string) => (manifests: Manifest[]) => {
  const { metadata, spec } = find(manifests, 'Deployment', 'apiserver');
  manifests.push({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'apiserver-config', namespace: metadata.namespace },
    data: { 'base.yaml': `apiserver:\n  auth: {mode: k8s-rbac}\n  ${yaml}\n` },
  });
  spec.template.spec.volumes = [{ name: 'config', configMap: { name: 'apiserver-config' } }];
  spec.template.spec.containers[0].volumeMounts = [{ name: 'config', mountPath: '/config' }];
};
const taskPods = (data: Record<string, string>) => (manifests: Manifest[]) => {
  const { namespace } = find(manifests, 'Deployment', 'apiserver').metadata;
  const metadata = { name: 'michelangelo-config', namespace };
  manifests.push({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
};
const workflowClient = (more: Record<string, unknown> = {}) =>
  manager((root) => {
    root.workflowClient = {
      host: 'temporal-frontend.temporal:7233',
      provider: 'Temporal',
      domain: 'default',
      ...more,
    };
  });

const LISTEN: readonly PlantedChange[] = [
  {
    name: 'the metrics address has no colon',
    code: 'listen-address',
    in: STREAMS,
    plant: manager((root) => {
      root.controllermgr.metricsBindAddress = '8091';
    }),
  },
  {
    name: 'the metrics address is a number',
    code: 'listen-address',
    in: ['production'],
    plant: manager((root) => {
      root.controllermgr.metricsBindAddress = 8091;
    }),
  },
  {
    name: 'the metrics are switched off',
    in: ['sound.yaml'],
    plant: manager((root) => {
      root.controllermgr.metricsBindAddress = '0';
    }),
  },
  {
    name: 'the address is filled in at the start',
    in: STREAMS,
    plant: manager((root) => {
      const parts = ['$', '{METRICS_ADDRESS::8091}'];
      root.controllermgr.metricsBindAddress = parts.join('');
    }),
  },
  {
    name: 'health on another port than the one that is probed',
    code: 'listen-address',
    in: STREAMS,
    plant: manager((root) => {
      root.controllermgr.healthProbeBindAddress = ':8084';
    }),
  },
  {
    name: 'health on loopback, and a probe from outside',
    code: 'listen-address',
    in: STREAMS,
    plant: manager((root) => {
      root.controllermgr.healthProbeBindAddress = '127.0.0.1:8083';
    }),
  },
  {
    name: 'metrics and health on one port',
    code: 'listen-address',
    path: 'data[base.yaml].controllermgr.healthProbeBindAddress',
    in: ['sound.yaml'],
    plant: manager((root) => {
      root.controllermgr.metricsBindAddress = ':8083';
    }),
  },
  {
    name: 'metrics on loopback, behind a proxy of the pod',
    in: ['sound.yaml'],
    plant: manager((root) => {
      root.controllermgr.metricsBindAddress = '127.0.0.1:8091';
    }),
  },
  {
    name: 'the API server listens on the port of old',
    code: 'listen-address',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: apiConfig('yarpc: {host: 0.0.0.0, port: 14566}'),
  },
  {
    name: 'the API server listens on loopback',
    code: 'listen-address',
    in: ['sound.yaml'],
    plant: apiConfig('yarpc: {host: localhost, port: 15566}'),
  },
  {
    name: 'the API server listens on its port',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: apiConfig('yarpc: {host: 0.0.0.0, port: 15566}'),
  },
];

const PROBES: readonly PlantedChange[] = [
  {
    name: 'the controller manager is asked for a path of its health port',
    code: 'probe-unanswered',
    severity: 'warning',
    in: ['production'],
    plant: (manifests) => {
      container(manifests, 'controllermgr').livenessProbe = {
        httpGet: { path: '/healthz', port: 8083 },
      };
    },
  },
  {
    name: 'a probe over HTTP of the API server',
    code: 'probe-unanswered',
    in: ['production'],
    plant: (manifests) => {
      container(manifests, 'apiserver').readinessProbe = {
        httpGet: { path: '/healthz', port: 'grpc' },
      };
    },
  },
  {
    name: 'a health call of gRPC to the API server',
    code: 'probe-unanswered',
    severity: 'warning',
    in: ['production'],
    plant: (manifests) => {
      container(manifests, 'apiserver').readinessProbe = { grpc: { port: 15566 } };
    },
  },
  {
    name: 'a worker is probed',
    code: 'probe-unanswered',
    severity: 'warning',
    in: STREAMS,
    plant: (manifests) => {
      container(manifests, 'worker').livenessProbe = { httpGet: { path: '/healthz', port: 8083 } };
    },
  },
  {
    name: 'a sidecar of a worker is probed',
    in: STREAMS,
    plant: (manifests) => {
      find(manifests, 'Deployment', 'worker').spec.template.spec.containers.push({
        name: 'proxy',
        image: 'registry.example.com/proxy:1.2.3',
        readinessProbe: { httpGet: { path: '/ready', port: 15021 } },
      });
    },
  },
];

const ELECTION: readonly PlantedChange[] = [
  {
    name: 'three replicas without leader election',
    code: 'leader-election',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: (manifests) => {
      find(manifests, 'Deployment', 'controllermgr').spec.replicas = 3;
    },
  },
  {
    name: 'leader election is taken away',
    code: 'leader-election',
    in: ['production'],
    plant: manager((root) => {
      delete root.controllermgr.leaderElection;
    }),
  },
  {
    name: 'a lease that the Role does not name',
    code: 'leader-election',
    in: ['production', 'staging'],
    plant: manager((root) => {
      root.controllermgr.leaderElectionID = 'controllermgr.ml.example.com';
    }),
  },
  {
    name: 'one replica without leader election',
    in: ['production'],
    plant: (manifests) => {
      find(manifests, 'Deployment', 'controllermgr').spec.replicas = 1;
      manager((root) => {
        root.controllermgr.leaderElection = false;
      })(manifests);
    },
  },
];

const QUEUES: readonly PlantedChange[] = [
  {
    name: 'the controller manager starts workflows in a domain that no worker polls',
    code: 'engine-domain',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: workflowClient({ domain: 'ml' }),
  },
  {
    name: 'one domain for all',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: workflowClient({ taskList: 'default' }),
  },
  {
    name: 'the usual task list is polled by nobody',
    code: 'engine-domain',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: workflowClient({ taskList: 'defualt' }),
  },
  {
    name: "the worker's own client is in a domain that nobody polls",
    code: 'engine-domain',
    severity: 'warning',
    in: STREAMS,
    plant: worker((root) => {
      root['workflow-engine'].client = { domain: 'elsewhere' };
    }),
  },
  {
    name: 'a fixed list is polled in another domain',
    code: 'task-list-missing',
    severity: 'warning',
    in: ['production'],
    plant: worker((root) => {
      const { workers } = root['workflow-engine'];
      workers.find(({ taskList }: Manifest) => taskList === 'trigger_run').domain = 'old';
    }),
  },
  {
    name: 'one of the two speaks TLS to the engine',
    code: 'engine-differs',
    in: ['sound.yaml'],
    plant: workflowClient({ useTLS: true }),
  },
];

const logs = (logPersistence: Manifest) => (manifests: Manifest[]) =>
  editDocument(manifests, 'controller', 'base.yaml', (root) => {
    root.jobs = { k8sengine: { mapper: { logPersistence } } };
  });

const STORES: readonly PlantedChange[] = [
  ...[
    { storageEndpoint: 'http://minio.storage.svc:9000', s3DisableSSL: false },
    { storageEndpoint: 'https://s3.eu-west-1.amazonaws.com', s3DisableSSL: true },
    { storageEndpoint: 's3.eu-west-1.amazonaws.com', s3DisableSSL: true },
  ].map(
    (persistence): PlantedChange => ({
      name: `logs go to ${persistence.storageEndpoint} with s3DisableSSL: ${persistence.s3DisableSSL}`,
      code: 'store-plain',
      severity: 'warning',
      in: ['sound.yaml', 'sound-contour.yaml'],
      plant: logs(persistence),
    }),
  ),
  {
    name: 'logs go to port 443 without TLS',
    code: 'store-plain',
    in: ['sound.yaml'],
    plant: logs({ storageEndpoint: 'logs.acme.io:443', s3DisableSSL: true }),
  },
  ...[
    { storageEndpoint: 'https://s3.eu-west-1.amazonaws.com', s3DisableSSL: false },
    { storageEndpoint: 'https://s3.eu-west-1.amazonaws.com' },
    { storageEndpoint: 's3.eu-west-1.amazonaws.com', s3DisableSSL: false },
    { storageEndpoint: 'minio.storage.svc:9000', s3DisableSSL: true },
    { storageEndpoint: 'minio:9000' },
    { enabled: false, storageEndpoint: 'http://logs.example.com', s3DisableSSL: false },
  ].map(
    (persistence): PlantedChange => ({
      name: `logs: ${JSON.stringify(persistence)}`,
      in: ['sound.yaml', 'sound-contour.yaml'],
      plant: logs(persistence),
    }),
  ),
  {
    name: 'logs and programs say otherwise of one store',
    code: 'store-differs',
    in: ['sound.yaml'],
    plant: (manifests) => {
      worker((root) => {
        root.minio = { awsEndpointUrl: 'minio.storage.svc:9000' };
      })(manifests);
      logs({ storageEndpoint: 'https://minio.storage.svc:9000' })(manifests);
    },
  },
  {
    name: 'plain HTTP to a public store',
    code: 'store-plain',
    severity: 'warning',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: worker((root) => {
      root.minio = { awsRegion: 'eu-west-1', awsEndpointUrl: 's3.eu-west-1.amazonaws.com' };
    }),
  },
  {
    name: 'plain HTTP to port 443',
    code: 'store-plain',
    in: ['sound.yaml'],
    plant: worker((root) => {
      root.minio = { awsRegion: 'eu-west-1', awsEndpointUrl: 'store.internal.acme.io:443' };
    }),
  },
  {
    name: 'plain HTTP to a store in the cluster',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: worker((root) => {
      root.minio = {
        awsRegion: 'eu-west-1',
        awsEndpointUrl: 'minio.storage.svc.cluster.local:9000',
      };
    }),
  },
  {
    name: 'a public store with TLS',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: worker((root) => {
      const awsEndpointUrl = 's3.eu-west-1.amazonaws.com';
      root.minio = { awsRegion: 'eu-west-1', awsEndpointUrl, secure: true };
    }),
  },
  {
    name: 'task pods are told of a store without a scheme',
    code: 'store-url',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: taskPods({ AWS_ENDPOINT_URL: 's3.eu-west-1.amazonaws.com', AWS_REGION: 'eu-west-1' }),
  },
  {
    name: 'the address of the registry has a scheme',
    code: 'task-pods-address',
    in: ['sound.yaml'],
    plant: taskPods({
      REGISTRY_ENDPOINT: 'https://grpc.ml.acme.io:443',
      REGISTRY_INSECURE: 'false',
    }),
  },
];

const KEYS: readonly PlantedChange[] = [
  {
    name: 'a variable of task pods is misspelled',
    code: 'config-key',
    in: ['sound.yaml'],
    plant: taskPods({ REGISTRY_ENPOINT: 'grpc.ml.acme.io:443', REGISTRY_INSECURE: 'false' }),
  },
  {
    name: "a variable of task pods that is somebody's own",
    in: ['sound.yaml'],
    plant: taskPods({ REGISTRY_ENDPOINT_V2: 'x', REGISTRY_INSECURE: 'false' }),
  },
  {
    name: 'a letter in another case',
    code: 'config-key',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: worker((root) => {
      const engine = root['workflow-engine'];
      engine.Provider = engine.provider;
      delete engine.provider;
    }),
  },
  {
    name: 'a section inside of another',
    code: 'config-key',
    in: ['sound.yaml', 'sound-contour.yaml'],
    plant: worker((root) => {
      root.worker.minio = { awsRegion: 'eu-west-1' };
    }),
  },
  {
    name: 'a key of a newer image',
    in: STREAMS,
    plant: worker((root) => {
      root['workflow-engine'].maxConcurrentActivities = 20;
    }),
  },
  {
    name: 'limits of the API server inside of its section',
    code: 'config-key',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: apiConfig('k8s: {qps: 300, burst: 600}'),
  },
];

const ENVIRONMENTS: readonly PlantedChange[] = [
  {
    name: 'a link of the environment that was copied',
    code: 'environment-mixed',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: manager((root) => {
      root.notification = { studioBaseURL: 'https://studio.staging.acme.io' };
    }),
  },
  {
    name: 'a variable of the environment that was copied',
    code: 'environment-mixed',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: (manifests) => {
      container(manifests, 'worker').env = [
        { name: 'MLFLOW_URI', value: 'https://mlflow.ml-dev.acme.io' },
      ];
    },
  },
  {
    name: 'a host of the same domain, and of others',
    in: ['sound.yaml'],
    plant: (manifests) => {
      container(manifests, 'worker').env = [
        { name: 'MLFLOW_URI', value: 'https://mlflow.acme.io' },
        { name: 'INDEX', value: 'https://staging.example.org/simple' },
      ];
    },
  },
];

await plantEach([
  ...ENVIRONMENTS,
  ...KEYS,
  ...LISTEN,
  ...PROBES,
  ...ELECTION,
  ...QUEUES,
  ...STORES,
]);

test.run();
