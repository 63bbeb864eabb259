/** For each alert: series with which it rings, and series with which it does not. */
import type { Input } from './promtool.ts';

export interface Row {
  name: string;
  alert: string;
  series: readonly Input[];
  /** When it is looked at. */
  minutes: number;
  /** The labels with which it rings; left out where it must not. */
  rings?: Record<string, string>;
  /** Whose rules are looked at: those of overlays/production, or of hosts whose certificate somebody else makes. */
  rules?: 'production' | 'probed';
}

const NAMESPACE = 'michelangelo';
const MANAGER = 'michelangelo-controllermgr';
const HEALTH = 'michelangelo-controllermgr-health';
const ENVOY = 'michelangelo/michelangelo-envoy-metrics';
const ENVOY_LABELS = { namespace: NAMESPACE, job: ENVOY };
const CLUSTER = { ...ENVOY_LABELS, envoy_cluster_name: 'michelangelo-apiserver' };
const SITE = 'https://app.ml.example.com/';

function series(name: string, labels: Record<string, string>): string {
  return `${name}{${Object.entries(labels)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(',')}}`;
}

function rowsOf(
  alert: string,
  minutes: number,
  cases: readonly Omit<Row, 'alert' | 'minutes'>[],
): Row[] {
  return cases.map((one) => ({ ...one, alert, minutes }));
}

function atMinute(minutes: number, cases: readonly Omit<Row, 'minutes'>[]): Row[] {
  return cases.map((one) => ({ ...one, minutes }));
}

function probed(cases: readonly Omit<Row, 'minutes'>[]): Omit<Row, 'minutes'>[] {
  return cases.map((one) => ({ ...one, rules: 'probed' }));
}

/** A series of one of the controller manager's pods. */
function ofManager(
  name: string,
  values: string,
  more: Record<string, string> = {},
  pod = 'a',
): Input {
  return [series(name, { namespace: NAMESPACE, job: MANAGER, pod, ...more }), values];
}

/** The same of an environment in another namespace. */
function ofStaging(name: string, values: string, more: Record<string, string> = {}): Input {
  return ofManager(name, values, { ...more, namespace: 'staging' });
}

function ofEnvoy(name: string, values: string, more: Record<string, string> = {}): Input {
  return [series(name, { ...ENVOY_LABELS, pod: 'e', ...more }), values];
}

function ofCluster(name: string, values: string, more: Record<string, string> = {}): Input {
  return ofEnvoy(`envoy_cluster_${name}`, values, {
    envoy_cluster_name: 'michelangelo-apiserver',
    ...more,
  });
}

const LEASE = { name: 'controllermgr.michelangelo.api' };
const MANAGER_LABELS = { namespace: NAMESPACE, job: MANAGER };

const DOWN = rowsOf('MichelangeloControllerManagerDown', 20, [
  {
    name: 'no pod answers',
    series: [ofManager('up', '0x20'), ofManager('up', '0x20', {}, 'b')],
    rings: MANAGER_LABELS,
  },
  { name: 'there is no series', series: [], rings: MANAGER_LABELS },
  {
    name: 'only another environment is up',
    series: [ofStaging('up', '1x20')],
    rings: MANAGER_LABELS,
  },
  { name: 'it went down', series: [ofManager('up', '1x9 0x20')], rings: MANAGER_LABELS },
  {
    name: 'one of two answers',
    series: [ofManager('up', '1x20'), ofManager('up', '0x20', {}, 'b')],
  },
  {
    name: 'another environment is down',
    series: [ofManager('up', '1x20'), ofStaging('up', '0x20')],
  },
  { name: 'it starts anew', series: [ofManager('up', '1x9 0x3 1x10')] },
]);

const leader = (values: string, pod = 'a') =>
  ofManager('leader_election_master_status', values, LEASE, pod);

const LEADER = rowsOf('MichelangeloControllerManagerWithoutLeader', 20, [
  {
    name: 'two run, and none leads',
    series: [
      ofManager('up', '1x20'),
      ofManager('up', '1x20', {}, 'b'),
      leader('0x20'),
      leader('0x20', 'b'),
    ],
    rings: MANAGER_LABELS,
  },
  { name: 'nothing says who leads', series: [ofManager('up', '1x20')], rings: MANAGER_LABELS },
  {
    name: 'the other environment has a leader',
    series: [ofManager('up', '1x20'), ofStaging('leader_election_master_status', '1x20', LEASE)],
    rings: MANAGER_LABELS,
  },
  {
    name: 'it leads somewhere else',
    series: [
      ofManager('up', '1x20'),
      ofManager('leader_election_master_status', '1x20', { name: 'other' }),
    ],
    rings: MANAGER_LABELS,
  },
  {
    name: 'one of two leads',
    series: [
      ofManager('up', '1x20'),
      ofManager('up', '1x20', {}, 'b'),
      leader('1x20'),
      leader('0x20', 'b'),
    ],
  },
  {
    name: 'the other takes over',
    series: [
      ofManager('up', '1x20'),
      ofManager('up', '1x20', {}, 'b'),
      leader('1x9 0x10'),
      leader('0x11 1x10', 'b'),
    ],
  },
  {
    name: 'all are down, which is said already',
    series: [ofManager('up', '0x20')],
  },
]);

const probe = (values: string, job = HEALTH): Input => [
  series('probe_success', { namespace: NAMESPACE, job, instance: 'x:8083' }),
  values,
];

const HEALTH_ROWS = rowsOf('MichelangeloControllerManagerUnhealthy', 20, [
  {
    name: 'the port does not answer',
    series: [probe('0x20')],
    rings: { namespace: NAMESPACE, job: HEALTH, instance: 'x:8083' },
  },
  {
    name: 'nobody probes',
    series: [probe('1x20', 'another')],
    rings: { namespace: NAMESPACE, job: HEALTH },
  },
  { name: 'the port answers', series: [probe('1x20')] },
  { name: 'one probe fails', series: [probe('1x9 0 1x20')] },
]);

const reconciled = (values: string, more = {}) =>
  ofManager('controller_runtime_reconcile_total', values, {
    controller: 'raycluster',
    result: 'success',
    ...more,
  });
const failed = (values: string, more = {}) => [
  ofManager('controller_runtime_reconcile_errors_total', values, {
    controller: 'raycluster',
    ...more,
  }),
  reconciled(values, { result: 'error', ...more }),
];

const MISSING = rowsOf('MichelangeloControllerManagerMetricsMissing', 60, [
  {
    name: 'it answers without them',
    series: [ofManager('up', '1x60'), ofStaging('controller_runtime_reconcile_total', '0x60')],
    rings: MANAGER_LABELS,
  },
  {
    name: 'they are there',
    series: [ofManager('up', '1x60'), reconciled('0x60')],
  },
  {
    name: 'they are at the leader alone',
    series: [ofManager('up', '1x60', {}, 'b'), ofManager('up', '1x60'), reconciled('0+1x60')],
  },
  {
    name: 'it is down, which is said already',
    series: [ofManager('up', '0x60')],
  },
]);

const RECONCILE = rowsOf('MichelangeloReconcileErrors', 60, [
  {
    name: 'half of it fails',
    series: [reconciled('0+1x60'), ...failed('0+1x60')],
    rings: { ...MANAGER_LABELS, controller: 'raycluster' },
  },
  {
    name: 'one controller of two fails',
    series: [
      ...failed('0+1x60'),
      reconciled('0+100x60', { controller: 'pipeline' }),
      ...failed('0x60', { controller: 'pipeline' }),
    ],
    rings: { ...MANAGER_LABELS, controller: 'raycluster' },
  },
  {
    name: 'one in twenty fails',
    series: [reconciled('0+19x60'), ...failed('0+1x60')],
  },
  {
    name: 'one object fails every five minutes, and nothing else happens',
    series: [reconciled('0x60'), ...failed('0 _ _ _ 1 1x4 2x5 3x5 4x5 5x5 6x5 7x5 8x5 9x5')],
  },
  {
    name: 'it failed for ten minutes, and is well again',
    series: [reconciled('0+1x60'), ...failed('0x9 0+5x10 50x40')],
  },
]);

const queue = (values: string, more = {}) =>
  ofManager('workqueue_depth', values, { name: 'raycluster', controller: 'raycluster', ...more });
const done = (values: string, more = {}) =>
  ofManager('workqueue_work_duration_seconds_count', values, {
    name: 'raycluster',
    controller: 'raycluster',
    ...more,
  });

const QUEUE = rowsOf('MichelangeloWorkQueueStuck', 60, [
  {
    name: 'objects wait, and none is done',
    series: [queue('3x60'), done('7x60')],
    rings: { ...MANAGER_LABELS, name: 'raycluster' },
  },
  {
    name: 'another queue goes on',
    series: [
      queue('3x60'),
      done('7x60'),
      queue('3x60', { name: 'pipeline' }),
      done('0+1x60', { name: 'pipeline' }),
    ],
    rings: { ...MANAGER_LABELS, name: 'raycluster' },
  },
  {
    name: 'many wait, and some are done',
    series: [queue('900x60'), done('0+1x60')],
  },
  { name: 'nothing waits', series: [queue('0x60'), done('7x60')] },
]);

/** promtool's clock begins at 1970: an expiry is a number of seconds from the first sample. */
const DAY = 86_400;
const EXPIRATION = 'certmanager_certificate_expiration_timestamp_seconds';
const certificate = (days: number, name: string, labels: Record<string, string>): Input => [
  series(EXPIRATION, { name, ...labels }),
  `${days * DAY}x200`,
];
/** As it is where Prometheus keeps `namespace` for the pod of cert-manager. */
const EXPORTED = { namespace: 'cert-manager', exported_namespace: NAMESPACE };
const API = 'michelangelo-apiserver-tls';
const APP = 'michelangelo-ui-tls';
const both = (days: number, labels: Record<string, string> = EXPORTED) => [
  certificate(days, API, labels),
  certificate(days, APP, labels),
];
const expiry = (values: string, instance = SITE): Input => [
  series('probe_ssl_earliest_cert_expiry', {
    namespace: NAMESPACE,
    job: 'michelangelo-apiserver-certificates',
    instance,
  }),
  values,
];
const PROBED = { namespace: NAMESPACE, job: 'michelangelo-apiserver-certificates', instance: SITE };
const OTHER_SITE = 'https://api.ml.example.com/';

const CERTIFICATES = atMinute(120, [
  {
    name: 'one has nine days left',
    alert: 'MichelangeloCertificateExpires',
    series: [certificate(9, APP, EXPORTED), certificate(60, API, EXPORTED)],
    rings: { name: APP, ...EXPORTED },
  },
  {
    name: 'one has nine days left, under the labels that cert-manager gives',
    alert: 'MichelangeloCertificateExpires',
    series: [certificate(9, APP, { namespace: NAMESPACE }), certificate(60, API, EXPORTED)],
    rings: { name: APP, namespace: NAMESPACE },
  },
  {
    name: 'there is none yet',
    alert: 'MichelangeloCertificateExpires',
    series: [certificate(0, APP, EXPORTED), certificate(60, API, EXPORTED)],
    rings: { name: APP, ...EXPORTED },
  },
  { name: 'thirty days are left', alert: 'MichelangeloCertificateExpires', series: both(30) },
  {
    name: 'one of the same name in another namespace expires',
    alert: 'MichelangeloCertificateExpires',
    series: [...both(30), certificate(1, APP, { ...EXPORTED, exported_namespace: 'staging' })],
  },
  {
    name: 'two days are left',
    alert: 'MichelangeloCertificateExpiresSoon',
    series: [certificate(2, API, EXPORTED), certificate(60, APP, EXPORTED)],
    rings: { name: API, ...EXPORTED },
  },
  { name: 'nine days are left', alert: 'MichelangeloCertificateExpiresSoon', series: both(9) },
  {
    name: 'cert-manager says nothing of one',
    alert: 'MichelangeloCertificateUnknown',
    series: [certificate(60, API, EXPORTED), certificate(60, APP, { namespace: 'staging' })],
    rings: { name: APP },
  },
  {
    name: 'cert-manager says it of both',
    alert: 'MichelangeloCertificateUnknown',
    series: both(1),
  },
  {
    name: 'it says so under its own labels',
    alert: 'MichelangeloCertificateUnknown',
    series: both(60, { namespace: NAMESPACE }),
  },
  ...probed([
    {
      name: 'what is served has nine days left',
      alert: 'MichelangeloCertificateExpires',
      series: [expiry(`${9 * DAY}x200`), expiry(`${60 * DAY}x200`, OTHER_SITE)],
      rings: PROBED,
    },
    {
      name: 'what is served has thirty days left',
      alert: 'MichelangeloCertificateExpires',
      series: [expiry(`${30 * DAY}x200`), expiry(`${30 * DAY}x200`, OTHER_SITE)],
    },
    {
      name: 'what is served has two days left',
      alert: 'MichelangeloCertificateExpiresSoon',
      series: [expiry(`${2 * DAY}x200`), expiry(`${60 * DAY}x200`, OTHER_SITE)],
      rings: PROBED,
    },
    {
      name: 'the prober gets no connection with one host',
      alert: 'MichelangeloCertificateUnknown',
      series: [expiry(`${60 * DAY}x200`, OTHER_SITE)],
      rings: PROBED,
    },
    {
      name: 'the prober gets both',
      alert: 'MichelangeloCertificateUnknown',
      series: [expiry(`${60 * DAY}x200`), expiry(`${60 * DAY}x200`, OTHER_SITE)],
    },
  ]),
]);

const ENVOY_ROWS = atMinute(45, [
  {
    name: 'no pod answers',
    alert: 'MichelangeloEnvoyDown',
    series: [ofEnvoy('up', '0x60')],
    rings: ENVOY_LABELS,
  },
  { name: 'there is no series', alert: 'MichelangeloEnvoyDown', series: [], rings: ENVOY_LABELS },
  {
    name: 'one of two answers',
    alert: 'MichelangeloEnvoyDown',
    series: [ofEnvoy('up', '0x60'), ofEnvoy('up', '1x60', { pod: 'f' })],
  },
  {
    name: 'it answers without them',
    alert: 'MichelangeloEnvoyMetricsMissing',
    series: [
      ofEnvoy('up', '1x60'),
      ofCluster('upstream_cx_connect_fail', '0x60', { envoy_cluster_name: 'michelangelo-ui' }),
    ],
    rings: ENVOY_LABELS,
  },
  {
    name: 'they are there',
    alert: 'MichelangeloEnvoyMetricsMissing',
    series: [ofEnvoy('up', '1x60'), ofCluster('upstream_cx_connect_fail', '0x60')],
  },
  {
    name: 'it is down, which is said already',
    alert: 'MichelangeloEnvoyMetricsMissing',
    series: [ofEnvoy('up', '0x60')],
  },
  {
    name: 'connections fail',
    alert: 'MichelangeloEnvoyCannotConnect',
    series: [ofCluster('upstream_cx_connect_fail', '0+2x60')],
    rings: CLUSTER,
  },
  {
    name: 'connections to the page fail',
    alert: 'MichelangeloEnvoyCannotConnect',
    series: [
      ofCluster('upstream_cx_connect_fail', '0+9x60', { envoy_cluster_name: 'michelangelo-ui' }),
    ],
  },
  {
    name: 'a few failed while a pod went',
    alert: 'MichelangeloEnvoyCannotConnect',
    series: [ofCluster('upstream_cx_connect_fail', '0x9 0+3x2 6x40')],
  },
  {
    name: 'one call in ten fails',
    alert: 'MichelangeloEnvoyUpstreamErrors',
    series: [
      ofCluster('upstream_rq_xx', '0+18x60', { envoy_response_code_class: '2' }),
      ofCluster('upstream_rq_xx', '0+2x60', { envoy_response_code_class: '5' }),
    ],
    rings: CLUSTER,
  },
  {
    name: 'every call fails, and none ever succeeded',
    alert: 'MichelangeloEnvoyUpstreamErrors',
    series: [ofCluster('upstream_rq_xx', '_x5 1+2x60', { envoy_response_code_class: '5' })],
    rings: CLUSTER,
  },
  {
    name: 'one call in a hundred fails',
    alert: 'MichelangeloEnvoyUpstreamErrors',
    series: [
      ofCluster('upstream_rq_xx', '0+990x60', { envoy_response_code_class: '2' }),
      ofCluster('upstream_rq_xx', '0+10x60', { envoy_response_code_class: '5' }),
    ],
  },
  {
    name: 'clients ask for what is not there',
    alert: 'MichelangeloEnvoyUpstreamErrors',
    series: [
      ofCluster('upstream_rq_xx', '0+1x60', { envoy_response_code_class: '2' }),
      ofCluster('upstream_rq_xx', '0+9x60', { envoy_response_code_class: '4' }),
    ],
  },
  {
    name: 'the only call in an hour fails',
    alert: 'MichelangeloEnvoyUpstreamErrors',
    series: [ofCluster('upstream_rq_xx', '0x30 1x30', { envoy_response_code_class: '5' })],
  },
]);

export const ROWS: readonly Row[] = [
  ...DOWN,
  ...LEADER,
  ...HEALTH_ROWS,
  ...MISSING,
  ...RECONCILE,
  ...QUEUE,
  ...CERTIFICATES,
  ...ENVOY_ROWS,
];
