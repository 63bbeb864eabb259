/** An environment that was copied with its hosts or its name: said whichever overlay is named, without a build of the others. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../support/command-line.ts';
import { rememberingKustomize } from '../support/kustomize.ts';
import { type OverlayParts, projectWith } from '../support/small-overlay.ts';

const withBundled = ['--kustomize', rememberingKustomize()];
const copies = suite('copied environments');

const config = (name: string, domain: string, rest = 'tls: {mode: secret}') =>
  `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: ${name}}
spec: {domain: ${domain}, checks: {ignore: [{code: entry-stream-limit, reason: x}]}, ${rest}}
`;
const ACME =
  'tls: {mode: acme, acme: {email: a@example.com}}, entry: {ingress: {controller: ingress-nginx}}';
const base = 'namespace: michelangelo\nresources: [../../base]\n';
const production = { config: config('production', 'ml.example.com') };
const folder = (kustomization: string): OverlayParts => ({
  kustomization: `${base}transformers: [network]\n`,
  files: { 'network/kustomization.yaml': kustomization },
});

/** What stands beside production, and what is said of it: a status of 1 is an error. */
const besides: [name: string, parts: OverlayParts, status: 0 | 1, found: RegExp | ''][] = [
  [
    'with the same domain and name',
    production,
    1,
    /error: overlays\/production: api\.ml\.example\.com, app\.ml\.example\.com: overlays\/copy\/domain\.yaml is another environment with these hosts.*\n {2}(?:file +)?overlays\/production\/domain\.yaml:\d+:\d+.*\n(?: {2}.*\n)*? {2}fix .*`spec\.domain` or `spec\.hosts` and another `metadata\.name`/,
  ],
  [
    'with one host of it as an alias',
    {
      config: config(
        'copy',
        'copy.example.com',
        'tls: {mode: secret}, hosts: {aliases: {app: [App.ML.example.com]}}',
      ).replace('App.ML', 'app.ml'),
    },
    1,
    /production: app\.ml\.example\.com: overlays\/copy\/domain\.yaml is another environment with this host/,
  ],
  ['with a domain of its own', { config: config('copy', 'copy.example.com') }, 0, ''],
  [
    'that is a part of it without entries',
    {
      config: config(
        'copy',
        'ml.example.com',
        'tls: {mode: secret}, absent: [api-entry, app-entry]',
      ),
    },
    0,
    '',
  ],
  [
    'that lists the same file',
    { kustomization: `${base}transformers: [../production/domain.yaml]\n` },
    0,
    '',
  ],
  [
    'that is built from it',
    { kustomization: 'namespace: michelangelo\nresources: [../production]\n' },
    0,
    '',
  ],
  [
    'with a DomainConfig that has problems',
    { config: config('copy', 'ml.example.com', 'tls: {mode: nothing}') },
    0,
    /^note: overlays\/copy\/domain\.yaml: not compared with this environment/,
  ],
  [
    'with a DomainConfig that a patch changes',
    folder('resources: [../domain.yaml]\npatches: [{path: host.yaml}]\n'),
    0,
    /^note: overlays\/copy\/domain\.yaml: not compared/,
  ],
  [
    'with a DomainConfig in a folder of transformers',
    folder('resources: [../domain.yaml]\n'),
    1,
    /overlays\/copy\/domain\.yaml is another environment with these hosts/,
  ],
];

for (const [name, parts, wanted, found] of besides)
  copies(`production beside an environment ${name}`, async () => {
    const cwd = projectWith({ copy: parts, production });
    for (const verb of ['render', 'check']) {
      const words = [verb, 'overlays/production', ...withBundled];
      const { status, stdout, stderr } = await run(words, { cwd });
      if (found === '') assert.is(stderr, '');
      // For check it is a finding like others.
      else assert.match(verb === 'check' ? `${stderr}${stdout}` : stderr, found);
      assert.is(status, wanted);
    }
  });

copies('both are refused where both are rendered', async () => {
  const cwd = projectWith({ copy: production, production });
  const { status, stderr, stdout } = await run(['render', '--all', ...withBundled], { cwd });
  assert.match(stderr, /overlays\/copy: .*overlays\/production\/domain\.yaml is another/);
  assert.match(stderr, /overlays\/production: .*overlays\/copy\/domain\.yaml is another/);
  assert.is(status, 1);
  assert.is(stdout.length, 0);
});

copies('one name of two environments is said where it becomes that of an issuer', async () => {
  const named = (domain: string, rest?: string) => ({ config: config('production', domain, rest) });
  for (const [rest, found] of [
    [ACME, /warning: overlays\/production: .*copy\/domain\.yaml has the name production as well/],
    [undefined, /^$/],
  ] as const) {
    const cwd = projectWith({
      copy: named('copy.example.com', rest),
      production: named('ml.example.com', rest),
    });
    const { status, stderr } = await run(['render', 'overlays/production', ...withBundled], {
      cwd,
    });
    assert.match(stderr, found);
    assert.is(status, 0);
  }
});

copies('what every machine has for itself may be the same', async () => {
  const local = (name: string) => ({ config: config(name, 'ml.localhost') });
  const cwd = projectWith({ one: local('one'), two: local('two') });
  const { status, stderr } = await run(['render', '--all', ...withBundled], { cwd });
  assert.is(stderr, '');
  assert.is(status, 0);
});

copies.run();
