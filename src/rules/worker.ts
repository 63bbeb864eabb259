/** `hosts.api`, `port`, `worker.apiAddress` → `worker.address` and `worker.useTLS` of every worker. */
import type { Settings } from '../config/settings.ts';
import type { Problem } from '../errors.ts';
import { Draft } from '../manifests/edit.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import { workerLayers } from '../surface/worker-layers.ts';
import { isObject } from '../yaml/json.ts';
import { type ApiClient, addressReplaced, apiAddressFor, serviceProblems } from './api-address.ts';
import { documentPath, fromDrafts, type Rule, targetProblem } from './rule.ts';

export const worker: Rule = ({ settings, surface }) => {
  const client = workerClient(settings);
  const problems = surface.workers.length > 0 ? serviceProblems(client, settings, surface) : [];
  const drafts = surface.workers.map((target) => {
    const draft = new Draft(target.resource, target.key);
    const problem = shapeProblem(draft, target);
    if (problem) problems.push(problem);
    const wanted = apiAddressFor(client, settings, surface, draft.get(['worker', 'address']));
    if (problem || !wanted) return draft;
    const place = documentPath(target, 'worker.address');
    const old = draft.get(['worker', 'address']);
    problems.push(...addressReplaced(target.resource.reference, place, old, wanted, client));
    draft.set(['worker', 'address'], wanted.address, wanted.from);
    draft.set(['worker', 'useTLS'], wanted.useTls, wanted.tlsFrom);
    return draft;
  });
  const layers = workerLayers(surface).map(({ resource, key }) => new Draft(resource, key));
  const { useTls, tlsFrom } = apiAddressFor(client, settings, surface, undefined) ?? {};
  if (useTls !== undefined && tlsFrom !== undefined)
    for (const layer of layers) layer.set(['worker', 'useTLS'], useTls, tlsFrom);
  return fromDrafts([...drafts, ...layers], problems);
};

/** Without TLS at the entry the Service is the default. */
export function workerClient({ apiAddress, config }: Settings): ApiClient {
  const isGiven = config.spec.worker?.apiAddress !== undefined;
  return {
    apiAddress,
    field: isGiven ? 'spec.worker.apiAddress' : 'spec.tls.mode',
    name: 'the workers',
    otherwise: 'set spec.worker.apiAddress to public',
  };
}

function shapeProblem(draft: Draft, target: DocumentTarget): Problem | undefined {
  if (!isObject(draft.get(['worker'])))
    return targetProblem(target, 'worker', {
      code: 'target-shape',
      message: 'the worker section is not a map',
      expected: 'a map with address and useTLS',
      fix: 'write worker as a map with the key address',
    });
  const address = draft.get(['worker', 'address']);
  if (!isObject(address) && !Array.isArray(address)) return undefined;
  return targetProblem(target, 'worker.address', {
    code: 'target-shape',
    message: 'the address of the worker is not a string',
    found: Array.isArray(address) ? 'a list' : 'a map',
    expected: 'host:port in one string',
    fix: 'write any string there, the function replaces it',
  });
}
