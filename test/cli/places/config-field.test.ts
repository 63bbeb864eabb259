/** What follows from the DomainConfig stands there, at the field. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { run } from '../../support/command-line.ts';
import { rememberingKustomize } from '../../support/kustomize.ts';
import { projectWith } from '../../support/small-overlay.ts';

const fields = suite('places in the DomainConfig');

fields('are those of what the function wrote and added', async () => {
  const config = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata:
  name: production
spec:
  domain: ml.example.com
  entry:
    ingress:
      controller: ingress-nginx
      className: ngnix
  tls:
    mode: acme
    acme:
      email: a@example.com
      server: staging
`;
  const cwd = projectWith({ production: { config } });
  const words = ['check', 'overlays/production', '--format', 'json'];
  const { stdout } = await run([...words, '--kustomize', rememberingKustomize()], { cwd });
  const { findings } = JSON.parse(stdout).inputs[0];
  const lineOf = (code: string) => {
    const { file, line } = findings.find((found: { code: string }) => found.code === code);
    return `${file}: ${readFileSync(join(cwd, file), 'utf8').split('\n')[line - 1]?.trim()}`;
  };
  const file = 'overlays/production/domain.yaml';
  assert.is(lineOf('class-missing'), `${file}: className: ngnix`);
  assert.is(lineOf('acme-staging'), `${file}: server: staging`);
  // What the function warns of is about what it was given.
  assert.is(lineOf('entry-stream-limit'), 'base/entry/apiserver-ingress.yaml: kind: Ingress');
});

fields('are those of what the function says of a resource that it adds', async () => {
  const words = ['new', 'gpu', '--compute-of', 'overlays/production', '--cluster', 'gpu'];
  const config = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: production}
spec:
  domain: ml.example.com
  tls: {mode: secret}
  controlPlane: {egressCidrs: [198.51.100.4]}
  computeClusters:
    - {name: gpu, server: "https://k8s.example.com:6443", cidrs: [203.0.113.10], managed: false}
`;
  const cwd = projectWith({ production: { config } });
  const kustomize = ['--kustomize', rememberingKustomize()];
  const made = await run([...words, ...kustomize], { cwd });
  assert.is(made.status, 0, made.stderr);
  const check = ['check', 'overlays/gpu', '--format', 'json', ...kustomize];
  const { findings } = JSON.parse((await run(check, { cwd })).stdout).inputs[0];
  const found = findings.find(({ code }: { code: string }) => code === 'api-policy-unsure');
  assert.is(found.file, 'overlays/gpu/domain.yaml');
  assert.ok(found.line > 1);
});

fields.run();
