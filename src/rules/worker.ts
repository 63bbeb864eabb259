/** `hosts.api`, `port`, `worker.apiAddress` → `worker.address` and `worker.useTLS` of every worker. */
import type { Problem } from '../errors.ts';
import { isObject } from '../json.ts';
import { Draft } from '../resources/edit.ts';
import type { DocumentTarget } from '../resources/inventory.ts';
import { apiPort, serviceHost } from './api-service.ts';
import { fromDrafts, type Rule, type RuleInput, targetProblem } from './rule.ts';

export const worker: Rule = (input) => {
  const problems: Problem[] = [];
  const drafts = input.inventory.workers.map((target) => {
    const draft = new Draft(target.resource, target.key);
    if (!isObject(draft.get(['worker']))) {
      problems.push(
        targetProblem(target, 'worker', {
          code: 'target-shape',
          message: 'the worker section is no map',
          expected: 'a map with address and useTLS',
          mend: 'write worker as a map with the key address',
        }),
      );
      return draft;
    }
    const address = workerAddress(input, target, draft.get(['worker', 'address']));
    if (!address) return draft;
    const { settings } = input;
    const useTls = settings.apiAddress === 'public' && settings.scheme === 'https';
    draft.set(['worker', 'address'], address.value, address.field);
    draft.set(
      ['worker', 'useTLS'],
      useTls,
      settings.apiAddress === 'public' ? 'spec.tls.mode' : 'spec.worker.apiAddress',
    );
    return draft;
  });
  return fromDrafts(drafts, problems);
};

function workerAddress(
  { settings, inventory }: RuleInput,
  target: DocumentTarget,
  written: unknown,
): { value: string; field: string } | undefined {
  if (settings.apiAddress === 'public') {
    const [main] = settings.apiHosts;
    return { value: `${main.host}:${settings.port}`, field: main.from };
  }
  const service = inventory.apiServer;
  // Without a Service the role is missing, which has a problem of its own.
  const port = service && apiPort(service);
  if (!service || port === undefined) return undefined;
  const host = typeof written === 'string' ? written.replace(/:\d+$/, '') : '';
  const known = service.names.includes(host.split('.')[0] ?? '') ? host : '';
  const value = `${serviceHost(service, target.resource.namespace, known)}:${port}`;
  return { value, field: 'spec.worker.apiAddress' };
}
