/**
 * `workflowEngine` → `workflow-engine` of every worker, `workflowClient` of the controller manager, and either of them in any other document
 * that has it.
 *
 * Source: Michelangelo's `go/base/workflowclient`: the controller manager compares the provider with `Temporal`, capital
 * letter included, and takes anything else for Cadence; the worker's config spells it in lower case.
 */
import type { DomainConfig } from '../config/generated/domain-config.ts';
import { Draft } from '../manifests/edit.ts';
import { fixedTaskLists } from '../surface/task-lists.ts';
import { asText, equalJson, isObject, type Json, type JsonObject } from '../yaml/json.ts';
import { fromDrafts, type Given, NOTHING, type Rule, writeGiven } from './rule.ts';

const FIELD = 'spec.workflowEngine';

type Engine = NonNullable<DomainConfig['spec']['workflowEngine']>;

export const workflowEngine: Rule = ({ settings, surface }) => {
  const engine = settings.config.spec.workflowEngine;
  if (!engine) return NOTHING;
  const fixed = fixedTaskLists(surface.clients);
  const drafts = surface.clients.map((target) => {
    const draft = new Draft(target.resource, target.key);
    const isWorker = surface.workers.includes(target);
    if (isWorker || isObject(draft.get(['workflow-engine']))) {
      writeGiven(draft, 'workflow-engine', forWorker(engine), FIELD);
      writeTaskLists(draft, engine, fixed, isWorker);
    }
    if (surface.controllerManagers.includes(target) || isObject(draft.get(['workflowClient'])))
      writeGiven(draft, 'workflowClient', forController(engine, fixed), FIELD);
    return draft;
  });
  return fromDrafts(drafts);
};

function forWorker({ host, provider, useTLS, clientDomain }: Engine): Given {
  return [
    [['host'], host, 'host'],
    [['provider'], provider, 'provider'],
    [['useTLS'], useTLS, 'useTLS'],
    [['client', 'domain'], clientDomain, 'clientDomain'],
  ];
}

function forController(engine: Engine, fixed: readonly string[]): Given {
  const { host, provider, useTLS, clientDomain, workers = [] } = engine;
  const own = workers.findIndex(({ taskList }) => !fixed.includes(taskList));
  return [
    [['host'], host, 'host'],
    [['service'], provider && `${provider}-frontend`, 'provider'],
    [['provider'], provider && provider.charAt(0).toUpperCase() + provider.slice(1), 'provider'],
    [['useTLS'], useTLS, 'useTLS'],
    [['domain'], clientDomain, 'clientDomain'],
    [['taskList'], workers[own]?.taskList, `workers[${own}].taskList`],
  ];
}

/**
 * The given lists in place of the old ones, those that upstream's code names aside: a program polls them as before, in the domain that
 * they are started in. A program that polls nothing else, a notification worker, gets no others.
 */
function writeTaskLists(
  draft: Draft,
  { workers: given, clientDomain }: Engine,
  fixed: readonly string[],
  isWorker: boolean,
): void {
  const place = ['workflow-engine', 'workers'];
  const written = draft.get(place);
  const old = Array.isArray(written) ? written.filter(isObject) : [];
  const isFixed = ({ taskList }: JsonObject) => fixed.includes(asText(taskList));
  const moved = (item: JsonObject): JsonObject =>
    clientDomain === undefined || !isFixed(item) ? item : { ...item, domain: clientDomain };
  const takesGiven = given !== undefined && (isWorker || old.some((item) => !isFixed(item)));
  const chosen = takesGiven ? keepItems(old, given) : [];
  const kept = old.filter(
    (item) => !takesGiven || (isFixed(item) && !chosen.some((other) => isSameList(other, item))),
  );
  const wanted = [...chosen, ...kept.map(moved)].filter(isFirst);
  if (wanted.length === 0) return;
  const isMoved = (item: Json) =>
    clientDomain !== undefined &&
    isObject(item) &&
    isFixed(item) &&
    !chosen.some((other) => isSameList(other, item));
  draft.reconcile(
    place,
    wanted,
    (item) => `${FIELD}.${isMoved(item) ? 'clientDomain' : 'workers'}`,
  );
}

function isFirst(item: Json, index: number, all: readonly Json[]): boolean {
  return all.findIndex((other) => equalJson(other, item)) === index;
}

function isSameList(left: Json, right: JsonObject): boolean {
  return isObject(left) && left['taskList'] === right['taskList'];
}

/** The wanted list, with the items that are there already as they stand: they may have keys of their own. */
function keepItems(
  old: readonly JsonObject[],
  wanted: readonly { domain: string; taskList: string }[],
): Json[] {
  return wanted.map(
    ({ domain, taskList }) =>
      old.find((item) => domain === item['domain'] && taskList === item['taskList']) ?? {
        domain,
        taskList,
      },
  );
}
