/**
 * Values of configs that are of another type than the program reads: it ends when it starts.
 *
 * Sources: Michelangelo's `go/base/config/config.go`, `go/base/zapfx/config.go`, `go/base/blobstore/minio/config.go`,
 * `go/cmd/apiserver/config.go`, `go/api/crd/sync.go`, `go/storage/storage_config.go`, `go/controllermgr/config.go`,
 * `go/components/ray/cluster/config.go`, `go/worker/config.go` and `go/worker/workflowfx/config.go`; go.uber.org/config 1.4, which decodes with
 * yaml.v2: text is no number and no boolean, whatever it says, and what is a number or a boolean is taken where text belongs.
 */
import { isTemplated } from '../../net/addresses.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { type DocumentTarget, jsonOf } from '../../surface/parts.ts';
import { getIn, isObject, type Json } from '../../yaml/json.ts';

type Kind = 'number' | 'boolean' | 'text' | 'map' | 'list';
type Fields = Readonly<Record<string, Kind>>;

const K8S: Fields = { qps: 'number', burst: 'number' };
const MINIO: Fields = {
  awsRegion: 'text',
  secure: 'boolean',
  useIam: 'boolean',
  useEnvAws: 'boolean',
};
const ENGINE: Fields = { host: 'text', transport: 'text', provider: 'text', useTLS: 'boolean' };
const POLLER: Fields = { domain: 'text', taskList: 'text' };

/** Sections, with what the programs read in each. */
const SECTIONS: readonly (readonly [string, Fields])[] = [
  ['apiserver.yarpc', { host: 'text', port: 'number' }],
  ['apiserver.crdSync', { enableCRDUpdate: 'boolean', enableCRDDeletion: 'boolean' }],
  [
    'controllermgr',
    {
      metricsBindAddress: 'text',
      healthProbeBindAddress: 'text',
      leaderElection: 'boolean',
      leaderElectionID: 'text',
    },
  ],
  ['controllers.rayCluster', { k8sQps: 'number', k8sBurst: 'number' }],
  ['k8s', K8S],
  ['logging', { level: 'text', development: 'boolean', encoding: 'text' }],
  ['metadataStorage', { enableMetadataStorage: 'boolean', enableResourceVersionCache: 'boolean' }],
  ['minio', MINIO],
  ['worker', { maApiServiceName: 'text', useTLS: 'boolean' }],
  ['workflow-engine', { ...ENGINE, workers: 'list', client: 'map' }],
  ['workflow-engine.client', { domain: 'text' }],
  ['workflowClient', { ...ENGINE, domain: 'text', taskList: 'text' }],
];

/** The programs that read a section which any program may have: another one passes over it. */
const READERS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries<readonly string[]>({
    k8s: ['apiserver', 'controllermgr'],
    metadataStorage: ['apiserver', 'controllermgr'],
  }),
);

/** Of one config; fields with a check of their own, such as `worker.address`, are left to it. */
export function wrongTypes(target: DocumentTarget): Fault[] {
  const json = jsonOf(target);
  const places = SECTIONS.filter(([name]) => {
    const readers = READERS.get(name);
    return !readers || readers.some((reader) => getIn(json, [reader]) !== undefined);
  }).map(([name, fields]) => ({ path: name.split('.') as (string | number)[], fields }));
  const workers = getIn(json, ['workflow-engine', 'workers']);
  const pollers = (Array.isArray(workers) ? workers : []).map((_, index) => ({
    path: ['workflow-engine', 'workers', index],
    fields: POLLER,
  }));
  return [...places, ...pollers].flatMap(({ path, fields }) => {
    // What a section inside of another one has to be is among the fields of that one.
    const isField = path.length > 1 && path[0] === 'workflow-engine' && path[1] === 'client';
    return [
      ...(isField ? [] : judge(target, path, 'map')),
      ...Object.entries(fields).flatMap(([key, kind]) => judge(target, [...path, key], kind)),
    ];
  });
}

const NAMES: Readonly<Record<Kind, string>> = {
  number: 'a number',
  boolean: 'true or false',
  text: 'text',
  map: 'a map',
  list: 'a list',
};

const FIXES: Readonly<Record<Kind, string>> = {
  number: 'write the number without quotes and without a unit',
  boolean: 'write `true` or `false` without quotes',
  text: 'write one value',
  map: 'write its keys below it, each with its value',
  list: 'begin each item with `- `',
};

function judge(target: DocumentTarget, path: (string | number)[], kind: Kind): Fault[] {
  const value = getIn(jsonOf(target), path);
  if (value === undefined || value === null || isTaken(value, kind)) return [];
  const name = path.join('.');
  // Where it is no port at all, `listen-address` says so.
  if (name === 'apiserver.yarpc.port' && !/^\d+$/.test(String(value))) return [];
  const isNear = typeof value === 'string' && /^(?:true|false)$/i.test(value);
  return [
    inDocument(target, path, {
      message: `${name} is ${describe(value, kind)}, and the program reads ${NAMES[kind]} there`,
      fix:
        kind === 'boolean' && isNear
          ? `write \`${value.toLowerCase()}\` without quotes`
          : FIXES[kind],
    }),
  ];
}

function isTaken(value: Json, kind: Kind): boolean {
  if (kind === 'map') return isObject(value);
  if (kind === 'list') return Array.isArray(value);
  // What is filled in when the program starts is read as YAML only then.
  if (typeof value === 'string' && kind !== 'text')
    return isTemplated(value) || (kind === 'number' && /^\d[\d_]*_\d+$/.test(value));
  return typeof value === 'object' ? false : kind === 'text' || typeof value === kind;
}

function describe(value: Json, kind: Kind): string {
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'a map';
  if (typeof value !== 'string') return typeof value === 'number' ? 'a number' : 'true or false';
  if (kind === 'boolean' && /^(?:true|false)$/i.test(value))
    return `the string ${JSON.stringify(value)}`;
  return kind === 'number' && /^[\d.]+$/.test(value) ? 'a number in quotes, which is text' : 'text';
}
