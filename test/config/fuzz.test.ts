import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkConfig, loadConfig } from '../../src/config/load.ts';
import { formatProblems } from '../../src/errors.ts';
import { printYaml } from '../../src/yaml/yaml.ts';
import { withSpec } from './fixtures.ts';

const GOOD = printYaml(withSpec());

/** Small, fast, and the same in every run (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const atoms: unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  443,
  1e30,
  Number.NaN,
  '',
  ' ',
  'x',
  '*',
  'null',
  'secret',
  'acme',
  'none',
  'envoy',
  'compute',
  'ml.example.com',
  'api.ml.example.com',
  'https://*.example.com:*',
  'http://[::1',
  '%',
  'https://%',
  '::',
  '10.0.0.0/8',
  '1/2/3',
  'ünï',
  '\u0000',
  '$' + '{X:y}',
  '{{.X}}',
  '\ud800',
  'xn--',
  'xn--a.b',
  'a'.repeat(300),
  [],
  {},
];
const keys = [
  'domain',
  'hosts',
  'api',
  'app',
  'aliases',
  'host',
  'secretName',
  'port',
  'tls',
  'mode',
  'acme',
  'ca',
  'issuer',
  'secrets',
  'trust',
  'terminateAt',
  'entry',
  'ingress',
  'gateway',
  'parentRefs',
  'annotations',
  'cors',
  'allowOrigins',
  'allowHeaders',
  'maxAge',
  'workflowEngine',
  'workers',
  'objectStore',
  'endpoint',
  'computeClusters',
  'cidrs',
  'server',
  'name',
  'role',
  'computeCluster',
  'networkPolicies',
  'egress',
  'from',
  'absent',
  'checks',
  'worker',
  'apiAddress',
  'envoy',
  'upstream',
  'constructor',
  'a.b/c',
  '',
];

const fragments: Record<string, unknown>[] = [
  {},
  { port: 8443 },
  { absent: ['ui'] },
  { worker: { apiAddress: 'public' } },
  { cors: { allowOrigins: ['https://*.example.com'], maxAge: 600 } },
  { hosts: { api: 'x.example.com', aliases: { app: ['y.example.com'] } } },
];

test('never throws, and always gives settings or at least one error', () => {
  const random = randomNumbers(7);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const value = (depth: number): unknown => {
    const kind = random();
    const size = Math.floor(random() * 4);
    if (depth === 0 || kind < 0.4) return pick(atoms);
    if (kind < 0.55) return Array.from({ length: size }, () => value(depth - 1));
    return Object.fromEntries(
      Array.from({ length: size + 1 }, () => [pick(keys), value(depth - 1)]),
    );
  };
  const outcomes = { good: 0, bad: 0 };
  for (let round = 0; round < 500; round++) {
    const wild = random() < 0.7 ? { [pick(keys)]: value(4), [pick(keys)]: value(4) } : {};
    const spec = { ...pick(fragments), ...pick(fragments), ...wild };
    const config = random() < 0.9 ? withSpec(spec) : value(5);
    for (const result of [checkConfig(config), loadConfig(JSON.stringify(config) ?? '')]) {
      assert.is(result.settings === undefined, result.problems.length > 0);
      assert.not.match(formatProblems(result.problems), 'undefined');
      outcomes[result.settings ? 'good' : 'bad']++;
    }
  }
  assert.ok(outcomes.good > 50 && outcomes.bad > 300, JSON.stringify(outcomes));
});

test('never throws on text that was cut or garbled', () => {
  const random = randomNumbers(11);
  const noise = [
    '\t',
    '\u0000',
    '&a',
    '*a',
    '- ',
    ': ',
    '{',
    ']',
    '"',
    '|',
    '<<: ',
    '---\n',
    '%',
    '!',
    '\r',
  ];
  for (let round = 0; round < 500; round++) {
    const at = Math.floor(random() * GOOD.length);
    const text = `${GOOD.slice(0, at)}${noise[round % noise.length]}${GOOD.slice(at + Math.floor(random() * 5))}`;
    const result = loadConfig(text);
    assert.is(result.settings === undefined, result.problems.length > 0);
  }
});

test.run();
