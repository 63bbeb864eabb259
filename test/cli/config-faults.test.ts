/** How a DomainConfig is used: what kustomize did not call, or called in the wrong place, is an error of every verb that builds. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../support/command-line.ts';
import { rememberingKustomize } from '../support/kustomize.ts';
import { type OverlayParts, projectWith } from '../support/small-overlay.ts';

const withBundled = ['--kustomize', rememberingKustomize()];
const faults = suite('config faults');

const config = (name: string, domain: string, annotations = '{}') =>
  `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: ${name}, annotations: ${annotations}}
spec: {domain: ${domain}, tls: {mode: secret}, checks: {ignore: [{code: entry-stream-limit, reason: x}]}}
`;
const FUNCTION = "{config.kubernetes.io/function: 'exec: {path: ./function}'}";
const base = 'namespace: michelangelo\nresources: [../../base]\n';
const inner = (field: string, outer: string): OverlayParts => ({
  kustomization: `${outer}${field}: [inner]\n`,
  files: {
    'inner/kustomization.yaml': `${base.replace('../../', '../../../')}transformers: [domain.yaml]\n`,
    'inner/domain.yaml': config('inner', 'ml.example.com'),
  },
});

const overlays: [name: string, parts: OverlayParts, found: RegExp | undefined][] = [
  [
    'among the resources',
    { kustomization: base.replace(']', ', domain.yaml]') },
    /domain\.yaml: a DomainConfig is listed under `resources:` in overlays\/production\/kustomization\.yaml, where it changes nothing/,
  ],
  [
    'among the generators',
    { kustomization: `${base}generators: [domain.yaml]\n` },
    /a DomainConfig is listed under `generators:`/,
  ],
  [
    'in the form of a KRM function',
    { config: config('a', 'ml.example.com', FUNCTION) },
    /without calling the function: its annotation config\.kubernetes\.io\/function needs --enable-exec/,
  ],
  [
    'below a layer that gives other names',
    inner('resources', 'namePrefix: x-\n'),
    /inner\/domain\.yaml: overlays\/production\/kustomization\.yaml gives other names after this DomainConfig has run/,
  ],
  [
    'below a layer that leaves names alone',
    inner('resources', 'namespace: michelangelo\n'),
    undefined,
  ],
  [
    'before another one',
    {
      kustomization: `${base}transformers: [domain.yaml, second.yaml]\n`,
      files: { 'second.yaml': config('second', 'two.example.com') },
    },
    /a second DomainConfig ran on what the first one had written/,
  ],
];

for (const [name, parts, found] of overlays)
  faults(`a DomainConfig ${name}`, async () => {
    const cwd = projectWith({ production: parts });
    for (const verb of ['render', 'check']) {
      const words = [verb, 'overlays/production', ...withBundled];
      const { status, stdout, stderr } = await run(words, { cwd });
      // For check it is a finding like others.
      if (found) assert.match(verb === 'check' ? stdout : stderr, found);
      else assert.is(stderr, '');
      assert.is(status, found ? 1 : 0);
    }
  });

faults.run();
