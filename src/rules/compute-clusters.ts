/**
 * `computeClusters` → a `Cluster` for each, and the right to read the Secrets that they name: upstream's code looks for both in namespaces of
 * its own, which no layer of an overlay moves. The Secrets are never made here: a config is no place for a token.
 */
import type { ComputeCluster } from '../config/compute-clusters.ts';
import type { Problem } from '../errors.ts';
import {
  CLUSTER_SECRETS_NAMESPACE,
  CLUSTERS_NAMESPACE,
  type ClusterConnection,
  clusterSecrets,
  clusterSpec,
  connectionOf,
  connectionPath,
} from '../manifests/cluster.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { shortName } from '../manifests/short-name.ts';
import { serviceAccountOf } from '../manifests/workload.ts';
import type { Surface } from '../surface/surface.ts';
import type { JsonObject } from '../yaml/json.ts';
import { type Addition, NOTHING, type Rule } from './rule.ts';
import { metadataFrom } from './served-by.ts';

const FIELD = 'spec.computeClusters';

/**
 * The API server makes the kind when it starts: without this Argo CD would refuse the whole environment before the first start.
 * Source: Argo CD, "Sync Options", "Skip Dry Run for new custom resources types".
 */
const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
const SKIP_DRY_RUN = 'SkipDryRunOnMissingResource=true';

export const computeClusters: Rule = ({ settings, surface }) => {
  if (settings.computeClusters.length === 0) return NOTHING;
  const managers = surface.mounting(surface.controllerManagers);
  const [served] = managers;
  const problems: Problem[] = [];
  const additions: Addition[] = [];
  const secrets = new Set<string>();
  const given = settings.config.metadata.annotations?.[SYNC_OPTIONS];
  const options = given === undefined ? SKIP_DRY_RUN : `${given},${SKIP_DRY_RUN}`;
  for (const cluster of settings.computeClusters) {
    const wanted = connectionTo(cluster);
    const existing = clusterNamed(cluster.name, surface);
    if (existing) problems.push(...otherThan(existing, wanted, cluster));
    else
      additions.push({
        field: cluster.field,
        json: {
          apiVersion: 'michelangelo.api/v2',
          kind: 'Cluster',
          metadata: fixed(served, cluster.name, CLUSTERS_NAMESPACE, { [SYNC_OPTIONS]: options }),
          spec: clusterSpec(wanted),
        },
      });
    // One that is there already may name others.
    const { tokenTag, caDataTag } = existing ? connectionOf(existing) : wanted;
    for (const name of [tokenTag, caDataTag]) secrets.add(name);
  }
  const access = accessTo([...secrets], managers, settings.name, surface);
  return {
    edits: [],
    problems: [...problems, ...access.problems],
    additions: [...additions, ...access.additions],
  };
};

/** Host with scheme, and port apart: upstream's own examples and its sandbox write them so. */
function connectionTo({ name, host, port }: ComputeCluster): ClusterConnection {
  return { host: `https://${host}`, port: String(port), ...clusterSecrets(name) };
}

function clusterNamed(name: string, { manifests }: Surface): Resource | undefined {
  return manifests
    .find(['Cluster'], [name])
    .find(
      (cluster) => cluster.name === name && sameNamespace(cluster.namespace, CLUSTERS_NAMESPACE),
    );
}

/** One of the input stays as it is, with all that the config has no field for, if it leads to the same place. */
function otherThan(
  existing: Resource,
  wanted: ClusterConnection,
  { field }: ComputeCluster,
): Problem[] {
  const found = connectionOf(existing);
  const place = ({ host, port }: ClusterConnection) => `${host}:${port}`;
  const problem = (path: string, words: Pick<Problem, 'found' | 'expected' | 'fix'>): Problem => ({
    code: 'name-taken',
    severity: 'error',
    message: `this Cluster of the input is another than \`${field}\``,
    resource: existing.reference,
    path,
    ...words,
  });
  const isElsewhere = place(found) !== place(wanted);
  const missing = (['tokenTag', 'caDataTag'] as const).filter((key) => found[key] === '');
  return [
    ...(isElsewhere
      ? [
          problem(connectionPath('host'), {
            found: `\`${place(found)}\``,
            expected: `\`${place(wanted)}\``,
            fix: `correct \`${field}.server\`, or take the Cluster out of the input: the function makes it`,
          }),
        ]
      : []),
    ...missing.map((key) =>
      problem(connectionPath(key), {
        found: 'nothing',
        expected: `the name of a Secret, for instance \`${wanted[key]}\``,
        fix: 'write it, or take the Cluster out of the input: the function makes it',
      }),
    ),
  ];
}

/** `get` on exactly these Secrets, for the ServiceAccounts of the controller manager's pods. */
function accessTo(
  secrets: readonly string[],
  managers: readonly Resource[],
  environment: string,
  surface: Surface,
): { additions: Addition[]; problems: Problem[] } {
  const [served] = managers;
  if (!served) return { additions: [], problems: [nobody(surface, secrets)] };
  const accounts = new Map(
    managers.map((workload) => {
      const { name, namespace } = accountOf(workload, surface);
      return [`${namespace}/${name}`, { workload, name, namespace }];
    }),
  );
  const name = shortName(`michelangelo-${environment}-cluster-secrets`);
  const metadata = fixed(served, name, CLUSTER_SECRETS_NAMESPACE);
  const apiGroup = 'rbac.authorization.k8s.io';
  const role: JsonObject = {
    apiVersion: `${apiGroup}/v1`,
    kind: 'Role',
    metadata,
    rules: [
      { apiGroups: [''], resources: ['secrets'], resourceNames: [...secrets], verbs: ['get'] },
    ],
  };
  const binding: JsonObject = {
    apiVersion: `${apiGroup}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup, kind: 'Role', name },
    subjects: [...accounts.values()].map((account) => ({
      kind: 'ServiceAccount',
      name: account.name,
      namespace: account.namespace,
    })),
  };
  return {
    additions: [role, binding].map((json) => ({ json, field: FIELD })),
    problems: [...accounts.values()].flatMap(accountProblems),
  };
}

interface Account {
  workload: Resource;
  name: string;
  namespace: string;
}

/** The ServiceAccount by its final name: kustomize follows a prefix in the pods' reference after the function. */
function accountOf(workload: Resource, { manifests }: Surface): Omit<Account, 'workload'> {
  const { namespace } = workload;
  const written = serviceAccountOf(workload);
  return {
    name: manifests.named('ServiceAccount', written, namespace)?.name ?? written,
    namespace,
  };
}

function accountProblems({ workload, name, namespace }: Account): Problem[] {
  if (namespace === '')
    return [
      {
        code: 'target-missing',
        severity: 'error',
        message:
          'the controller manager has no namespace in this build, and the right to read the Secrets of compute clusters is given to a ServiceAccount of a namespace',
        resource: workload.reference,
        path: 'metadata.namespace',
        expected: 'the namespace that it runs in',
        fix: 'set `namespace` in the kustomization of the overlay',
      },
    ];
  if (name !== 'default') return [];
  return [
    {
      code: 'cluster-access',
      severity: 'warning',
      message: `the controller manager's pods have no ServiceAccount of their own: every pod of namespace ${namespace} without one may read the Secrets of compute clusters`,
      resource: workload.reference,
      expected: 'a ServiceAccount that no other pods use',
      fix: 'give the pods a `serviceAccountName`',
    },
  ];
}

function nobody({ controllerManagers }: Surface, secrets: readonly string[]): Problem {
  const [config] = controllerManagers;
  return {
    code: 'cluster-access',
    severity: 'warning',
    message:
      "no pods of the controller manager are in this build, so that nobody is given the right to read the compute clusters' Secrets",
    ...(config ? { resource: config.resource.reference } : {}),
    expected: "the controller manager's workload, with its ServiceAccount",
    fix: `add it to this kustomization, or give its ServiceAccount \`get\` on Secrets ${secrets.join(', ')} in namespace ${CLUSTER_SECRETS_NAMESPACE}`,
  };
}

/** With the labels of what is served, where there is something, in a namespace that upstream's code fixes. */
function fixed(
  served: Resource | undefined,
  name: string,
  namespace: string,
  annotations: Readonly<Record<string, string>> = {},
): JsonObject {
  const metadata = served ? metadataFrom(served, name, annotations) : { name, annotations };
  return { ...metadata, namespace };
}
