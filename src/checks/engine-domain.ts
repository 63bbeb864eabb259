/** Whether what is started in a domain of the workflow engine is polled there. */
import { isTemplated } from '../net/addresses.ts';
import { enginesOf } from '../surface/engines.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { jsonOf } from '../surface/parts.ts';
import { pollersOf } from '../surface/task-lists.ts';
import { asText, getIn } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'Workflows are started where no worker polls',
  why: 'A domain (Cadence) or namespace (Temporal) and a task list in it are a queue: what the controller manager puts into one waits for ever where workers poll another.',
  fix: 'give `workflowClient.domain` and `workflow-engine.workers[].domain` one value; `spec.workflowEngine` writes both',
  find: ({ clients }) => {
    const polled = clients.flatMap((target) => pollersOf(jsonOf(target)));
    const texts = polled.flatMap(({ domain, taskList }) => [
      asText(domain ?? ''),
      asText(taskList ?? ''),
    ]);
    if (polled.length === 0 || texts.some(isTemplated)) return [];
    const domains = [...new Set(polled.map(({ domain }) => asText(domain ?? '')))];
    return enginesOf(clients).flatMap(({ target, section, domain }): Fault[] => {
      if (domain === undefined || domain === '') return [];
      const isManager = section === 'workflowClient';
      const path = isManager ? [section, 'domain'] : [section, 'client', 'domain'];
      if (!domains.includes(domain))
        return [
          inDocument(target, path, {
            // A worker's client is for what its own workflows ask of others.
            severity: isManager ? undefined : 'warning',
            message: `${path.join('.')} is ${domain}, and the workers of these manifests poll ${domains.join(' and ')}`,
          }),
        ];
      const list = getIn(jsonOf(target), [section, 'taskList']);
      if (!isManager || typeof list !== 'string' || list === '' || isTemplated(list)) return [];
      const isPolled = polled.some((one) => one['domain'] === domain && one['taskList'] === list);
      if (isPolled) return [];
      return [
        inDocument(target, [section, 'taskList'], {
          severity: 'warning',
          message: `no worker of these manifests polls ${list} in domain ${domain}, where pipelines of projects without a queue of their own are started`,
          fix: 'add it to `workflow-engine.workers` of a worker, or name a list that is polled',
        }),
      ];
    });
  },
};
