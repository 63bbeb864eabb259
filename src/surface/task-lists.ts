/**
 * What workers poll, and what has to be polled because upstream's code names it.
 *
 * Source: Michelangelo's `go/components/triggerrun/{cron,backfill}_trigger.go` and `go/components/pipelinerun/notification/notifier.go`:
 * triggers start on `trigger_run`, notifications on `pipeline_run` (until April 2026) or on `notification.taskList`.
 */
import { getIn, isObject, type Json, type JsonObject } from '../yaml/json.ts';
import { type DocumentTarget, jsonOf } from './parts.ts';

const FIXED = ['trigger_run', 'pipeline_run'];
const NOTIFICATIONS = 'notification_worker';

/** The task lists that are there whatever a config says; nothing runs on one that no worker polls. */
export function fixedTaskLists(clients: readonly DocumentTarget[]): string[] {
  const named = clients.flatMap((target) => {
    const name = getIn(jsonOf(target), ['notification', 'taskList']);
    return typeof name === 'string' && name !== '' ? [name] : [];
  });
  return [...new Set([...FIXED, ...(named.length > 0 ? named : [NOTIFICATIONS])])];
}

/** The items of `workflow-engine.workers` that are maps. */
export function pollersOf(json: Json | undefined): JsonObject[] {
  const items = getIn(json, ['workflow-engine', 'workers']);
  return Array.isArray(items) ? items.filter(isObject) : [];
}
