import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { labels, problemsOf } from './fixtures.ts';

const acme = { mode: 'acme', acme: { email: 'platform@example.com' } };
const aliases = (api: unknown[], app: unknown[] = []) => ({ aliases: { api, app } });

/** Each row: what it is about, the spec, and the problems besides those about rules that are not there yet. */
const cases: [name: string, spec: Record<string, unknown>, expected: string[]][] = [
  ['accepts external', { tls: { mode: 'external' } }, []],
  ['accepts none', { tls: { mode: 'none' } }, []],
  ['accepts acme with an address', { tls: acme }, []],
  [
    'accepts an ACME server by URL',
    {
      tls: {
        mode: 'acme',
        acme: { email: 'a@b.example', server: 'https://acme.example.com/directory' },
      },
    },
    [],
  ],
  [
    'accepts a DNS-01 solver',
    { tls: { mode: 'acme', acme: { email: 'a@b.example', solver: { dns01: { route53: {} } } } } },
    [],
  ],
  [
    'accepts ca with a bundle',
    { tls: { mode: 'ca', trust: { configMap: 'ca', key: 'ca.crt' } } },
    [],
  ],
  [
    'accepts ca where workers use the Service',
    { tls: { mode: 'ca' }, worker: { apiAddress: 'service' } },
    [],
  ],
  [
    'accepts public workers without TLS',
    { tls: { mode: 'none' }, worker: { apiAddress: 'public' } },
    [],
  ],
  [
    'accepts an issuer that exists',
    { tls: { mode: 'issuer', issuer: { name: 'letsencrypt-prod' } } },
    [],
  ],

  [
    'accepts alerts with a prober',
    {
      alerts: { prometheusOperator: { prober: 'prober.monitoring.svc:9115', healthCheck: 'http' } },
    },
    [],
  ],
  ...['cert-manager.io/cluster-issuer', 'cert-manager.io/issuer', 'kubernetes.io/tls-acme'].map(
    (key): (typeof cases)[number] => [
      `refuses ${key} beside an issuer of its own`,
      { tls: acme, entry: { ingress: { annotations: { [key]: 'x' } } } },
      ['config-conflict spec.entry.ingress.annotations'],
    ],
  ),
  [
    'refuses a health check without a prober',
    { alerts: { prometheusOperator: { healthCheck: 'http' } } },
    ['config-conflict spec.alerts.prometheusOperator.healthCheck'],
  ],
  [
    'refuses a prober with a scheme',
    { alerts: { prometheusOperator: { prober: 'http://prober:9115' } } },
    ['config-value spec.alerts.prometheusOperator.prober'],
  ],
  ['refuses alerts of nothing', { alerts: {} }, ['config-required spec.alerts.prometheusOperator']],
  [
    'refuses a label that Kubernetes would',
    { alerts: { prometheusOperator: { additionalLabels: { 'a b': 'c' } } } },
    ['config-value spec.alerts.prometheusOperator.additionalLabels[a b]'],
  ],

  ['needs tls', { tls: undefined }, ['config-required spec.tls.mode']],
  ['needs an address for acme', { tls: { mode: 'acme' } }, ['config-required spec.tls.acme.email']],
  [
    'needs a name for issuer',
    { tls: { mode: 'issuer' } },
    ['config-required spec.tls.issuer.name'],
  ],
  ['needs trust for ca', { tls: { mode: 'ca' } }, ['config-required spec.tls.trust']],

  [
    'refuses an issuer by annotation beside its own',
    { tls: acme, entry: { api: { ingress: { annotations: { 'cert-manager.io/issuer': 'a' } } } } },
    ['config-conflict spec.entry.api.ingress.annotations'],
  ],
  [
    "accepts an issuer by annotation where the Secrets are somebody else's",
    { entry: { ingress: { annotations: { 'cert-manager.io/issuer': 'a' } } } },
    [],
  ],
  ['refuses port 80 with https', { port: 80 }, ['config-conflict spec.port']],
  ['accepts port 80 without TLS', { port: 80, tls: { mode: 'none' } }, []],
  [
    'needs a class for a Gateway beside one that is used',
    {
      entry: {
        gateway: { parentRefs: [{ name: 'edge' }] },
        app: { gateway: { annotations: { 'example.com/a': 'b' } } },
      },
    },
    ['config-required spec.entry.app.gateway.className'],
  ],
  [
    'accepts the shared Gateway for an entry that also has an Ingress',
    {
      entry: {
        gateway: { parentRefs: [{ name: 'edge' }] },
        app: { gateway: {}, ingress: { controller: 'contour' } },
      },
    },
    [],
  ],
  [
    'refuses tls.acme with another mode',
    { tls: { ...acme, mode: 'secret' } },
    ['config-conflict spec.tls.acme'],
  ],
  [
    'refuses tls.ca with another mode',
    { tls: { mode: 'secret', ca: {} } },
    ['config-conflict spec.tls.ca'],
  ],
  [
    'refuses tls.issuer without cert-manager',
    { tls: { mode: 'external', issuer: {} } },
    ['config-conflict spec.tls.issuer'],
  ],
  [
    'refuses tls.secrets with external',
    { tls: { mode: 'external', secrets: { api: 'a' } } },
    ['config-conflict spec.tls.secrets'],
  ],
  [
    'refuses tls.secrets with none',
    { tls: { mode: 'none', secrets: { envoy: 'a' } } },
    ['config-conflict spec.tls.secrets'],
  ],
  [
    'refuses tls.trust with none',
    { tls: { mode: 'none', trust: 'preinstalled' } },
    ['config-conflict spec.tls.trust'],
  ],
  [
    'refuses TLS at Envoy with external',
    { tls: { mode: 'external', terminateAt: 'envoy' } },
    ['config-conflict spec.tls.terminateAt'],
  ],
  [
    'refuses TLS at Envoy with none',
    { tls: { mode: 'none', terminateAt: 'envoy' } },
    ['config-conflict spec.tls.terminateAt'],
  ],
  [
    "refuses Envoy's Secret where TLS ends at the entry",
    { tls: { mode: 'secret', secrets: { envoy: 'a' } } },
    ['config-conflict spec.tls.secrets.envoy'],
  ],
  [
    "refuses the app's Secret where TLS ends at Envoy",
    { tls: { mode: 'secret', terminateAt: 'envoy', secrets: { app: 'a' } } },
    ['config-conflict spec.tls.secrets.app'],
  ],

  [
    'refuses a word for trust',
    { tls: { mode: 'secret', trust: 'pre-installed-x' } },
    ['config-value spec.tls.trust'],
  ],
  [
    'refuses a word for the solver',
    { tls: { mode: 'acme', acme: { email: 'a@b.example', solver: 'dns01' } } },
    ['config-value spec.tls.acme.solver'],
  ],
  [
    'refuses http for the ACME server',
    { tls: { mode: 'acme', acme: { email: 'a@b.example', server: 'http://a.example' } } },
    ['config-value spec.tls.acme.server'],
  ],
  [
    'refuses a mail address with a name',
    { tls: { mode: 'acme', acme: { email: 'A <a@b.example>' } } },
    ['config-value spec.tls.acme.email'],
  ],
  [
    'refuses a ConfigMap key with a slash',
    { tls: { mode: 'ca', trust: { configMap: 'ca', key: 'a/b' } } },
    ['config-value spec.tls.trust.key'],
  ],

  [
    'accepts one wildcard Secret with mode secret',
    { tls: { mode: 'secret', secrets: { api: 'w', app: 'w' } }, hosts: aliases(['x.example.com']) },
    [],
  ],
  [
    'refuses one Secret where an issuer writes it',
    { tls: { ...acme, secrets: { api: 'w', app: 'w' } } },
    ['config-conflict spec.tls.secrets.app'],
  ],
  [
    'refuses the Secret of an alias with external',
    { tls: { mode: 'external' }, hosts: aliases([{ host: 'x.example.com', secretName: 's' }]) },
    ['config-conflict spec.hosts.aliases.api[0].secretName'],
  ],
  [
    'refuses two aliases whose Secrets get one name',
    { hosts: aliases(['a-b.example.com', 'a.b.example.com']) },
    ['config-conflict spec.hosts.aliases.api[1]'],
  ],

  ['accepts a Gateway that is made', { entry: { gateway: { className: 'contour' } } }, []],
  [
    'accepts Ingress and Gateway together',
    { entry: { ingress: { className: 'nginx' }, gateway: { parentRefs: [{ name: 'g' }] } } },
    [],
  ],
  [
    'refuses a Gateway both made and used',
    { entry: { gateway: { className: 'c', parentRefs: [{ name: 'g' }] } } },
    ['config-conflict spec.entry.gateway.className'],
  ],
  [
    'refuses a Gateway neither made nor used',
    { entry: { api: { gateway: {} } } },
    ['config-required spec.entry.api.gateway.className'],
  ],
  [
    'takes the class of one entry from both',
    { entry: { gateway: { className: 'c' }, api: { gateway: { annotations: {} } } } },
    [],
  ],

  ['accepts host:port for the workflow engine', { workflowEngine: { host: 'temporal:7233' } }, []],
  [
    'refuses a scheme for the workflow engine',
    { workflowEngine: { host: 'http://temporal:7233' } },
    ['config-value spec.workflowEngine.host'],
  ],
  [
    'refuses a workflow engine without a port',
    { workflowEngine: { host: 'temporal' } },
    ['config-value spec.workflowEngine.host'],
  ],
  ['accepts an object store by URL', { objectStore: { endpoint: 'https://s3.example.com/' } }, []],
  ['accepts an object store by host:port', { objectStore: { endpoint: 'minio:9000' } }, []],
  [
    'refuses an object store with a path',
    { objectStore: { endpoint: 'https://s3.example.com/bucket' } },
    ['config-value spec.objectStore.endpoint'],
  ],
  [
    'refuses an object store with credentials',
    { objectStore: { endpoint: 'https://a:b@s3.example.com' } },
    ['config-value spec.objectStore.endpoint'],
  ],
  ['accepts a Service as upstream', { envoy: { upstream: { host: 'a.b.svc', port: 15566 } } }, []],
  [
    'refuses an upstream with a port in its host',
    { envoy: { upstream: { host: 'a.b:1', port: 15566 } } },
    ['config-host spec.envoy.upstream.host'],
  ],

  [
    'accepts compute clusters',
    {
      computeClusters: [
        { name: 'gpu', server: 'https://k8s.example.com:6443', cidrs: ['203.0.113.10'] },
        { name: 'cpu', server: 'https://k8s.example.com' },
        { name: 'edge', server: 'https://203.0.113.77:6443/', cidrs: ['203.0.113.64/27'] },
      ],
      controlPlane: { egressCidrs: ['198.51.100.4', '2001:db8::/48'] },
    },
    [],
  ],
  [
    'refuses a name and an address twice',
    {
      computeClusters: [
        { name: 'gpu', server: 'https://k8s.example.com:443' },
        { name: 'gpu', server: 'https://k8s.example.com' },
      ],
    },
    [
      'config-conflict spec.computeClusters[1].name',
      'config-conflict spec.computeClusters[1].server',
    ],
  ],
  [
    'refuses a server that is not among its addresses',
    {
      computeClusters: [{ name: 'a', server: 'https://[2001:db8::1]:6443', cidrs: ['10.0.0.0/8'] }],
    },
    ['config-conflict spec.computeClusters[0].cidrs'],
  ],
  ...[
    'k8s.example.com:6443',
    'http://k8s.example.com:6443',
    'https://k8s.example.com/api',
    'https://k8s.example.com?a=b',
    'https://user@k8s.example.com',
    'https://K8s.example.com',
    'https://k8s.example.com:0',
  ].map((server): (typeof cases)[number] => [
    `refuses the server ${server}`,
    { computeClusters: [{ name: 'a', server }] },
    ['config-value spec.computeClusters[0].server'],
  ]),
  [
    'refuses addresses of the control plane that no cluster sees',
    { controlPlane: { egressCidrs: ['198.51.100.4'] } },
    ['config-conflict spec.controlPlane.egressCidrs'],
  ],
  [
    'refuses every address as that of the control plane',
    {
      computeClusters: [{ name: 'a', server: 'https://k8s.example.com' }],
      controlPlane: { egressCidrs: ['::/0'] },
    },
    ['config-value spec.controlPlane.egressCidrs[0]'],
  ],
];
for (const [name, spec, expected] of cases)
  test(name, () => assert.equal(labels(problemsOf(spec)), expected));

test('an address in upper case is refused with the same in lower case', () => {
  const [problem] = problemsOf({ workflowEngine: { host: 'Cadence.Example.com:7833' } });
  assert.is(problem?.path, 'spec.workflowEngine.host');
  assert.is(problem?.fix, 'write `cadence.example.com:7833`');
});

test('of items that are no text the schema speaks alone', () => {
  const problems = problemsOf({ cors: { allowHeaders: [1, 1], allowOrigins: [true] } });
  assert.equal([...new Set(problems.map(({ code }) => code))], ['config-value']);
});

test('two clusters without a name have no name in common', () => {
  const computeClusters = ['a', 'b'].map((name) => ({ server: `https://${name}.example.com` }));
  const codes = problemsOf({ computeClusters }).map(({ code, path }) => `${code} ${path}`);
  assert.equal(
    codes.filter((line) => !line.startsWith('config-required')),
    [],
  );
});

test('the last port there is may be written', () => {
  assert.equal(problemsOf({ envoy: { upstream: { host: 'api.example.com', port: 65535 } } }), []);
  assert.equal(problemsOf({ objectStore: { endpoint: 's3.example.com:65535' } }), []);
});

test.run();
