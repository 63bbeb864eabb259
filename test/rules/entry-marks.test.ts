/** The marks that the entries get, on the base's Ingresses and on others. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DomainConfig } from '../../src/config/generated/domain-config.ts';
import { resolveSettings } from '../../src/config/settings.ts';
import { CONTROLLERS, type ControllerName, KNOWN_MARKS } from '../../src/controllers/index.ts';
import type { Problem } from '../../src/errors.ts';
import { Manifests } from '../../src/manifests/manifests.ts';
import type { Resource } from '../../src/manifests/resource.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { entryMarks } from '../../src/rules/entry-marks.ts';
import { ruleSettings } from '../../src/rules/rule-settings.ts';
import { Surface } from '../../src/surface/surface.ts';
import { getIn, type JsonObject } from '../../src/yaml/json.ts';
import { applyOperations } from '../../src/yaml/json-patch.ts';
import { service } from './support.ts';

const test = suite('entry marks');

const API_MARKS = `    nginx.ingress.kubernetes.io/ssl-redirect: "true"
    nginx.ingress.kubernetes.io/backend-protocol: "GRPC"
    nginx.ingress.kubernetes.io/proxy-read-timeout: "3600"
    nginx.ingress.kubernetes.io/proxy-send-timeout: "3600"
    nginx.ingress.kubernetes.io/proxy-body-size: "0"`;
const APP_MARKS = API_MARKS.split('\n')
  .filter((line) => !line.includes('GRPC'))
  .join('\n');
const KEPT = 'example.com/owner: platform';

const rule = (host: string, backend: string, port: number) => `    - host: ${host}
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${backend}, port: { number: ${port} } } } }] }
`;

function ingress(
  name: string,
  marks: string,
  rules: string,
  specLines = '  ingressClassName: nginx\n',
) {
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations:
    ${KEPT}
${marks}
spec:
${specLines}  rules:
${rules}`;
}

const API_SERVICE = service(
  'michelangelo-apiserver',
  '[{ name: metrics, port: 9090 }, { name: grpc, port: 15566 }]',
);
const APP_SERVICE = service(
  'michelangelo-envoy',
  '[{ name: http, port: 8081 }]',
  '  labels: { network.michelangelo.api/role: envoy }\n',
);
const API_RULE = rule('api.old.example.com', 'michelangelo-apiserver', 15566);
const APP_RULE = rule('app.old.example.com', 'michelangelo-envoy', 8081);
const SERVICES = [API_SERVICE, APP_SERVICE];

/** The base's Ingresses, written for ingress-nginx. */
const BASE = [
  ingress('michelangelo-apiserver', API_MARKS, API_RULE),
  ingress('michelangelo-ui', APP_MARKS, APP_RULE),
  ...SERVICES,
];
const SHARED = [ingress('michelangelo', API_MARKS, API_RULE + APP_RULE), ...SERVICES];

interface Result {
  surface: Surface;
  text: string;
  edits: string[];
  problems: Problem[];
}

function apply(spec: Record<string, unknown>, documents: readonly string[] | string): Result {
  const config = {
    apiVersion: 'network.michelangelo.api/v1alpha1',
    kind: 'DomainConfig',
    metadata: { name: 'test' },
    spec: { domain: 'ml.example.com', tls: { mode: 'secret' }, ...spec },
  } as unknown as DomainConfig;
  const settings = resolveSettings(config);
  const input = typeof documents === 'string' ? documents : documents.join('---\n');
  const chunks = splitDocuments(Buffer.from(input));
  const surface = new Surface(new Manifests(chunks), { settings });
  const output = entryMarks({ settings: ruleSettings(settings, surface), surface });
  const edits = output.edits.map(({ resource, operation, field }) => {
    return `${operation.op} ${resource.kind} ${resource.name} ${operation.path} <- ${field}`;
  });
  for (const { resource, operation } of output.edits)
    resource.json = applyOperations(resource.json, [operation]) as JsonObject;
  const { apiServer, envoyServices } = surface;
  const [apiEntry, appEntry] = [surface.ingressOf('api'), surface.ingressOf('app')];
  const resources = new Set([apiEntry, appEntry, apiServer, ...envoyServices]);
  const text = [...resources]
    .flatMap((resource) => (resource ? JSON.stringify(resource.json) : []))
    .join('\n---\n');
  return { surface, text, edits, problems: output.problems };
}

const served = (controller: ControllerName, more: Record<string, unknown> = {}) => ({
  entry: { ingress: { controller, ...more } },
});

function annotations(resource: Resource | undefined): JsonObject {
  return (getIn(resource?.json, ['metadata', 'annotations']) ?? {}) as JsonObject;
}

/** All marks of one role, `appProtocol` among them. */
function marks({ surface }: Result, role: 'api' | 'app'): JsonObject {
  const isApi = role === 'api';
  const backend = isApi ? surface.apiServer : surface.envoyServices[0];
  const ports = getIn(backend?.json, ['spec', 'ports']) as JsonObject[];
  const appProtocol = ports.map((port) => port['appProtocol']).find(Boolean);
  const { [KEPT.split(':')[0] as string]: _kept, ...entry } = annotations(
    isApi ? surface.ingressOf('api') : surface.ingressOf('app'),
  );
  return { ...entry, ...annotations(backend), ...(appProtocol ? { appProtocol } : {}) };
}

const codes = ({ problems }: Result, severity: string) =>
  problems
    .filter((problem) => problem.severity === severity)
    .map(({ code, path }) => `${code} ${path}`);

const names = Object.keys(CONTROLLERS) as ControllerName[];
const MODES = ['secret', 'external', 'none'] as const;
type Mode = (typeof MODES)[number];

/** Marks of the API entry besides those of the app's, and of the app's, where TLS ends at the entry. */
const WANTED: Partial<Record<ControllerName, { grpc: JsonObject; app: JsonObject }>> = {
  'ingress-nginx': {
    grpc: { 'nginx.ingress.kubernetes.io/backend-protocol': 'GRPC' },
    app: {
      'nginx.ingress.kubernetes.io/proxy-body-size': '0',
      'nginx.ingress.kubernetes.io/proxy-read-timeout': '3600',
      'nginx.ingress.kubernetes.io/proxy-send-timeout': '3600',
      'nginx.ingress.kubernetes.io/ssl-redirect': 'true',
    },
  },
  'nginx-inc': {
    grpc: { 'nginx.org/grpc-services': 'michelangelo-apiserver' },
    app: {
      'nginx.org/client-max-body-size': '0',
      'nginx.org/proxy-buffering': 'False',
      'nginx.org/proxy-read-timeout': '3600s',
      'nginx.org/proxy-send-timeout': '3600s',
      'nginx.org/ssl-redirect': 'True',
    },
  },
  traefik: {
    grpc: { 'traefik.ingress.kubernetes.io/service.serversscheme': 'h2c' },
    app: {
      'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
      'traefik.ingress.kubernetes.io/router.tls': 'true',
    },
  },
  contour: {
    grpc: { 'projectcontour.io/upstream-protocol.h2c': '15566' },
    app: {
      'ingress.kubernetes.io/force-ssl-redirect': 'true',
      'projectcontour.io/response-timeout': '3600s',
    },
  },
  haproxy: {
    grpc: { 'haproxy.org/server-proto': 'h2' },
    app: {
      'haproxy.org/ssl-redirect': 'true',
      'haproxy.org/ssl-redirect-port': '443',
      'haproxy.org/timeout-server': '3600s',
    },
  },
  'haproxy-ingress': {
    grpc: { 'haproxy-ingress.github.io/backend-protocol': 'h2' },
    app: {
      'haproxy-ingress.github.io/ssl-redirect': 'true',
      'haproxy-ingress.github.io/timeout-server': '3600s',
    },
  },
  alb: {
    grpc: {
      'alb.ingress.kubernetes.io/backend-protocol-version': 'GRPC',
      'alb.ingress.kubernetes.io/success-codes': '0-99',
    },
    app: {
      'alb.ingress.kubernetes.io/load-balancer-attributes': 'idle_timeout.timeout_seconds=3600',
      'alb.ingress.kubernetes.io/target-type': 'ip',
    },
  },
  gke: { grpc: {}, app: { 'kubernetes.io/ingress.class': 'gce' } },
  istio: { grpc: { appProtocol: 'kubernetes.io/h2c' }, app: {} },
  kong: {
    grpc: { 'konghq.com/protocol': 'grpc', 'konghq.com/protocols': 'grpc,grpcs' },
    app: {
      'konghq.com/https-redirect-status-code': '308',
      'konghq.com/protocols': 'https',
      'konghq.com/read-timeout': '3600000',
      'konghq.com/request-buffering': 'false',
      'konghq.com/response-buffering': 'false',
      'konghq.com/write-timeout': '3600000',
    },
  },
  cilium: {
    grpc: { appProtocol: 'kubernetes.io/h2c' },
    app: {
      'ingress.cilium.io/force-https': 'enabled',
      'ingress.cilium.io/request-timeout': '3600s',
    },
  },
};

/** What the modes without Secrets have in place of the marks for TLS. */
const WITHOUT_SECRETS: Partial<Record<ControllerName, Record<'external' | 'none', JsonObject>>> = {
  'ingress-nginx': {
    external: {},
    none: {
      'nginx.ingress.kubernetes.io/force-ssl-redirect': 'false',
      'nginx.ingress.kubernetes.io/ssl-redirect': 'false',
    },
  },
  'nginx-inc': {
    external: {},
    none: { 'nginx.org/redirect-to-https': 'False', 'nginx.org/ssl-redirect': 'False' },
  },
  traefik: { external: {}, none: { 'traefik.ingress.kubernetes.io/router.entrypoints': 'web' } },
  haproxy: { external: {}, none: { 'haproxy.org/ssl-redirect': 'false' } },
  'haproxy-ingress': { external: {}, none: { 'haproxy-ingress.github.io/ssl-redirect': 'false' } },
  alb: {
    external: {
      'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP": 80}, {"HTTPS": 443}]',
      'alb.ingress.kubernetes.io/ssl-redirect': '443',
    },
    none: { 'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP": 80}]' },
  },
  cilium: { external: {}, none: { 'ingress.cilium.io/force-https': 'disabled' } },
};

function wanted(name: ControllerName, mode: Mode, role: 'api' | 'app'): JsonObject {
  const { web, tls } = CONTROLLERS[name];
  const all: JsonObject = { ...WANTED[name]?.app };
  if (role === 'api') for (const key of Object.keys(web?.ingress ?? {})) delete all[key];
  if (mode !== 'secret') {
    for (const key of Object.keys(tls.entry?.ingress ?? {})) delete all[key];
    Object.assign(all, WITHOUT_SECRETS[name]?.[mode]);
  }
  return { ...all, ...(role === 'api' ? WANTED[name]?.grpc : {}) };
}

const sorted = (map: JsonObject) => Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));

for (const name of names)
  for (const mode of MODES) {
    const spec = { tls: { mode }, ...served(name) };
    test(`turns the base's entries into those of ${name}, tls.mode ${mode}`, () => {
      const result = apply(spec, BASE);
      // A controller that is new has golden cases, and no row here.
      for (const role of name in WANTED ? (['api', 'app'] as const) : [])
        assert.equal(sorted(marks(result, role)), sorted(wanted(name, mode, role)), role);
      for (const entry of [result.surface.ingressOf('api'), result.surface.ingressOf('app')]) {
        assert.is(annotations(entry)['example.com/owner'], 'platform');
        const className = getIn(entry?.json, ['spec', 'ingressClassName']);
        const { classAnnotation, className: own } = CONTROLLERS[name];
        assert.is(className, classAnnotation ? undefined : own);
      }
    });

    test(`changes nothing when ${name} is applied twice, tls.mode ${mode}`, () => {
      const once = apply(spec, BASE);
      const twice = apply(spec, once.text);
      assert.equal(twice.edits, []);
      assert.is(twice.text, once.text);
    });
  }

for (const from of names)
  test(`leaves no mark of ${from} behind`, () => {
    const before = apply(served(from), BASE).text;
    for (const to of names) {
      const after = apply(served(to), before);
      const direct = apply(served(to), BASE);
      for (const role of ['api', 'app'] as const)
        assert.equal(sorted(marks(after, role)), sorted(marks(direct, role)), `${to} ${role}`);
    }
  });

/** Errors and warnings by controller, mode and role. */
const REFUSALS: [ControllerName, Mode, api: number, app: number][] = [
  ['nginx-inc', 'secret', 0, 0],
  ['nginx-inc', 'external', 1, 0],
  ['nginx-inc', 'none', 1, 0],
  ['alb', 'secret', 1, 1],
  ['alb', 'external', 0, 0],
  ['alb', 'none', 1, 0],
  ['gke', 'secret', 1, 0],
  ['cilium', 'secret', 1, 0],
  ['cilium', 'none', 0, 0],
  ['traefik', 'secret', 0, 0],
];

for (const [name, mode, api, app] of REFUSALS)
  test(`refuses what ${name} cannot carry, tls.mode ${mode}`, () => {
    for (const [role, count] of [
      ['api', api],
      ['app', app],
    ] as const) {
      const spec = { tls: { mode }, entry: { [role]: { ingress: { controller: name } } } };
      const path = `spec.entry.${role}.ingress.controller`;
      const found = codes(apply(spec, BASE), 'error');
      assert.equal(found, Array(count).fill(`entry-refused ${path}`), role);
    }
  });

for (const name of names)
  test(`passes TLS through to Envoy with ${name}, or says who can`, () => {
    const tls = { mode: 'secret', terminateAt: 'envoy' };
    const result = apply({ tls, ...served(name) }, BASE);
    const refusals = result.problems.filter(({ path }) => path === 'spec.tls.terminateAt');
    const own = CONTROLLERS[name].tls;
    assert.is(refusals.length, own.envoy ? 0 : 1);
    if (!own.envoy) assert.match(`${refusals[0]?.expected}`, /Cilium Ingress.*; or a Gateway/);
    const found = marks(result, 'app');
    for (const [key, value] of Object.entries(own.envoy?.ingress ?? {}))
      assert.is(found[key], value);
    for (const key of Object.keys(own.entry?.ingress ?? {})) assert.not(key in found);
    if (name in WANTED)
      assert.equal(sorted(marks(result, 'api')), sorted(wanted(name, 'secret', 'api')));
  });

test('refuses TLS at Envoy where nothing passes it through', () => {
  const tls = { mode: 'secret', terminateAt: 'envoy' };
  const given = (annotations: Record<string, string>) =>
    codes(apply({ tls, entry: { ingress: { annotations } } }, BASE), 'error');
  const refused = ['entry-refused metadata.annotations'];
  assert.equal(codes(apply({ tls }, BASE), 'error'), refused);
  assert.equal(given({ 'example.com/team': 'platform' }), refused);
  assert.equal(given({ 'example.com/passthrough': 'false' }), refused);
  assert.equal(given({ 'example.com/passthrough': 'on' }), []);
  assert.equal(given({ 'route.openshift.io/termination': 'passthrough' }), []);
  assert.equal(apply({ tls: { mode: 'none', terminateAt: 'envoy' } }, BASE).problems, []);
});

test('writes the given annotations as they are, without a controller too', () => {
  const given = {
    'nginx.ingress.kubernetes.io/proxy-read-timeout': '60',
    'example.com/team': 'ml',
  };
  const result = apply({ entry: { ingress: { annotations: given } } }, BASE);
  const field = '<- spec.entry.ingress.annotations';
  assert.equal(result.edits, [
    `replace Ingress michelangelo-apiserver /metadata/annotations/nginx.ingress.kubernetes.io~1proxy-read-timeout ${field}`,
    `add Ingress michelangelo-apiserver /metadata/annotations/example.com~1team ${field}`,
    `replace Ingress michelangelo-ui /metadata/annotations/nginx.ingress.kubernetes.io~1proxy-read-timeout ${field}`,
    `add Ingress michelangelo-ui /metadata/annotations/example.com~1team ${field}`,
  ]);
});

test('takes a given annotation neither for stale nor for its own', () => {
  const given = {
    'projectcontour.io/response-timeout': 'infinity',
    'nginx.ingress.kubernetes.io/backend-protocol': 'GRPC',
  };
  const spec = served('contour', { annotations: given });
  const result = apply(spec, BASE);
  for (const role of ['api', 'app'] as const)
    for (const [key, value] of Object.entries(given)) assert.is(marks(result, role)[key], value);
  assert.equal(apply(spec, result.text).edits, []);
});

test('leaves annotations alone that are in no table', () => {
  const marksOfOthers = `${API_MARKS}
    nginx.ingress.kubernetes.io/whitelist-source-range: 10.0.0.0/8
    cert-manager.io/cluster-issuer: own`;
  const documents = [ingress('michelangelo-apiserver', marksOfOthers, API_RULE), ...BASE.slice(1)];
  const found = annotations(apply(served('contour'), documents).surface.ingressOf('api'));
  assert.is(found['nginx.ingress.kubernetes.io/whitelist-source-range'], '10.0.0.0/8');
  assert.is(found['cert-manager.io/cluster-issuer'], 'own');
  assert.equal(
    Object.keys(found).filter((key) => key.startsWith('nginx') && KNOWN_MARKS.annotations.has(key)),
    [],
  );
});

test('serves each entry by its own controller', () => {
  const entry = {
    api: { ingress: { controller: 'contour', className: 'internal' } },
    app: { ingress: { controller: 'alb' } },
  };
  const result = apply({ tls: { mode: 'external' }, entry }, BASE);
  assert.equal(sorted(marks(result, 'api')), sorted(wanted('contour', 'external', 'api')));
  assert.equal(sorted(marks(result, 'app')), sorted(wanted('alb', 'external', 'app')));
  assert.ok(
    result.edits.includes(
      'replace Ingress michelangelo-apiserver /spec/ingressClassName <- spec.entry.api.ingress.className',
    ),
  );
  const controllers = result.edits.filter(
    (edit) => edit.includes('ingressClassName') && edit.includes('michelangelo-ui'),
  );
  assert.equal(controllers, [
    'replace Ingress michelangelo-ui /spec/ingressClassName <- spec.entry.app.ingress.controller',
  ]);
});

test('names tls.mode for the marks that follow from it', () => {
  const { edits } = apply(served('traefik'), BASE);
  assert.ok(edits.some((edit) => edit.endsWith('router.tls <- spec.tls.mode')));
  assert.ok(
    edits.some(
      (edit) =>
        edit.endsWith('serversscheme <- spec.entry.ingress.controller') ||
        edit.endsWith('/metadata/annotations <- spec.entry.ingress.controller'),
    ),
  );
});

test('writes the public port where a controller redirects to a port or listens on it', () => {
  const tls = { mode: 'external' };
  const alb = apply({ port: 8443, tls, ...served('alb') }, BASE);
  const found = annotations(alb.surface.ingressOf('app'));
  assert.is(found['alb.ingress.kubernetes.io/listen-ports'], '[{"HTTP": 80}, {"HTTPS": 8443}]');
  assert.is(found['alb.ingress.kubernetes.io/ssl-redirect'], '8443');
  const haproxy = apply({ port: 8443, ...served('haproxy') }, BASE);
  assert.is(annotations(haproxy.surface.ingressOf('app'))['haproxy.org/ssl-redirect-port'], '8443');
});

test('keeps what serves already, as the controller reads it, and names what it replaces', () => {
  const prefix = 'nginx.ingress.kubernetes.io';
  const marks = {
    'proxy-read-timeout': '7200',
    'proxy-send-timeout': '60',
    'backend-protocol': 'GRPCS',
    'force-ssl-redirect': 'true',
  };
  const lines = Object.entries(marks).map(([key, value]) => `    ${prefix}/${key}: "${value}"`);
  const documents = [
    ingress('michelangelo-apiserver', lines.join('\n'), API_RULE),
    ...BASE.slice(1),
  ];
  const result = apply({ ...served('ingress-nginx') }, documents);
  const found = annotations(result.surface.ingressOf('api'));
  assert.equal(
    Object.keys(marks).map((key) => found[`${prefix}/${key}`]),
    ['7200', '3600', 'GRPCS', 'true'],
  );
  assert.equal(
    result.problems.filter(({ code }) => code === 'value-replaced').map((each) => each.found),
    ['`60`'],
  );
});

test("keeps the base's other load balancer attributes", () => {
  const key = 'alb.ingress.kubernetes.io/load-balancer-attributes';
  const attributes = `    ${key}: idle_timeout.timeout_seconds=60,, deletion_protection.enabled=true`;
  const documents = [ingress('michelangelo-apiserver', attributes, API_RULE), ...BASE.slice(1)];
  const result = apply({ tls: { mode: 'external' }, ...served('alb') }, documents);
  assert.is(
    annotations(result.surface.ingressOf('api'))[key],
    'deletion_protection.enabled=true,idle_timeout.timeout_seconds=3600',
  );
});

test('names the class in one place only', () => {
  const annotated = ingress(
    'michelangelo-apiserver',
    '    kubernetes.io/ingress.class: nginx',
    API_RULE,
    '',
  );
  const documents = [annotated, ...BASE.slice(1)];
  const traefik = apply(served('traefik'), documents).surface.ingressOf('api');
  assert.is(annotations(traefik)['kubernetes.io/ingress.class'], undefined);
  assert.is(getIn(traefik?.json, ['spec', 'ingressClassName']), 'traefik');
  const className = apply(
    { entry: { ingress: { className: 'own' } } },
    documents,
  ).surface.ingressOf('api');
  assert.is(annotations(className)['kubernetes.io/ingress.class'], undefined);
  assert.is(getIn(className?.json, ['spec', 'ingressClassName']), 'own');
  const internal = apply(served('gke', { className: 'gce-internal' }), BASE).surface.ingressOf(
    'app',
  );
  assert.is(annotations(internal)['kubernetes.io/ingress.class'], 'gce-internal');
  const given = served('traefik', { annotations: { 'kubernetes.io/ingress.class': 'edge' } });
  const edge = apply(given, BASE).surface.ingressOf('app');
  assert.is(annotations(edge)['kubernetes.io/ingress.class'], 'edge');
  assert.is(getIn(edge?.json, ['spec', 'ingressClassName']), undefined);
});

test('leaves a protocol on the Service that a route needs too', () => {
  const before = apply(served('istio'), BASE).text;
  const moving = {
    entry: { ingress: { controller: 'contour' }, gateway: { className: 'contour' } },
  };
  assert.is(marks(apply(moving, before), 'api')['appProtocol'], 'kubernetes.io/h2c');
  assert.is(marks(apply(served('contour'), before), 'api')['appProtocol'], undefined);
});

const withProtocol = (value: string) =>
  BASE.map((document) => document.replace('port: 15566 }', `port: 15566, appProtocol: ${value} }`));

test('names a protocol of the base that it replaces, and leaves one that says the same', () => {
  const replaced = apply(served('istio'), withProtocol('http'));
  assert.equal(
    replaced.problems
      .filter(({ code }) => code === 'value-replaced')
      .map(({ found, path }) => [found, path]),
    [['`http`', 'spec.ports[1].appProtocol']],
  );
  const left = apply(served('istio'), withProtocol('grpc'));
  assert.is(marks(left, 'api')['appProtocol'], 'grpc');
  assert.not(left.problems.some(({ code }) => code === 'value-replaced'));
});

test('marks the gRPC port of the Service and no other', () => {
  const { surface } = apply(served('istio'), BASE);
  const ports = getIn(surface.apiServer?.json, ['spec', 'ports']) as JsonObject[];
  assert.equal(
    ports.map((port) => port['appProtocol']),
    [undefined, 'kubernetes.io/h2c'],
  );
});

for (const name of names)
  test(`lets one Ingress carry both hosts with ${name}, or says to split it`, () => {
    const tls = { mode: name === 'alb' ? 'external' : 'secret' };
    const result = apply({ tls, ...served(name) }, SHARED);
    const split = result.problems.filter(({ path }) => path === 'spec.rules');
    assert.is(split.length, CONTROLLERS[name].oneProtocolPerIngress ? 1 : 0);
    if (split.length === 0) assert.equal(apply({ tls, ...served(name) }, result.text).edits, []);
  });

test('wants two Ingresses for two controllers, and where TLS of one passes through', () => {
  const entry = {
    api: { ingress: { controller: 'contour' } },
    app: { ingress: { controller: 'traefik' } },
  };
  const split = (spec: Record<string, unknown>) =>
    apply(spec, SHARED).problems.filter(({ path }) => path === 'spec.rules').length;
  assert.is(split({ entry }), 1);
  assert.is(split({ tls: { mode: 'secret', terminateAt: 'envoy' }, ...served('haproxy') }), 1);
});

test('does nothing where no Ingress is configured, or where there is none', () => {
  assert.equal(apply({}, BASE).edits, []);
  assert.equal(apply({ entry: { gateway: { className: 'contour' } } }, BASE).edits, []);
  assert.equal(apply(served('contour'), SERVICES).edits, []);
});

test.run();
