/** What `new --compute-of` is going to write: the environment of a compute cluster, as it follows from that of its control plane. */
import { join } from 'node:path';
import type { ComputeCluster } from '../../config/generated/domain-config.ts';
import type { Settings } from '../../config/settings.ts';
import type { Json, JsonObject } from '../../yaml/json.ts';
import { printYaml } from '../../yaml/yaml.ts';
import { type Io, UsageError } from '../io.ts';
import { isOverlay } from '../overlays.ts';
import type { Asker } from '../questions.ts';
import { fieldsFromFlags } from './answers.ts';
import { baseSource, planBase, relativePath, schemaFor } from './base-copy.ts';
import { type ExampleNote, printCommented } from './commented-yaml.ts';
import { chooseCluster, readControlPlane } from './control-planes.ts';
import { domainConfig, schemaLine } from './domain-file.ts';
import type { OverlayFiles } from './folder.ts';
import type { EnvironmentNames } from './names.ts';
import type { NewOptions, Plan } from './plan.ts';
import { withFields } from './spec-fields.ts';

/** Flags of a control plane, each with the option that it sets. */
const NOT_FOR_COMPUTE: readonly [key: keyof NewOptions, flag: string][] = [
  ['from', '--from'],
  ['layout', '--layout'],
  ['domain', '--domain'],
  ['uiHost', '--ui-host'],
  ['tlsMode', '--tls-mode'],
  ['email', '--email'],
  ['acmeServer', '--acme-server'],
  ['port', '--port'],
  ['controller', '--controller'],
  ['gatewayClass', '--gateway-class'],
  ['namespace', '--namespace'],
  ['namePrefix', '--name-prefix'],
];

/** Where Michelangelo looks for what the environment has: no layer may move it. */
const NAMESPACE = 'default';

/** Writes nothing. Asks which cluster is meant where there are several and a terminal; throws `UsageError` where it cannot be told. */
export async function planForCompute(
  { environment, overlay, target }: Pick<EnvironmentNames, 'environment' | 'overlay' | 'target'>,
  shown: string,
  options: NewOptions,
  asker: Asker | undefined,
  io: Io,
): Promise<Plan> {
  const given = NOT_FOR_COMPUTE.filter(([key]) => options[key] !== undefined);
  if (given.length > 0)
    throw new UsageError(
      `--compute-of takes everything from the control plane: ${given.map(([, flag]) => flag).join(', ')} cannot go with it`,
      'leave it out; --set FIELD=VALUE sets what only this side has',
    );
  const control = readControlPlane(shown, io);
  const cluster = await chooseCluster(control, options.cluster, asker);
  const fields = fieldsFromFlags(options);
  const base = await planBase(options, asker, io);
  const folder = join(base.folder, 'compute');
  if (!isOverlay(join(baseSource(base), 'compute')))
    throw new UsageError(
      `${relativePath(io.cwd, folder)} is not there: the base has nothing for compute clusters`,
      "copy `compute` and `task-pods` of this package's base there, or name a base that has both with --base PATH",
    );
  const spec = withFields(specFrom(control.settings, cluster), fields);
  const config = [
    schemaLine(schemaFor(target, base, io.cwd)),
    `# The compute side of ${shown}: \`ma-overlays check ${shown} ${overlay}\` compares the two.`,
    printCommented(domainConfig(environment, spec), [
      'apiVersion',
      'kind',
      'metadata',
      { key: 'spec', fields: [...Object.keys(spec).filter(isNot(POLICIES.key)), POLICIES] },
    ]),
  ].join('\n');
  const files: OverlayFiles = new Map([
    ['kustomization.yaml', { content: kustomization(relativePath(target, folder)), mode: 0o644 }],
    ['domain.yaml', { content: config, mode: 0o644 }],
  ]);
  return {
    files,
    domainFile: 'domain.yaml',
    namespace: NAMESPACE,
    base,
    layout: undefined,
    fields,
    notes: trustNotes(control.settings),
    compute: { of: shown, cluster: cluster.name },
  };
}

/** A CA of one's own is known to nobody in another cluster. */
function trustNotes({ tlsMode, config, hosts }: Settings): string[] {
  if (tlsMode !== 'ca' && config.spec.tls?.trust === undefined) return [];
  return [
    `task pods have to trust the CA that signs ${hosts.api[0].host}: put it into their images, with SSL_CERT_FILE and GRPC_DEFAULT_SSL_ROOTS_FILE_PATH`,
  ];
}

/** What both sides have to say alike. */
function specFrom({ config, scheme }: Settings, cluster: ComputeCluster): JsonObject {
  const { domain, hosts, port, objectStore, taskPods, controlPlane } = config.spec;
  const { api, app, ui } = hosts ?? {};
  const own = { api, app, ui };
  const fields = {
    role: 'compute',
    computeCluster: cluster.name,
    domain,
    hosts: Object.values(own).some((host) => host !== undefined) ? own : undefined,
    port,
    tls: scheme === 'http' ? { mode: 'none' } : undefined,
    taskPods: taskPods?.configMap && { configMap: taskPods.configMap },
    objectStore,
    computeClusters: [cluster],
    controlPlane,
  };
  // Fields that are not set are left out.
  return JSON.parse(JSON.stringify(fields)) as Record<string, Json>;
}

const POLICIES: ExampleNote = {
  key: 'networkPolicies',
  comment:
    'Task pods may then reach these alone, beside DNS, the Kubernetes API of their cluster and each other.',
  example: {
    mode: 'restricted',
    egress: [
      { to: 'public-api', cidrs: ['198.51.100.20/32'] },
      { to: 'object-store', cidrs: ['192.0.2.0/24'] },
    ],
  },
};

const isNot = (key: string) => (other: string) => other !== key;

/** Neither a namespace nor a prefix: Michelangelo knows the names. */
function kustomization(base: string): string {
  return [
    printYaml({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' }),
    printYaml({ resources: [base] }),
    printYaml({ transformers: ['domain.yaml'] }),
  ].join('\n');
}
