/**
 * The keys that programs read.
 *
 * Source: Michelangelo's `go/worker/config.go`, `go/worker/workflowfx/config.go`, `go/base/config/config.go`,
 * `go/base/blobstore/minio/config.go`, `go/controllermgr/config.go`, `go/cmd/apiserver/config.go`, and its Helm chart.
 */
export const CONFIG_KEYS: Readonly<Record<string, readonly string[]>> = {
  worker: ['address', 'maApiServiceName', 'useTLS'],
  'workflow-engine': ['host', 'transport', 'provider', 'useTLS', 'workers', 'client'],
  workflowClient: [
    'service',
    'host',
    'transport',
    'domain',
    'taskList',
    'provider',
    'useTLS',
    'executionUrlFormat',
  ],
  minio: [
    'awsRegion',
    'awsAccessKeyId',
    'awsSecretAccessKey',
    'awsEndpointUrl',
    'secure',
    'useEnvAws',
    'useIam',
  ],
  controllermgr: [
    'metricsBindAddress',
    'healthProbeBindAddress',
    'leaderElection',
    'leaderElectionID',
  ],
  notification: ['taskList', 'studioBaseURL', 'senderEmail'],
  k8s: ['qps', 'burst'],
};

/** The same of the items of `workflow-engine.workers`. */
export const POLLER_KEYS = ['domain', 'taskList'];

/** Sections whose keys are not read here. */
export const OTHER_SECTIONS = [
  'apiserver',
  'controllers',
  'ingester',
  'inferenceServer',
  'jobs',
  'logging',
  'metadataStorage',
  'mysql',
];
