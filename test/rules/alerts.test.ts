/** What `alerts.prometheusOperator` makes of a Service, an Envoy and the certificates that are there. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { literal } from '../../src/rules/alerts/alert.ts';
import { alerts } from '../../src/rules/alerts/alerts.ts';
import { series } from '../../src/rules/alerts/promql.ts';
import { getIn, type JsonObject, list } from '../../src/yaml/json.ts';
import { API, API_INGRESS, APP_INGRESS, ENVOY } from './manifests.ts';
import { apply, configMap, service } from './support.ts';

const HERE = '  namespace: ml\n';
const CONFIG = 'controllermgr: { metricsBindAddress: ":8091", healthProbeBindAddress: ":8083" }';
const manager = (config = CONFIG) => configMap('manager', 'base.yaml', config, HERE);

function deployment(name: string, labels = '{ app: manager }'): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ml }
spec:
  template:
    metadata: { labels: ${labels} }
    spec:
      containers: [{ name: manager, ports: [{ name: numbers, containerPort: 8091 }], volumeMounts: [{ name: config, mountPath: /config }] }]
      volumes: [{ name: config, configMap: { name: manager } }]
`;
}

const SERVICE = (ports: string, more = '') =>
  service('manager', `${ports}\n  selector: { app: manager }${more}`, HERE);
const PROBER = 'prober: "prober.monitoring.svc:9115"';

function made(operator: string, ...documents: string[]) {
  return apply(
    alerts,
    `absent: [worker, ui, envoy]\nalerts: { prometheusOperator: { ${operator} } }`,
    API,
    ...documents,
  );
}

const find = ({ added }: ReturnType<typeof apply>, kind: string): JsonObject | undefined =>
  added.find(({ name }) => name.startsWith(`${kind} `))?.json;
const edited = ({ edits }: ReturnType<typeof apply>) =>
  edits.filter((edit) => !edit.includes('/metadata/labels'));

test('a Service with a name for the port gets a label and nothing else', () => {
  const wanted = made(
    '',
    manager(),
    deployment('manager'),
    SERVICE('[{ name: m, port: 1, targetPort: numbers }]'),
  );
  assert.equal(wanted.edits, [
    'add Service manager /metadata/labels {"network.michelangelo.api/scrape":"manager"} <- spec.alerts.prometheusOperator',
  ]);
  const monitor = find(wanted, 'ServiceMonitor');
  assert.equal(getIn(monitor, ['spec', 'endpoints']), [{ port: 'm', path: '/metrics' }]);
  assert.is(find(wanted, 'Service'), undefined);
});

test('ports that are missing are added, and those without a name get one', () => {
  const wanted = made(
    PROBER,
    manager(),
    deployment('manager'),
    SERVICE('[{ port: 80, targetPort: 1234 }]'),
  );
  assert.equal(edited(wanted), [
    'add Service manager /spec/ports/0/name "port-80" <- spec.alerts.prometheusOperator',
    'add Service manager /spec/ports/1 {"name":"metrics","port":8091,"targetPort":8091,"protocol":"TCP"} <- spec.alerts.prometheusOperator',
    'add Service manager /spec/ports/2 {"name":"health","port":8083,"targetPort":8083,"protocol":"TCP"} <- spec.alerts.prometheusOperator',
  ]);
});

test('a name that another port has is not given twice', () => {
  const wanted = made(
    '',
    manager(),
    deployment('manager'),
    SERVICE('[{ name: metrics, port: 1, targetPort: 1 }]'),
  );
  assert.match(edited(wanted).join('\n'), '"name":"metrics-8091"');
});

const NOT_FIT: readonly [name: string, documents: string[]][] = [
  ['there is none', []],
  [
    'others reach it from outside',
    [SERVICE('[{ name: m, port: 1, targetPort: 1 }]', '\n  type: LoadBalancer')],
  ],
  [
    'its port of that number leads elsewhere',
    [SERVICE('[{ name: m, port: 8091, targetPort: 1 }]')],
  ],
  [
    'it picks pods of others as well',
    [
      SERVICE('[{ name: m, port: 8091 }]'),
      deployment('other').replaceAll('configMap: { name: manager }', 'emptyDir: {}'),
    ],
  ],
];
for (const [name, documents] of NOT_FIT)
  test(`a Service is made where ${name}`, () => {
    const wanted = made('', manager(), deployment('manager'), ...documents);
    assert.equal(edited(wanted), []);
    const own = find(wanted, 'Service');
    assert.is(getIn(own, ['metadata', 'name']), 'manager-metrics');
    assert.equal(getIn(own, ['spec', 'selector']), { app: 'manager' });
    assert.equal(getIn(find(wanted, 'ServiceMonitor'), ['spec', 'selector', 'matchLabels']), {
      'network.michelangelo.api/scrape': 'manager-metrics',
    });
  });

test('a monitor of somebody else that asks the same port stays the only one', () => {
  const monitor = `apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: theirs, namespace: ml }
spec: { selector: {}, endpoints: [{ port: m }] }
`;
  const documents = [manager(), deployment('manager'), SERVICE('[{ name: m, port: 8091 }]')];
  assert.is(find(made('', ...documents, monitor), 'ServiceMonitor'), undefined);
  const others: Record<string, string> = {
    'another job': monitor.replace('endpoints', 'jobLabel: app, endpoints'),
    'another path': monitor.replace('port: m', 'port: m, path: /health'),
    'other labels': monitor.replace('port: m', 'port: m, relabelings: []'),
    'another port': monitor.replace('port: m', 'port: n'),
    'another namespace': monitor.replace('namespace: ml', 'namespace: monitoring'),
  };
  for (const [name, other] of Object.entries(others))
    assert.ok(find(made('', ...documents, other), 'ServiceMonitor'), name);
});

test('what a manifest says cannot break out of a template', () => {
  assert.is(literal('a{{ $labels.secret }}'), 'a{{ "{{" }} $labels.secret }}');
  assert.is(literal('ma-worker'), 'ma-worker');
});

const expressions = (wanted: ReturnType<typeof apply>): Record<string, string> =>
  Object.fromEntries(
    list(getIn(find(wanted, 'PrometheusRule'), ['spec', 'groups']))
      .flatMap(({ rules }) => list(rules))
      .map(({ alert, expr }) => [String(alert), String(expr)]),
  );

test('without a port in the config it is that of controller-runtime', () => {
  const wanted = made('', manager('controllermgr: {}'), deployment('manager'));
  assert.equal(getIn(find(wanted, 'Service'), ['spec', 'ports']), [
    { name: 'metrics', port: 8080, targetPort: 8080, protocol: 'TCP' },
  ]);
});

test('an election that does not take place has no alert, and one without a name for its lease takes any', () => {
  const alone = made('', manager(), deployment('manager'));
  assert.is(expressions(alone)['MichelangeloControllerManagerWithoutLeader'], undefined);
  const config = CONFIG.replace('}', ', leaderElection: true, leaderElectionID: "${LEASE:x}" }');
  const electing = expressions(made('', manager(config), deployment('manager')));
  const leader = electing['MichelangeloControllerManagerWithoutLeader'] ?? '';
  assert.match(leader, 'leader_election_master_status{namespace="ml",job="manager-metrics"}');
});

const REFUSED = ['"0"', '"127.0.0.1:8091"', '"${METRICS:x}"', '"8091"'];
for (const address of REFUSED)
  test(`metrics at ${address} are refused`, () => {
    const config = `controllermgr: { metricsBindAddress: ${address} }`;
    const { problems } = made('', manager(config), deployment('manager'));
    assert.equal(
      problems.filter(({ severity }) => severity === 'error').map(({ code }) => code),
      ['target-shape'],
    );
  });

test('a health port that is switched off is not probed, and that is said', () => {
  const wanted = made(PROBER, manager('controllermgr: {}'), deployment('manager'));
  assert.equal(
    wanted.problems.map(({ code, path }) => `${code} ${path}`),
    ['alerts-incomplete data[base.yaml].controllermgr.healthProbeBindAddress'],
  );
  assert.is(expressions(wanted)['MichelangeloControllerManagerUnhealthy'], undefined);
});

test('what a config says cannot break out of an expression', () => {
  assert.is(series('up', { job: 'a"} or vector(1) #\\' }), 'up{job="a\\"} or vector(1) #\\\\"}');
  assert.is(series('up', { job: ['a.b', 'c|d'] }), 'up{job=~"a\\\\.b|c\\\\|d"}');
  assert.is(series('up', { job: ['a.b'], namespace: undefined }), 'up{job="a.b"}');
});

test('two workloads are two monitors, and one job of two names', () => {
  const wanted = made('', manager(), deployment('a', '{ app: a }'), deployment('b', '{ app: b }'));
  const monitors = wanted.added.filter(({ name }) => name.startsWith('ServiceMonitor'));
  assert.is(monitors.length, 2);
  const down = expressions(wanted)['MichelangeloControllerManagerDown'] ?? '';
  assert.match(down, 'job=~"a-metrics|b-metrics"');
});

/** The Certificates that are watched, and the hosts that are probed. */
function certificates(tls: string, ...documents: string[]) {
  const wanted = apply(
    alerts,
    `absent: [worker, ui, controller-manager]\ntls: ${tls}\nalerts: { prometheusOperator: { ${PROBER} } }`,
    API,
    ...ENVOY,
    API_INGRESS,
    APP_INGRESS,
    ...documents,
  );
  const unknown = expressions(wanted)['MichelangeloCertificateUnknown'] ?? '';
  const probe = find(wanted, 'Probe');
  return {
    names: [...unknown.matchAll(/"name", "([^"]*)"/g)].map(([, name]) => name),
    targets: getIn(probe, ['spec', 'targets', 'staticConfig', 'static']) ?? [],
  };
}

const BOTH = ['https://api.ml.example.com/', 'https://app.ml.example.com/'];
const CERTIFICATE = `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: theirs }
spec: { secretName: app-tls, dnsNames: [app.old] }
`;

test('Certificates that cert-manager makes are watched by its own metrics', () => {
  const acme = certificates('{ mode: acme, acme: { email: a@example.com } }');
  assert.equal(acme, { names: ['api-tls', 'app-tls'], targets: [] });
});

test('one that the base has goes by its own name, and the other is probed', () => {
  const found = certificates('{ mode: secret }', CERTIFICATE);
  assert.equal(found, { names: ['theirs'], targets: BOTH.slice(0, 1) });
});

test('certificates of somebody else are probed', () => {
  for (const mode of ['secret', 'external'])
    assert.equal(certificates(`{ mode: ${mode} }`), { names: [], targets: BOTH });
});

test('without TLS there is nothing to expire', () => {
  assert.equal(certificates('{ mode: none }'), { names: [], targets: [] });
});

test.run();
