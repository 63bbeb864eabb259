/**
 * The keys that upstream's programs read, section by section: a section is what one `Populate` call gets, and go.uber.org/config reads it
 * strictly. A key that is not listed stops the program at start; a section that is not listed is not read at all.
 *
 * Source: github.com/michelangelo-ai/michelangelo at cbf5720 (2026-04-30), the structs in the files named here. Its three programs were built
 * and started with these configs, with the roles of this base: see docs/upstream-programs.md.
 */
export type Sections = Readonly<Record<string, readonly string[]>>;

/** go/base/config/config.go */
const k8s = ['qps', 'burst'];

/** go/storage/storage_config.go */
const metadataStorage = ['enableMetadataStorage', 'deletionDelay', 'enableResourceVersionCache'];

/** go/base/blobstore/minio/config.go; `useEnvAws` goes before `useIam`. */
const minio = [
  ...['awsRegion', 'awsEndpointUrl', 'secure', 'useEnvAws', 'useIam'],
  ...['awsAccessKeyId', 'awsSecretAccessKey'],
];

/** go/base/zapfx/config.go */
const logging = ['level', 'development', 'encoding'];

export const SECTIONS: Readonly<Record<string, Sections>> = {
  apiserver: {
    /** go/cmd/apiserver/config.go */
    'apiserver.yarpc': ['host', 'port'],
    /** go/api/crd/sync.go */
    'apiserver.crdSync': [
      ...['enableCRDUpdate', 'enableCRDDeletion', 'skipIncompatibleCheck'],
      'crdVersions',
    ],
    k8s,
    metadataStorage,
    logging,
  },
  controllermgr: {
    /** go/controllermgr/config.go */
    controllermgr: [
      ...['metricsBindAddress', 'healthProbeBindAddress'],
      ...['leaderElection', 'leaderElectionID'],
    ],
    k8s,
    /** go/components/ray/cluster/config.go */
    'controllers.rayCluster': ['k8sQps', 'k8sBurst'],
    minio,
    metadataStorage,
    logging,
    /** go/base/config/config.go; any provider but `Temporal` is Cadence: go/base/workflowclient/module.go */
    workflowClient: [
      ...['service', 'host', 'transport', 'domain', 'taskList', 'provider', 'useTLS'],
      'executionUrlFormat',
    ],
  },
  worker: {
    /** go/worker/config.go */
    worker: ['address', 'maApiServiceName', 'useTLS'],
    /** go/worker/workflowfx/config.go */
    'workflow-engine': ['host', 'transport', 'provider', 'useTLS', 'workers', 'client'],
    'workflow-engine.workers': ['domain', 'taskList'],
    'workflow-engine.client': ['domain'],
    minio,
    logging,
  },
};
