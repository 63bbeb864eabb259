/** Whether somebody polls the task lists that upstream's code starts workflows on. */
import { enginesOf } from '../surface/engines.ts';
import { inDocument } from '../surface/faults/fault.ts';
import { jsonOf } from '../surface/parts.ts';
import { fixedTaskLists, pollersOf } from '../surface/task-lists.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'warning',
  title: 'A task list that no worker polls',
  why: "The names of these task lists are fixed in Michelangelo's code: the controller manager starts triggers on `trigger_run` and notifications on `pipeline_run` or on `notification.taskList`, by default `notification_worker`. Where no worker polls one, its workflows wait for ever, and nothing says so.",
  fix: 'add it to `workflow-engine.workers` of a worker, in the domain that the controller manager uses; the function keeps it whatever the config says',
  find: (surface) => {
    const { clients, workers } = surface;
    const pollers = clients.filter((target) => pollersOf(jsonOf(target)).length > 0);
    const polled = pollers.flatMap((target) => pollersOf(jsonOf(target)));
    const isPolled = (name: string, domain?: string) =>
      polled.some((one) => one['taskList'] === name && (domain ?? one['domain']) === one['domain']);
    const lists = fixedTaskLists(clients);
    const missing = lists.filter((name) => !isPolled(name));
    const target = pollers.find((one) => workers.includes(one)) ?? pollers[0];
    if (!target) return [];
    const place = ['workflow-engine', 'workers'];
    if (missing.length > 0)
      return [
        inDocument(target, place, {
          message: `no worker of these manifests polls ${missing.join(', ')}`,
        }),
      ];
    // A domain in which nothing is polled at all has a finding of its own.
    const domains = enginesOf(clients)
      .filter(({ section }) => section === 'workflowClient')
      .flatMap(({ domain }) => domain ?? [])
      .filter((domain) => polled.some((one) => one['domain'] === domain));
    return [...new Set(domains)].flatMap((domain) => {
      const elsewhere = lists.filter((name) => !isPolled(name, domain));
      if (elsewhere.length === 0) return [];
      const message = `${elsewhere.join(', ')}: polled in other domains than ${domain}, where the controller manager starts workflows`;
      return [inDocument(target, place, { message })];
    });
  },
};
