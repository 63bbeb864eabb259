/** The table of controllers against itself and the schema. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import type { Controller, Marks } from '../../src/controllers/controller.ts';
import {
  CONTROLLERS,
  type ControllerName,
  KNOWN_MARKS,
  marksOf,
  PASS_THROUGH_TITLES,
  REDIRECT_MARKS,
} from '../../src/controllers/index.ts';
import { timeoutSeconds } from '../../src/controllers/shared/durations.ts';
import { GATEWAY_IMPLEMENTATIONS } from '../../src/controllers/shared/gateways.ts';
import { speaksGrpc } from '../../src/controllers/shared/grpc.ts';
import { type WantedMarks, wantedMarks } from '../../src/controllers/shared/wanted-marks.ts';
import type { JsonObject } from '../../src/yaml/json.ts';

const test = suite('controllers');

const rows = Object.entries(CONTROLLERS) as [ControllerName, Controller][];
const values = (marks: Marks | undefined): string[] =>
  Object.values({ ...marks?.ingress, ...marks?.service });
const keys = (marks: Marks | undefined): string[] =>
  Object.keys({ ...marks?.ingress, ...marks?.service });

test('are the files of the folder, and those of the schema', () => {
  const files = readdirSync(join(packageRoot, 'src/controllers'))
    .filter((file) => file.endsWith('.ts') && !/^(?:controller|index)\./.test(file))
    .map((file) => file.replace(/\.ts$/, ''));
  assert.equal(Object.keys(CONTROLLERS).sort(), files.sort());
  const schema = JSON.parse(
    readFileSync(join(packageRoot, 'src/config/generated/domain-config.schema.json'), 'utf8'),
  );
  const { properties } = schema.definitions.IngressEntry;
  assert.equal(properties.controller.enum, Object.keys(CONTROLLERS));
});

test('are reached through their list alone', () => {
  const source = join(packageRoot, 'src');
  const texts = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('generated'))
    .map((path) => [path, readFileSync(join(source, path), 'utf8')] as const);
  for (const [path, text] of texts)
    for (const name of Object.keys(CONTROLLERS))
      assert.not(text.includes(`/${name}.ts'`), `${path} imports ${name}.ts`);
  // A class, an annotation that is written or read, outside the file of its controller.
  const facts = rows.flatMap(([, controller]) => [
    controller.classController,
    ...marksOf(controller).flatMap(keys),
    ...(controller.grpcWays ?? []).map(({ key }) => key).filter((key) => key.includes('/')),
    ...Object.keys({ ...controller.redirects, ...controller.tlsWithoutSecret }),
    ...Object.keys(controller.sharedPaths ?? {}),
  ]);
  // On a Gateway, GKE reads the same one; what the other names has to be there.
  const shared = [
    'rules/listeners.ts networking.gke.io/certmap',
    'checks/shared/gke-settings.ts networking.gke.io/managed-certificates',
    'checks/gke-reference.ts ingress.gcp.kubernetes.io/pre-shared-cert',
    'checks/gke-reference.ts networking.gke.io/certmap',
    // What switches buffers on; the controller's own file says what is wanted.
    'checks/entry-buffers.ts nginx.org/proxy-buffering',
    'checks/entry-buffers.ts konghq.com/request-buffering',
    'checks/entry-buffers.ts konghq.com/response-buffering',
    // Whether an Ingress has TLS there at all.
    'checks/traefik-router.ts traefik.ingress.kubernetes.io/router.tls',
  ];
  for (const [path, text] of texts.filter(([one]) => !one.startsWith('controllers')))
    for (const fact of new Set(facts))
      if (!shared.includes(`${path} ${fact}`))
        assert.not(text.includes(`'${fact}'`), `${path} knows ${fact}`);
});

test('have golden cases each', () => {
  for (const [name] of rows)
    assert.ok(existsSync(join(packageRoot, 'test/cases', `controller-${name}`)), name);
});

for (const [name, controller] of rows) {
  const { both, grpc, timeouts, sendTimeouts, web, tls, limits = [] } = controller;

  test(`${name} says where its values are from`, () => {
    assert.ok(controller.sources.length > 0);
    for (const source of controller.sources) assert.match(source, /^[A-Za-z-]+(\/| )/);
  });

  test(`${name} carries gRPC, or says that it cannot and what can`, () => {
    const refusal = limits.find(
      ({ severity, role, places }) => severity === 'error' && role === 'api' && !places,
    );
    assert.is(grpc === undefined, refusal !== undefined);
    if (refusal) assert.match(refusal.fix, 'entry.api.gateway');
  });

  test(`${name} waits an hour wherever it can be told to, and says where else`, () => {
    for (const value of [...values(timeouts), ...values(sendTimeouts)])
      assert.is(timeoutSeconds(controller, value, value), 3600);
    assert.ok(timeouts || limits.some(({ kind }) => kind === 'timeout') || name === 'istio');
  });

  test(`${name} understands the marks for gRPC that it is given`, () => {
    const given = { service: 'api', port: 15566, publicPort: 443 };
    const wanted = wantedMarks({ controller, role: 'api', place: 'entry' }, given);
    const port = { port: 15566, ...(wanted.appProtocol && { appProtocol: wanted.appProtocol }) };
    const json = (from: WantedMarks['ingress'], ports: object[]) => {
      const annotations = Object.fromEntries([...from].map(([key, { value }]) => [key, value]));
      return { metadata: { annotations }, spec: { ports } } as JsonObject;
    };
    const target = {
      ingress: json(wanted.ingress, []),
      service: json(wanted.service, [port]),
      name: 'api',
      port: 15566,
    };
    assert.is(speaksGrpc(controller, target), grpc !== undefined);
    // A port without a name is in no list.
    const unmarked = { ...target, ingress: {}, service: json(new Map(), [{ port: 15566 }]) };
    assert.is(speaksGrpc(controller, unmarked), controller.followsClient === true);
  });

  test(`${name} has its gRPC marks on the API entry alone`, () => {
    const others = [both, timeouts, sendTimeouts, web, ...Object.values(tls)];
    for (const marks of others) {
      assert.is(marks?.appProtocol, undefined);
      for (const value of values(marks)) assert.not.match(value, /grpc|h2/i);
    }
  });

  test(`${name} has quoted strings as values, and keys with a prefix`, () => {
    for (const marks of marksOf(controller)) {
      for (const key of keys(marks)) assert.match(key, /^[a-z0-9.-]+\/[A-Za-z0-9._-]+$/);
      for (const value of values(marks)) assert.type(value, 'string');
    }
  });

  test(`${name} has one gRPC mark for a whole Ingress only where it says so`, () => {
    const whole = Object.values(grpc?.ingress ?? {}).some((value) => !value.includes('{service}'));
    assert.is(whole, controller.oneProtocolPerIngress === true);
  });

  test(`${name} has limits that read as a sentence and an instruction`, () => {
    for (const { message, fix } of limits) {
      assert.not.match(message, /\.$/);
      assert.match(fix, /^[a-z]/);
    }
  });
}

test('redirect to HTTPS only where TLS ends at the controller or in front of an ALB', () => {
  for (const [name, { tls }] of rows) {
    const redirects = keys(tls.external).filter((key) => key in REDIRECT_MARKS);
    assert.equal(redirects, name === 'alb' ? ['alb.ingress.kubernetes.io/ssl-redirect'] : []);
    // Of what passes through, ingress-nginx has to redirect port 80 by force.
    const passing = keys(tls.envoy).filter((key) => key in REDIRECT_MARKS);
    const forced = ['nginx.ingress.kubernetes.io/force-ssl-redirect'];
    assert.equal(passing, name === 'ingress-nginx' ? forced : []);
    for (const value of values(tls.none)) assert.not.match(value, /^(?:true|enabled)$/i);
  }
});

test('that pass TLS through are named by their titles', () => {
  const titles = rows.flatMap(([, { tls, title }]) => (tls.envoy ? [title] : []));
  assert.equal(PASS_THROUGH_TITLES, titles);
  assert.ok(titles.includes('Cilium Ingress'));
});

test('are told apart by the controller of an IngressClass', () => {
  const prefixes = rows.map(([, { classController }]) => classController);
  for (const one of prefixes)
    assert.equal(
      prefixes.filter((other) => other.startsWith(one)),
      [one],
    );
  for (const { ingressController } of GATEWAY_IMPLEMENTATIONS)
    if (ingressController) assert.ok(ingressController in CONTROLLERS);
});

test('know every mark that they write, and every redirect', () => {
  const { annotations, appProtocols } = KNOWN_MARKS;
  const written = rows.flatMap(([, controller]) => marksOf(controller).flatMap(keys));
  for (const key of [...written, ...Object.keys(REDIRECT_MARKS)])
    assert.ok(annotations.has(key), key);
  assert.equal([...appProtocols], ['kubernetes.io/h2c']);
  // Somebody else's.
  for (const key of ['cert-manager.io/cluster-issuer', 'kubernetes.io/ingress.class'])
    assert.not(annotations.has(key));
});

test.run();
