import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { workflowEngine } from '../../src/rules/workflow-engine.ts';
import { apply, configMap } from './support.ts';

const test = suite('workflow engine');

const WORKER = configMap(
  'worker',
  'base.yaml',
  `worker: { address: x }
workflow-engine:
  host: old:1
  provider: cadence
  workers:
    - { domain: default, taskList: default, pollers: 4 }
    - { domain: default, taskList: gone }`,
);
const CONTROLLER = configMap(
  'controller',
  'base.yaml',
  'controllermgr: {}\nworkflowClient: { host: old:1 }',
);

test('changes nothing where the config says nothing', () => {
  assert.equal(apply(workflowEngine, '', WORKER, CONTROLLER).edits, []);
});

test('spells the provider for the worker in lower case, for the controller manager as Temporal', () => {
  const { edits } = apply(
    workflowEngine,
    'workflowEngine: { provider: temporal }',
    WORKER,
    CONTROLLER,
  );
  const field = 'spec.workflowEngine.provider';
  assert.equal(edits, [
    `replace ConfigMap worker /workflow-engine/provider "temporal" <- ${field}`,
    `add ConfigMap controller /workflowClient/service "temporal-frontend" <- ${field}`,
    `add ConfigMap controller /workflowClient/provider "Temporal" <- ${field}`,
  ]);
});

test('writes host, TLS and domain into both, each with its field', () => {
  const spec = 'workflowEngine: { host: "t:7233", useTLS: true, clientDomain: prod }';
  assert.equal(apply(workflowEngine, spec, WORKER, CONTROLLER).edits, [
    'replace ConfigMap worker /workflow-engine/host "t:7233" <- spec.workflowEngine.host',
    'add ConfigMap worker /workflow-engine/useTLS true <- spec.workflowEngine.useTLS',
    'add ConfigMap worker /workflow-engine/client {"domain":"prod"} <- spec.workflowEngine.clientDomain',
    'replace ConfigMap controller /workflowClient/host "t:7233" <- spec.workflowEngine.host',
    'add ConfigMap controller /workflowClient/useTLS true <- spec.workflowEngine.useTLS',
    'add ConfigMap controller /workflowClient/domain "prod" <- spec.workflowEngine.clientDomain',
  ]);
});

test('keeps what stands beside a task list that stays', () => {
  const spec = `workflowEngine:
  workers:
    - { domain: default, taskList: default }
    - { domain: default, taskList: new }`;
  assert.equal(apply(workflowEngine, spec, WORKER).edits, [
    'replace ConfigMap worker /workflow-engine/workers/1/taskList "new" <- spec.workflowEngine.workers',
  ]);
});

test('finds a task list that stays wherever it stands', () => {
  const spec =
    'workflowEngine: { workers: [{ domain: x, taskList: y }, { domain: default, taskList: gone }, { domain: default, taskList: default }] }';
  assert.equal(apply(workflowEngine, spec, WORKER).edits, [
    'remove ConfigMap worker /workflow-engine/workers/0 <- spec.workflowEngine.workers',
    'add ConfigMap worker /workflow-engine/workers/0 {"domain":"x","taskList":"y"} <- spec.workflowEngine.workers',
    'add ConfigMap worker /workflow-engine/workers/2 {"domain":"default","taskList":"default","pollers":4} <- spec.workflowEngine.workers',
  ]);
});

test('gives the controller manager the first task list', () => {
  const spec =
    'workflowEngine: { workers: [{ domain: a, taskList: first }, { domain: a, taskList: second }] }';
  assert.equal(apply(workflowEngine, spec, CONTROLLER).edits, [
    'add ConfigMap controller /workflowClient/taskList "first" <- spec.workflowEngine.workers[0].taskList',
  ]);
});

const FIXED = ['trigger_run', 'pipeline_run', 'notification_worker'];
const polls = (...lists: string[]) =>
  lists.map((taskList) => `    - { domain: old, taskList: ${taskList} }`).join('\n');
const client = (name: string, top: string, ...lists: string[]) =>
  configMap(
    name,
    'base.yaml',
    `${top}workflow-engine:\n  host: old:1\n  workers:\n${polls(...lists)}`,
  );

test("keeps the task lists that upstream's code names, in the domain that they are started in", () => {
  const spec =
    'workflowEngine: { clientDomain: new, workers: [{ domain: new, taskList: prod }, { domain: own, taskList: pipeline_run }] }';
  const worker = client('worker', 'worker: { address: x }\n', 'default', ...FIXED);
  assert.equal(apply(workflowEngine, spec, worker).edits, [
    'add ConfigMap worker /workflow-engine/client {"domain":"new"} <- spec.workflowEngine.clientDomain',
    'replace ConfigMap worker /workflow-engine/workers/0/domain "new" <- spec.workflowEngine.workers',
    'replace ConfigMap worker /workflow-engine/workers/0/taskList "prod" <- spec.workflowEngine.workers',
    'remove ConfigMap worker /workflow-engine/workers/1 <- spec.workflowEngine.clientDomain',
    'replace ConfigMap worker /workflow-engine/workers/1/domain "own" <- spec.workflowEngine.workers',
    'add ConfigMap worker /workflow-engine/workers/2 {"domain":"new","taskList":"trigger_run"} <- spec.workflowEngine.clientDomain',
    'replace ConfigMap worker /workflow-engine/workers/3/domain "new" <- spec.workflowEngine.clientDomain',
  ]);
});

test('keeps their order, and the domain, where the config gives neither lists nor domain', () => {
  const worker = client('worker', 'worker: { address: x }\n', 'trigger_run', 'default');
  assert.equal(apply(workflowEngine, 'workflowEngine: { host: "new:1" }', worker).edits, [
    'replace ConfigMap worker /workflow-engine/host "new:1" <- spec.workflowEngine.host',
  ]);
});

test('moves a notification worker to the engine, and gives it no other task list', () => {
  const spec =
    'workflowEngine: { host: "new:1", clientDomain: new, workers: [{ domain: new, taskList: prod }] }';
  const notifier = client('notifier', 'notification: { taskList: mails }\n', 'mails');
  assert.equal(apply(workflowEngine, spec, notifier).edits, [
    'replace ConfigMap notifier /workflow-engine/host "new:1" <- spec.workflowEngine.host',
    'add ConfigMap notifier /workflow-engine/client {"domain":"new"} <- spec.workflowEngine.clientDomain',
    'replace ConfigMap notifier /workflow-engine/workers/0/domain "new" <- spec.workflowEngine.clientDomain',
  ]);
});

test.run();
