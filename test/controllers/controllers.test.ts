/** The table of controllers against itself and the schema. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import type { Controller, Marks } from '../../src/controllers/controller.ts';
import {
  CONTROLLERS,
  type ControllerName,
  knownMarks,
  marksOf,
  passThroughTitles,
} from '../../src/controllers/index.ts';
import { REDIRECT_MARKS } from '../../src/controllers/redirect-marks.ts';

const test = suite('controllers');

const rows = Object.entries(CONTROLLERS) as [ControllerName, Controller][];
const values = (marks: Marks | undefined): string[] =>
  Object.values({ ...marks?.ingress, ...marks?.service });
const keys = (marks: Marks | undefined): string[] =>
  Object.keys({ ...marks?.ingress, ...marks?.service });

test('are those of the schema, in its order', () => {
  const schema = JSON.parse(
    readFileSync(join(packageRoot, 'src/config/domain-config.schema.json'), 'utf8'),
  );
  const { properties } = schema.definitions.IngressEntry;
  assert.equal(Object.keys(CONTROLLERS), properties.controller.enum);
});

for (const [name, controller] of rows) {
  const { both, grpc, timeouts, web, tls, limits = [] } = controller;

  test(`${name} says where its values are from`, () => {
    assert.ok(controller.sources.length > 0);
    for (const source of controller.sources) assert.match(source, /^[A-Za-z-]+(\/| )/);
  });

  test(`${name} carries gRPC, or says that it cannot and what can`, () => {
    const refusal = limits.find(
      ({ severity, role, places }) => severity === 'error' && role === 'api' && !places,
    );
    assert.is(grpc === undefined, refusal !== undefined);
    if (refusal) assert.match(refusal.mend, 'entry.api.gateway');
  });

  test(`${name} waits an hour wherever it can be told to, and says where else`, () => {
    for (const value of values(timeouts)) assert.match(value, /(?:^|=)3600(?:s|000)?$/);
    const silent = limits.some(({ message }) => /silent|timeout/.test(message));
    assert.ok(timeouts || silent || name === 'istio');
  });

  test(`${name} has its gRPC marks on the API entry alone`, () => {
    const others = [both, timeouts, web, ...Object.values(tls)];
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
    for (const { message, mend } of limits) {
      assert.not.match(message, /\.$/);
      assert.match(mend, /^[a-z]/);
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

test('pass TLS through in four cases', () => {
  const names = rows.filter(([, { tls }]) => tls.envoy).map(([name]) => name);
  assert.equal(names, ['ingress-nginx', 'haproxy', 'haproxy-ingress', 'cilium']);
  assert.is(passThroughTitles().length, names.length);
});

test('know every mark that they write, and every redirect', () => {
  const { annotations, appProtocols } = knownMarks();
  const written = rows.flatMap(([, controller]) => marksOf(controller).flatMap(keys));
  for (const key of [...written, ...Object.keys(REDIRECT_MARKS)])
    assert.ok(annotations.has(key), key);
  assert.equal([...appProtocols], ['kubernetes.io/h2c']);
  // Somebody else's.
  for (const key of ['cert-manager.io/cluster-issuer', 'kubernetes.io/ingress.class'])
    assert.not(annotations.has(key));
});

test.run();
