/** The alerts on the controller manager. docs/alerts.md says what each means, and why its numbers are what they are. */
import { type Alert, kubectl } from './alert.ts';
import { BY_JOB, type Matchers, ON_JOB, series } from './promql.ts';

/** Where the series of a controller manager are, and what they have. */
export interface Job {
  matchers: Matchers;
  /** Fit for templates; the namespace may not be known. */
  workload: string;
  namespace: string;
  electsLeader: boolean;
  /** Name of the lease; undefined where it is filled in at the start. */
  lease: string | undefined;
  probe: { name: string; check: 'tcp' | 'http' } | undefined;
}

/** Those that the job can answer: without a leader election or a probe there are no alerts on them. */
export function managerAlerts(job: Job): Alert[] {
  const of = (metric: string) => series(metric, job.matchers);
  return [
    down(job, of('up')),
    ...(job.electsLeader ? [noLeader(job, of('up'))] : []),
    ...(job.probe ? [unhealthy(job, job.probe)] : []),
    metricsMissing(job, of),
    reconcileErrors(job, of),
    queueStuck(job, of),
  ];
}

function down(job: Job, up: string): Alert {
  return {
    name: 'MichelangeloControllerManagerDown',
    severity: 'critical',
    for: '5m',
    expr: `sum ${BY_JOB} (${up}) == 0\nor\nabsent(${up})`,
    summary: 'No controller manager of Michelangelo answers',
    description: `Prometheus gets metrics from no pod of ${job.workload}, or knows of none. There is no failover: no job is dispatched, and nothing reports what running ones do.`,
    action: `${kubectl(job)} get pods, then describe and logs --previous of those of ${job.workload}. Where they run: the ServiceMonitor, and NetworkPolicies on the port of the metrics.`,
  };
}

/** Not where all are down: that is said already. */
function noLeader(job: Job, up: string): Alert {
  const leader = series('leader_election_master_status', job.matchers, { name: job.lease });
  return {
    name: 'MichelangeloControllerManagerWithoutLeader',
    severity: 'critical',
    for: '5m',
    expr: `count ${BY_JOB} (${up} == 1)\nunless ${ON_JOB}\nsum ${BY_JOB} (${leader}) >= 1`,
    summary: 'Controller managers of Michelangelo run, and none of them leads',
    description: `Pods of ${job.workload} answer, and none holds the lease: none of them does any work.`,
    action: `${kubectl(job)} get leases, and the logs of ${job.workload}: the Kubernetes API refuses the lease (RBAC), or does not answer in time.`,
  };
}

function unhealthy(job: Job, { name, check }: { name: string; check: 'tcp' | 'http' }): Alert {
  const { namespace } = job.matchers;
  const success = series('probe_success', { namespace, job: name });
  const tried = check === 'http' ? '`/healthz` does not answer 200' : 'nothing takes connections';
  return {
    name: 'MichelangeloControllerManagerUnhealthy',
    severity: 'critical',
    for: '5m',
    expr: `${success} == 0\nor\nabsent(${success})`,
    summary: 'The health port of the controller manager does not answer',
    description: `The prober says that ${tried} on the health port of ${job.workload}, or the prober itself says nothing.`,
    action: `${kubectl(job)} get endpointslices and pods of ${job.workload}; where they are well, the prober and its module, and NetworkPolicies between the two.`,
  };
}

/** What the other alerts ask for: without it they would be silent for ever. */
function metricsMissing(job: Job, of: (metric: string) => string): Alert {
  return {
    name: 'MichelangeloControllerManagerMetricsMissing',
    severity: 'warning',
    for: '30m',
    expr: `count ${BY_JOB} (${of('up')} == 1)\nunless ${ON_JOB}\ncount ${BY_JOB} (${of('controller_runtime_reconcile_total')})`,
    summary: 'The controller manager answers, without the metrics of its controllers',
    description: `${job.workload} is asked for metrics and answers, and has none of its controllers: none has started, or the names have changed with the image. Alerts on errors and queues see nothing.`,
    action: `Look whether MichelangeloControllerManagerWithoutLeader rings too. ${kubectl(job)} port-forward to the port of the metrics, and look for controller_runtime_reconcile_total in /metrics.`,
  };
}

/** A tenth of all reconciliations, and at least ten in a quarter of an hour: one object that fails is tried again ever more rarely. */
function reconcileErrors(job: Job, of: (metric: string) => string): Alert {
  const by = 'by (namespace, job, controller)';
  const errors = of('controller_runtime_reconcile_errors_total');
  const all = of('controller_runtime_reconcile_total');
  return {
    name: 'MichelangeloReconcileErrors',
    severity: 'warning',
    for: '15m',
    expr: `sum ${by} (rate(${errors}[15m]))\n/\nsum ${by} (rate(${all}[15m]))\n> 0.1\nand\nsum ${by} (increase(${errors}[15m])) >= 10`,
    summary:
      'Controller {{ $labels.controller }} fails {{ $value | humanizePercentage }} of the time',
    description: `More than a tenth of what the controller does ends with an error, and at least ten times in a quarter of an hour: objects of its kind do not become what they should.`,
    action: `The logs of ${job.workload} name the object and the error: a compute cluster that does not answer, a token that ran out, RBAC, the object store.`,
  };
}

/** Nothing was finished although something waits. */
function queueStuck(job: Job, of: (metric: string) => string): Alert {
  const by = 'by (namespace, job, name)';
  return {
    name: 'MichelangeloWorkQueueStuck',
    severity: 'warning',
    for: '15m',
    expr: `sum ${by} (${of('workqueue_depth')}) > 0\nunless\nsum ${by} (rate(${of('workqueue_work_duration_seconds_count')}[15m])) > 0`,
    summary: 'The queue of {{ $labels.name }} stands still with {{ $value }} objects in it',
    description: `Objects wait, and in half an hour none was finished: the workers of this controller hang.`,
    action: `The logs of ${job.workload}: the last line of this controller names what it waits for, often a compute cluster or the object store. A restart of the pod that leads frees the workers.`,
  };
}
