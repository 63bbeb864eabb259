/** The alerts on Envoy. docs/alerts.md says what each means, and why its numbers are what they are. */
import type { ClusterSeries } from '../../envoy/stats.ts';
import { type Alert, kubectl } from './alert.ts';
import { anyOf, BY_JOB, type Matchers, ON_JOB, series } from './promql.ts';

/** Where the series of an Envoy are. */
export interface EnvoyJob {
  matchers: Matchers;
  /** Fit for templates; the namespace may not be known. */
  workload: string;
  namespace: string;
  /** Those that lead to the API server. */
  clusters: readonly ClusterSeries[];
}

const BY = 'by (namespace, job, envoy_cluster_name)';

/** All of them; each series is that of the clusters that lead to the API. */
export function envoyAlerts(job: EnvoyJob): Alert[] {
  return [down(job), metricsMissing(job), connectFailures(job), upstreamErrors(job)];
}

/** The same for each cluster: the names of the series may differ. */
function each(
  { matchers, clusters }: EnvoyJob,
  write: (of: (name: string, more?: Matchers) => string) => string,
): string {
  return anyOf(
    clusters.map((cluster) =>
      write((name, more = {}) =>
        series(cluster.metric(name), matchers, { envoy_cluster_name: cluster.label }, more),
      ),
    ),
  );
}

function down(job: EnvoyJob): Alert {
  const up = series('up', job.matchers);
  return {
    name: 'MichelangeloEnvoyDown',
    severity: 'critical',
    for: '5m',
    expr: `sum ${BY_JOB} (${up}) == 0\nor\nabsent(${up})`,
    summary: 'No Envoy of Michelangelo answers',
    description: `Prometheus gets metrics from no pod of ${job.workload}, or knows of none: the page and its calls reach nobody.`,
    action: `${kubectl(job)} get pods, then describe and logs of those of ${job.workload}. Where they run: the PodMonitor, and NetworkPolicies on the port of the metrics.`,
  };
}

/** What the other alerts ask for: without it they would be silent for ever. */
function metricsMissing(job: EnvoyJob): Alert {
  const up = series('up', job.matchers);
  const known = each(job, (of) => `count ${BY_JOB} (${of('upstream_cx_connect_fail')})`);
  return {
    name: 'MichelangeloEnvoyMetricsMissing',
    severity: 'warning',
    for: '15m',
    expr: `count ${BY_JOB} (${up} == 1)\nunless ${ON_JOB}\n(\n${known}\n)`,
    summary: 'Envoy answers, without the metrics of its way to the API server',
    description: `${job.workload} is asked for metrics and answers, and has none of the cluster that leads to the API server: its config in the cluster is another one, or leaves these metrics out. Alerts on what it sends there see nothing.`,
    action: `${kubectl(job)} port-forward to the port of the metrics, and look for upstream_cx_connect_fail in /stats/prometheus. Then compare the ConfigMap of ${job.workload} with what this overlay renders.`,
  };
}

function connectFailures(job: EnvoyJob): Alert {
  return {
    name: 'MichelangeloEnvoyCannotConnect',
    severity: 'critical',
    for: '5m',
    expr: each(job, (of) => `sum ${BY} (increase(${of('upstream_cx_connect_fail')}[5m])) >= 5`),
    summary: 'Envoy gets no connection to the API server',
    description: `At least five connections of ${job.workload} to cluster {{ $labels.envoy_cluster_name }} failed in five minutes: the API server is down, its Service has no pods, or a NetworkPolicy shuts it off. Calls of the page fail.`,
    action: `${kubectl(job)} get endpointslices of the API server's Service, and its pods and logs.`,
  };
}

/** Errors that Envoy made itself are among them; what the API server says with a gRPC status is not: that is HTTP 200. */
function upstreamErrors(job: EnvoyJob): Alert {
  const failed = { envoy_response_code_class: '5' };
  return {
    name: 'MichelangeloEnvoyUpstreamErrors',
    severity: 'warning',
    for: '10m',
    expr: each(
      job,
      (of) =>
        `sum ${BY} (rate(${of('upstream_rq_xx', failed)}[5m]))\n/\nsum ${BY} (rate(${of('upstream_rq_xx')}[5m]))\n> 0.05\nand\nsum ${BY} (increase(${of('upstream_rq_xx', failed)}[5m])) >= 5`,
    ),
    summary: '{{ $value | humanizePercentage }} of the calls to the API server fail',
    description: `More than one call in twenty that ${job.workload} sends to the API server is answered with HTTP 5xx, by the API server or by Envoy in its place, and at least five in five minutes.`,
    action: `The access log of ${job.workload}: \`flags\` says why (UF: no connection, UH: no pod, UT: too slow). Then the logs of the API server.`,
  };
}
