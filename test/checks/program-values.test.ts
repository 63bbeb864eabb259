/** Values of configs at which a program ends, or that it takes for something else; each beside one that it reads. */
import { test } from 'uvu';
import { changeIn, plantEach } from './plant-each.ts';
import { editDocument, find, type Manifest } from './support.ts';

const STREAMS = ['production', 'sound.yaml'] as const;
const wrong = changeIn(STREAMS, 'program-value');
/** The one whose controller manager names an engine. */
const OWN = ['production'] as const;
const fine = changeIn(STREAMS, undefined);

const config = (program: string, edit: (document: Manifest) => void) => (manifests: Manifest[]) =>
  editDocument(manifests, program, 'base.yaml', edit);
const logging = (logging: Manifest) => config('worker', (root) => Object.assign(root, { logging }));
const region =
  (awsRegion: string, env: Manifest[] = []) =>
  (manifests: Manifest[]) => {
    config('worker', (root) => {
      root.minio = { ...root.minio, awsRegion };
    })(manifests);
    const [container] = find(manifests, 'Deployment', 'worker').spec.template.spec.containers;
    container.env = [...(container.env ?? []), ...env];
  };
const executions = (executionUrlFormat: string) =>
  config('controllermgr', (root) => {
    root.workflowClient = { ...root.workflowClient, executionUrlFormat };
  });
const studio = (studioBaseURL: string) =>
  config('controllermgr', (root) => {
    root.notification = { ...root.notification, studioBaseURL };
  });
const taskPods = (data: Manifest) => (manifests: Manifest[]) => {
  const known = manifests.find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'michelangelo-config',
  );
  Object.assign(known.data, data);
};
const keys = (useEnvAws: boolean) =>
  config('worker', (root) => {
    root.minio = { ...root.minio, useEnvAws };
  });
const engine = (section: Manifest) =>
  config('worker', (root) => {
    root['workflow-engine'] = { ...root['workflow-engine'], ...section };
  });
const k8s = (k8s: Manifest) => config('controllermgr', (root) => Object.assign(root, { k8s }));

await plantEach([
  wrong('a rate with a unit', k8s({ qps: '300/s', burst: 600 })),
  wrong('a rate in quotes', k8s({ qps: 300, burst: '600' })),
  wrong('a switch for a rate', k8s({ qps: true })),
  fine('rates that are numbers', k8s({ qps: 12.5, burst: 600 })),
  fine('a rate that is filled in', k8s({ qps: '${QPS:300}' })),
  fine('a rate without a value', k8s({ qps: null })),
  fine(
    'a rate in a config whose program reads none',
    config('worker', (root) => Object.assign(root, { k8s: { qps: '300/s' } })),
  ),
  wrong('task lists that are a map', engine({ workers: { domain: 'default', taskList: 'a' } })),
  wrong('a client that is a word', engine({ client: 'default' })),
  wrong('an engine that is a list', engine({ transport: ['grpc'] })),
  wrong('a switch in quotes', logging({ level: 'info', development: 'false' })),
  fine('a switch', logging({ level: 'info', development: false })),
  wrong(
    'a section that is a list',
    config('worker', (root) => {
      root.minio = [root.minio];
    }),
  ),
  fine('a task list that looks like a number', (manifests) => {
    const number = (list: Manifest[]) => list.push({ ...list[0], taskList: 7 });
    config('worker', (root) => {
      number(root['workflow-engine'].workers);
    })(manifests);
  }),
  wrong('a level of logs that there is not', logging({ level: 'verbose' })),
  fine('a level of logs in capitals', logging({ level: 'WARN' })),
  wrong('an encoding of logs that there is not', logging({ level: 'info', encoding: 'text' })),
  changeIn(
    STREAMS,
    'program-value',
    'warning',
  )('a variable that is not there', region('${REGION}')),
  fine('a variable with a default', region('${REGION:eu-central-1}')),
  fine(
    'a variable that is there',
    region('${REGION}', [{ name: 'REGION', value: 'eu-central-1' }]),
  ),
  wrong('keys from an environment without them', keys(true)),
  fine('keys from elsewhere', keys(false)),
  changeIn(OWN, 'program-value')(
    'a template that never ends',
    executions('https://t.example.com/{{.Domain}/x'),
  ),
  changeIn(
    OWN,
    'program-value',
    'warning',
  )('a field that is not filled in', executions('https://t.example.com/{{.WorkflowID}}')),
  changeIn(OWN, undefined)(
    'the fields that are filled in',
    executions('https://t.example.com/{{.Domain}}/{{ .ExecutionID }}'),
  ),
  wrong('a link without a scheme', studio('app.ml.example.com')),
  {
    name: 'a folder without a scheme',
    code: 'program-value',
    in: ['production'],
    plant: taskPods({ MA_FILE_SYSTEM: 's3:/default' }),
  },
  {
    name: 'a scheme that is not that of the store',
    code: 'program-value',
    severity: 'warning',
    in: ['production'],
    plant: taskPods({ MA_FILE_SYSTEM_S3_SCHEME: 'http' }),
  },
  {
    name: 'a mode of authentication with a slip',
    code: 'program-value',
    in: ['sound.yaml'],
    plant: (manifests) => {
      const { metadata, spec } = find(manifests, 'Deployment', 'apiserver');
      manifests.push({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'apiserver-config', namespace: metadata.namespace },
        data: { 'base.yaml': 'apiserver:\n  auth: {mode: k8s_rbac}\n' },
      });
      const { spec: pod } = spec.template;
      pod.volumes = [{ name: 'config', configMap: { name: 'apiserver-config' } }];
      pod.containers[0].volumeMounts = [{ name: 'config', mountPath: '/config' }];
    },
  },
  {
    name: 'a port of the API server in quotes',
    code: 'program-value',
    path: 'data[base.yaml].apiserver.yarpc.port',
    in: ['production'],
    plant: config('apiserver', (root) => {
      root.apiserver.yarpc.port = String(root.apiserver.yarpc.port);
    }),
  },
  {
    name: 'a section with an underscore',
    code: 'config-key',
    in: ['production'],
    plant: config('worker', (root) => {
      root.Logging = root.logging;
      delete root.logging;
    }),
  },
  {
    name: "the worker is given the controller manager's config",
    code: 'program-files',
    in: ['production'],
    plant: (manifests) => {
      const { spec } = find(manifests, 'Deployment', 'worker').spec.template;
      const other = find(manifests, 'Deployment', 'controllermgr').spec.template.spec;
      const named = (volumes: Manifest[]) => volumes.find(({ configMap }) => configMap);
      named(spec.volumes).configMap.name = named(other.volumes).configMap.name;
    },
  },
]);

test.run();
