/** The policies that the function makes: the checks accept them as they are, and miss each rule that is taken out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { loadConfig } from '../../src/config/load.ts';
import {
  findingsIn,
  label,
  type Manifest,
  manifestsIn,
  planted,
  type Stream,
  wholeOverlay,
} from './support.ts';

const restricted = suite('policies that the function makes');

/** Rules that no manifest calls for, or that another one may stand in for, as far as anybody can tell. */
const UNSEEN = [
  // A Prometheus that is told of the metrics elsewhere, and pods that call the API past the entry.
  'ma-manager-restricted ingress 0',
  'eu-michelangelo-controllermgr-v2-restricted ingress 0',
  'eu-michelangelo-apiserver-v2-restricted ingress 2',
  // Which may be pods of any namespace with a label that is not known here.
  ...[0, 1, 3].map((index) => `eu-michelangelo-apiserver-v2-restricted ingress ${index}`),
  // `for: [worker]`.
  'ma-worker-restricted egress 6',
  'ma-notification-restricted egress 3',
  // DNS and the address of its Service.
  ...['api', 'envoy', 'worker', 'notification', 'manager'].flatMap((name) => [
    `ma-${name}-restricted egress 0`,
    `ma-${name}-restricted egress 1`,
  ]),
];

const streams: Stream[] = [await wholeOverlay('production')];
for (const name of ['network-policies', 'network-policies-plain-pods']) {
  const read = (file: string) => readFileSync(join(packageRoot, 'test/cases', name, file), 'utf8');
  const { settings } = loadConfig(read('config.yaml'));
  // Those of the base open ways of their own.
  const manifests = manifestsIn(read('expected.yaml')).filter(
    ({ kind, metadata }) =>
      !/Network.*Policy/.test(kind) || /-(?:restricted|acme-solvers)$/.test(metadata.name),
  );
  streams.push({ name, manifests, settings });
}

const aboutPolicies = (stream: Stream) =>
  findingsIn(stream).filter(({ code }) => code.startsWith('policy-'));

for (const stream of streams) {
  restricted(`${stream.name}: nothing is found`, () => {
    assert.equal(aboutPolicies(stream).map(label), []);
  });

  const own = stream.manifests.filter(
    ({ kind, metadata }) => kind === 'NetworkPolicy' && /-restricted$/.test(metadata.name),
  );
  for (const { metadata, spec } of own)
    for (const direction of ['ingress', 'egress'] as const)
      for (const index of (spec[direction] ?? []).keys()) {
        const rule = `${metadata.name} ${direction} ${index}`;
        restricted(`${stream.name}: without ${rule}`, () => {
          const found = aboutPolicies(planted(stream, without(metadata.name, direction, index)));
          assert.is(found.length > 0, !UNSEEN.includes(rule), found.map(label).join());
        });
      }
}

restricted.run();

function without(name: string, direction: 'ingress' | 'egress', index: number) {
  return (manifests: Manifest[]) => {
    const policy = manifests.find(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === name,
    );
    policy.spec[direction].splice(index, 1);
  };
}
