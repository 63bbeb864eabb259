/** Equal changes of several overlays are one, and nothing that differs is hidden in it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../../src/config/load.ts';
import { type Entry, groupChanges } from '../../../src/report/diff/group.ts';
import { hunksOf } from '../../../src/report/diff/hunks.ts';
import { resourceChanges } from '../../../src/report/diff/resource-changes.ts';

const settingsFor = (domain: string) =>
  loadConfig(`apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: a}
spec: {domain: ${domain}, tls: {mode: secret}}
`).settings;

interface Overlay {
  overlay: string;
  domain: string;
  there: string;
  here: string;
}

function entriesOf(...overlays: Overlay[]): Entry[] {
  return groupChanges(
    overlays.map(({ overlay, domain, there, here }) => {
      const settings = settingsFor(domain);
      const states = [there, here].map((text) => {
        return { manifests: Buffer.from(text), calls: [], settings };
      });
      const [old, now] = states as [(typeof states)[0], (typeof states)[0]];
      return { overlay, changes: resourceChanges(old, now) };
    }),
  );
}

const config = (namespace: string, lines: string, name = 'c') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\ndata:\n${lines}`;
const changed = ({ label, overlays, isExact, blocks }: Entry) => [
  label,
  overlays.map(({ overlay }) => overlay).join(),
  isExact,
  blocks.map(({ path, removed, added }) => [path, ...removed, ...added].join('|')).join(),
];

const grouping = suite('equal changes');

grouping('bytes that are equal are one change; the rest of the resource may differ', () => {
  const entries = entriesOf(
    {
      ...{ overlay: 'a', domain: 'a.example.com' },
      there: config('x', '  k: "1"\n  own: a\n'),
      here: config('x', '  k: "2"\n  own: a\n'),
    },
    {
      ...{ overlay: 'b', domain: 'b.example.com' },
      there: config('y', '  k: "1"\n  m: "1"\n'),
      here: config('y', '  k: "2"\n  m: "1"\n  z: "1"\n'),
    },
  );
  assert.equal(entries.map(changed), [
    ['ConfigMap c', 'a,b', true, 'data.k|  k: "1"|  k: "2"'],
    ['ConfigMap y/c', 'b', true, 'data.z|  z: "1"'],
  ]);
});

grouping("what differs by each one's own hosts and namespace is one change, and says so", () => {
  const text = (host: string, namespace: string, path: string) =>
    config(
      namespace,
      `  url: https://app.${host}/${path}\n  re: app\\.${host}\n  svc: s.${namespace}.svc\n`,
    );
  const of = (overlay: string, host: string, namespace: string) => ({
    ...{ overlay, domain: host },
    there: text(host, namespace, 'old'),
    here: text(host, namespace, 'new'),
  });
  const [only, ...others] = entriesOf(of('a', 'a.example.com', 'x'), of('b', 'b.example.com', 'y'));
  assert.equal(others, []);
  assert.equal(only && changed(only).slice(0, 3), ['ConfigMap c', 'a,b', false]);
});

grouping('prefixes of names are told of what is rendered too', () => {
  const text = (prefix: string, tag: string) =>
    ['api', 'worker']
      .map(
        (name) =>
          `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${prefix}${name}\nspec:\n  a: ${prefix}${name}.svc:${tag}\n  b: ${prefix}worker:${tag}\n`,
      )
      .join('---\n');
  const of = (overlay: string, prefix: string) => ({
    ...{ overlay, domain: 'a.example.com' },
    there: text(prefix, '1'),
    here: text(prefix, '2'),
  });
  const entries = entriesOf(of('a', 'a-'), of('b', 'b-more-'));
  assert.equal(
    entries.map(({ label, overlays, isExact }) => [label, overlays.length, isExact]),
    [
      ['Deployment api', 2, false],
      ['Deployment worker', 2, false],
    ],
  );
});

grouping('a host of somebody else keeps changes apart', () => {
  const of = (overlay: string, host: string) => ({
    ...{ overlay, domain: `${overlay}.example.com` },
    there: config('x', '  url: none\n'),
    here: config('x', `  url: https://${host}\n`),
  });
  const entries = entriesOf(of('a', 'one.example.org'), of('b', 'two.example.org'));
  assert.is(entries.length, 2);
  // The host of one in another is not its own.
  const crossed = entriesOf(of('a', 'app.a.example.com'), of('b', 'app.a.example.com'));
  assert.equal(crossed.map(changed), [
    ['ConfigMap x/c', 'a,b', true, 'data.url|  url: none|  url: https://app.a.example.com'],
  ]);
  const other = entriesOf(of('a', 'app.a.example.com'), of('b', 'app.b.example.org'));
  assert.is(other.length, 2);
});

grouping('a field may be the first of its item in one, and come later in another', () => {
  const pod = (first: string, tag: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n  - ${first}image: w:${tag}\n    name: w\n`;
  const of = (overlay: string, first: string) => ({
    ...{ overlay, domain: 'a.example.com', there: pod(first, '1'), here: pod(first, '2') },
  });
  const entries = entriesOf(of('a', ''), of('b', 'args: [x]\n    '));
  assert.equal(
    entries.map(({ overlays }) => overlays.length),
    [2],
  );
});

grouping('a change that a resource has twice is two', () => {
  const of = (overlay: string, count: number) => ({
    ...{ overlay, domain: 'a.example.com' },
    there: config('x', '  k: |\n    a\n    b\n    c\n'),
    here: config('x', `  k: |\n    a\n    new\n    b\n${'    new\n'.repeat(count - 1)}    c\n`),
  });
  const entries = entriesOf(of('a', 2), of('b', 1));
  assert.equal(
    entries.map(({ overlays, blocks }) => [overlays.length, blocks.length]),
    [
      [2, 1],
      [1, 1],
    ],
  );
});

grouping('two changes of one overlay stay two where a third overlay is like both', () => {
  const of = (overlay: string, domain: string, here: string) => ({
    ...{ overlay, domain, there: config('x', '  k: |\n    a\n    b\n') },
    here: config('x', `  k: |\n${here}`),
  });
  const both = '    peer: app.ml.example.com\n    a\n    peer: app.ml.localhost\n    b\n';
  const one = '    peer: app.ml.example.com\n    a\n    b\n';
  const entries = entriesOf(
    of('dev', 'ml.localhost', both),
    of('production', 'ml.example.com', one),
    of('staging', 'staging.ml.example.com', one.replace('ml.', 'staging.ml.')),
  );
  assert.equal(
    entries.map((entry) => [changed(entry)[1], entry.blocks.flatMap(({ added }) => added)]),
    [
      ['dev,production', ['    peer: app.ml.example.com']],
      ['dev,staging', ['    peer: app.ml.localhost']],
    ],
  );
});

grouping.run();

const secrets = suite('what is not shown');

secrets('that a Secret has another value is said, without any', () => {
  const secret = (value: string) =>
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  same: same\n  a: ${value}\n`;
  const [entry, ...others] = entriesOf({
    ...{
      overlay: 'a',
      domain: 'a.example.com',
      there: secret('canary-1'),
      here: secret('canary-2'),
    },
  });
  assert.equal(others, []);
  assert.equal([entry?.state, entry?.hidden, entry?.blocks], ['changed', ['stringData.a'], []]);
  assert.not.match(JSON.stringify(entry), /canary|same": "same/);
});

secrets('a Secret that another resource comes before is the same', () => {
  const secret = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  a: b\n';
  const here = `${config('x', '  k: a\n')}---\n${secret}`;
  const entries = entriesOf({ overlay: 'a', domain: 'a.example.com', there: secret, here });
  assert.equal(
    entries.map(({ label, state }) => [label, state]),
    [['ConfigMap x/c', 'added']],
  );
});

secrets('so is a password, alone and beside other lines', () => {
  const document = (password: string, more: string) =>
    config('x', `  f: |\n    password: ${password}\n    level: ${more}\n`);
  const entryOf = (there: string, here: string) =>
    entriesOf({ overlay: 'a', domain: 'a.example.com', there, here })[0];
  const alone = entryOf(document('canary-1', 'info'), document('canary-2', 'info'));
  assert.equal([alone?.hidden, alone?.blocks], [['data.f'], []]);
  const beside = entryOf(document('canary-1', 'info'), document('canary-2', 'debug'));
  assert.equal(beside?.hidden, ['data.f']);
  assert.equal(beside && hunksOf(beside)[0]?.lines.slice(-2), [
    '-    level: info',
    '+    level: debug',
  ]);
  const seen = entryOf(document('canary-1', 'info'), document('canary-1', 'debug'));
  assert.equal(seen?.hidden, []);
  assert.not.match(JSON.stringify([alone, beside, seen]), 'canary');
});

secrets('so is one in a list that grew, or stands in another order', () => {
  const pod = (args: string[], ...env: [name: string, value: string][]) =>
    `apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n  - name: w\n    args: ${JSON.stringify(args)}\n    env:\n${env
      .map(([name, value]) => `    - name: ${name}\n      value: ${value}\n`)
      .join('')}`;
  const hiddenIn = (there: string, here: string) => {
    const [entry] = entriesOf({ overlay: 'a', domain: 'a.example.com', there, here });
    assert.not.match(JSON.stringify(entry), 'canary');
    return entry?.hidden;
  };
  const args = ['--password=canary-1', '--level=info'];
  const there = pod(args, ['A', 'a'], ['DB_PASSWORD', 'canary-1']);
  assert.equal(hiddenIn(there, pod(args, ['A', 'a'], ['B', 'b'], ['DB_PASSWORD', 'canary-2'])), [
    'spec.containers[0].env[2].value',
  ]);
  assert.equal(hiddenIn(there, pod(args, ['A', 'a'], ['DB_PASSWORD', 'canary-2'])), [
    'spec.containers[0].env[1].value',
  ]);
  assert.equal(hiddenIn(there, pod(args, ['DB_PASSWORD', 'canary-2'], ['A', 'a'])), [
    'spec.containers[0].env[0].value',
  ]);
  assert.equal(
    hiddenIn(there, pod(['--new', ...args], ['DB_PASSWORD', 'canary-1'], ['A', 'a'])),
    [],
  );
  assert.equal(
    hiddenIn(there, pod(['--new', '--password=canary-2'], ['A', 'a'], ['DB_PASSWORD', 'canary-1'])),
    ['spec.containers[0].args[1]'],
  );
});

secrets.run();
