/**
 * `workflowEngine` → every worker's `workflow-engine` and the controller manager's `workflowClient`.
 *
 * Source: Michelangelo's `go/base/workflowclient`: the controller manager compares the provider with `Temporal`, capital
 * letter included, and takes anything else for Cadence; the worker's config spells it in lower case.
 */
import { Draft } from '../manifests/edit.ts';
import { isObject, type Json } from '../yaml/json.ts';
import { fromDrafts, type Given, NOTHING, type Rule, writeGiven } from './rule.ts';

const FIELD = 'spec.workflowEngine';

export const workflowEngine: Rule = ({ settings, surface }) => {
  const engine = settings.config.spec.workflowEngine;
  if (!engine) return NOTHING;
  const { host, provider, useTLS, clientDomain } = engine;
  const workers = engine.workers?.map(({ domain, taskList }) => ({ domain, taskList }));
  const forWorker: Given = [
    [['host'], host, 'host'],
    [['provider'], provider, 'provider'],
    [['useTLS'], useTLS, 'useTLS'],
    [['client', 'domain'], clientDomain, 'clientDomain'],
  ];
  const forController: Given = [
    [['host'], host, 'host'],
    [['service'], provider && `${provider}-frontend`, 'provider'],
    [['provider'], provider && provider.charAt(0).toUpperCase() + provider.slice(1), 'provider'],
    [['useTLS'], useTLS, 'useTLS'],
    [['domain'], clientDomain, 'clientDomain'],
    [['taskList'], workers?.[0]?.taskList, 'workers[0].taskList'],
  ];
  const drafts = surface.workers.map((target) => {
    const draft = new Draft(target.resource, target.key);
    writeGiven(draft, 'workflow-engine', forWorker, FIELD);
    const place = ['workflow-engine', 'workers'];
    if (workers) draft.reconcile(place, keepItems(draft.get(place), workers), `${FIELD}.workers`);
    return draft;
  });
  const manager = surface.only('controller-manager');
  if (manager) {
    const draft = new Draft(manager.resource, manager.key);
    writeGiven(draft, 'workflowClient', forController, FIELD);
    drafts.push(draft);
  }
  return fromDrafts(drafts);
};

/** The wanted list, with the items that are there already as they stand: they may have keys of their own. */
function keepItems(
  written: Json | undefined,
  wanted: readonly { domain: string; taskList: string }[],
): Json[] {
  const old = Array.isArray(written) ? written.filter(isObject) : [];
  return wanted.map(
    (item) =>
      old.find(({ domain, taskList }) => domain === item.domain && taskList === item.taskList) ??
      item,
  );
}
