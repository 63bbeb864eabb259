/**
 * `taskPods`, `hosts.api`, `objectStore` → the variables of `michelangelo-config`, and its name: task pods look for that one, whatever
 * prefix, suffix or hash a layer has put around it.
 *
 * Source: Michelangelo's `python/michelangelo/uniflow/plugins/ray/task.star`: `REGISTRY_INSECURE` is on unless it says `false`.
 */
import type { Settings } from '../config/settings.ts';
import type { Problem } from '../errors.ts';
import { Draft } from '../manifests/edit.ts';
import type { Resource } from '../manifests/resource.ts';
import { printAddress, readAddress } from '../net/addresses.ts';
import { jsonOf } from '../surface/parts.ts';
import { peersOf } from '../surface/peers.ts';
import { NEEDS_HASH } from '../surface/rollout.ts';
import type { Surface } from '../surface/surface.ts';
import { variableOf } from '../surface/task-pods.ts';
import { type ApiClient, addressReplaced, apiAddressFor, serviceProblems } from './api-address.ts';
import { FROM_BUILD, fromDrafts, NOTHING, type Rule } from './rule.ts';
import { workerClient } from './worker.ts';

export const taskPods: Rule = ({ settings, surface }) => {
  if (surface.taskPods.length === 0) return NOTHING;
  const client = taskPodClient(settings);
  // Workers on the Service have said the same.
  const isSaid = settings.apiAddress === 'service' && surface.workers.length > 0;
  const problems = isSaid ? [] : serviceProblems(client, settings, surface);
  const drafts = surface.taskPods.map((configMap) => {
    const draft = new Draft(configMap);
    writeName(draft, configMap, surface.taskPodsName);
    problems.push(...writeApi(draft, configMap, client, settings, surface));
    writeStore(draft, configMap, settings, surface);
    return draft;
  });
  return fromDrafts(drafts, problems);
};

/** How task pods are told to reach the API. */
export function taskPodClient(settings: Settings): ApiClient {
  const given = settings.config.spec.taskPods?.apiAddress;
  return {
    ...workerClient(settings),
    ...(given && { apiAddress: given, field: 'spec.taskPods.apiAddress' }),
    name: 'the task pods',
    otherwise: 'set spec.taskPods.apiAddress to public',
  };
}

/** kustomize follows the name in references of this build. One that is labelled has a name of its own. */
function writeName(draft: Draft, configMap: Resource, name: string): void {
  const wanted = configMap.role === '' ? name : configMap.originalName;
  draft.set(['metadata', 'name'], wanted, FROM_BUILD);
  for (const key of NEEDS_HASH) draft.remove(['metadata', 'annotations', key], FROM_BUILD);
}

function writeApi(
  draft: Draft,
  configMap: Resource,
  client: ApiClient,
  settings: Settings,
  surface: Surface,
): Problem[] {
  const set = (name: string, value: string, field: string) =>
    draft.set(['data', name], value, field);
  const written = variableOf(configMap, 'REGISTRY_ENDPOINT');
  const wanted = apiAddressFor(client, settings, surface, written);
  if (!wanted) return [];
  const problems = addressReplaced(
    configMap.reference,
    'data.REGISTRY_ENDPOINT',
    written,
    wanted,
    client,
  );
  set('REGISTRY_ENDPOINT', wanted.address, wanted.from);
  set('REGISTRY_INSECURE', String(!wanted.useTls), wanted.tlsFrom);
  if (draft.get(['data', 'MA_API_SERVER']) !== undefined)
    set('MA_API_SERVER', wanted.address, wanted.from);
  return problems;
}

function writeStore(
  draft: Draft,
  configMap: Resource,
  { config }: Settings,
  surface: Surface,
): void {
  const { region, endpoint } = config.spec.objectStore ?? {};
  if (region !== undefined) draft.set(['data', 'AWS_REGION'], region, 'spec.objectStore.region');
  const address = endpoint === undefined ? undefined : readAddress(endpoint);
  if (!address) return;
  const scheme = address.scheme ?? schemeToday(configMap, surface);
  const field = 'spec.objectStore.endpoint';
  draft.set(['data', 'AWS_ENDPOINT_URL'], printAddress({ ...address, scheme }), field);
  draft.set(['data', 'MA_FILE_SYSTEM_S3_SCHEME'], scheme, field);
}

/** Where the config does not say: as in the ConfigMap, else as the other programs reach the store. */
function schemeToday(configMap: Resource, surface: Surface): string {
  const stores = surface.clients.flatMap((target) => peersOf(jsonOf(target)));
  return (
    readAddress(variableOf(configMap, 'AWS_ENDPOINT_URL'))?.scheme ||
    variableOf(configMap, 'MA_FILE_SYSTEM_S3_SCHEME') ||
    (stores.some(({ name, tls }) => name === 'object store' && tls) ? 'https' : 'http')
  );
}
