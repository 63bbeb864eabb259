import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../../src/checks/index.ts';
import { loadConfig } from '../../src/config/load.ts';
import { acceptedInConfig, IGNORE_ANNOTATION } from '../../src/surface/accepted.ts';
import { asView, find, foreign, label, type Manifest, planted, type Stream } from './support.ts';

const TIMEOUT = 'nginx.ingress.kubernetes.io/proxy-read-timeout';
const ingress = 'Ingress prod-ma-web';

/** Sound manifests whose app entry has lost its timeout, with annotations beside. */
function broken(annotations: Record<string, string> = {}): Stream {
  return planted(foreign(), (manifests: Manifest[]) => {
    const { metadata } = find(manifests, 'Ingress', '-web');
    delete metadata.annotations[TIMEOUT];
    Object.assign(metadata.annotations, annotations);
  });
}

function results(stream: Stream) {
  const { findings, ignored } = runChecks(asView(stream));
  return {
    findings: findings
      .filter(({ code }) => code !== 'entry-stream-limit' && code !== 'envoy-deprecated')
      .map(label),
    ignored: ignored.map(({ finding, reason }) => `${label(finding)}: ${reason}`),
  };
}

const annotation = suite('annotation');

annotation('without one the finding stands', () => {
  assert.equal(results(broken()), { findings: [`entry-timeouts ${ingress}`], ignored: [] });
});

annotation('with a reason it is accepted', () => {
  const stream = broken({ [`${IGNORE_ANNOTATION}entry-timeouts`]: 'set in its ConfigMap' });
  assert.equal(results(stream), {
    findings: [],
    ignored: [`entry-timeouts ${ingress}: set in its ConfigMap`],
  });
});

for (const reason of ['', '  '])
  annotation(`is refused with an empty reason: "${reason}"`, () => {
    const stream = broken({ [`${IGNORE_ANNOTATION}entry-timeouts`]: reason });
    assert.equal(results(stream).findings, [
      `ignore-without-reason ${ingress}`,
      `entry-timeouts ${ingress}`,
    ]);
  });

annotation('of another code, or of none, is a warning', () => {
  for (const code of ['duplicate-entry', 'no-such-code']) {
    const stream = broken({ [`${IGNORE_ANNOTATION}${code}`]: 'why not' });
    assert.equal(results(stream).findings, [
      `entry-timeouts ${ingress}`,
      `ignore-unused ${ingress}`,
    ]);
  }
});

annotation('holds for its own resource only', () => {
  const stream = planted(broken(), (manifests) => {
    find(manifests, 'Ingress', '-grpc').metadata.annotations[`${IGNORE_ANNOTATION}entry-timeouts`] =
      'the other one';
  });
  assert.equal(results(stream).findings, [
    `entry-timeouts ${ingress}`,
    'ignore-unused Ingress prod-ma-grpc',
  ]);
});

annotation.run();

const config = suite('spec.checks.ignore');

/** The manifests with a config beside them, which only says what is accepted. */
function accepting(rows: string): Stream {
  const text = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: production}
spec:
  domain: ml.acme.io
  hosts: {api: grpc.ml.acme.io, app: studio.ml.acme.io}
  tls: {mode: issuer, issuer: {name: letsencrypt-prod}}
  checks: {ignore: [${rows}]}
`;
  const { settings, problems } = loadConfig(text);
  assert.equal(problems, []);
  return { ...broken(), settings };
}

config('accepts a finding of a resource as it is printed', () => {
  const row = `{code: entry-timeouts, resource: ${ingress}, reason: set elsewhere}`;
  assert.equal(results(accepting(row)), {
    findings: [],
    ignored: [`entry-timeouts ${ingress}: set elsewhere`],
  });
});

config('without a resource accepts every finding of the code', () => {
  assert.equal(results(accepting('{code: entry-timeouts, reason: set elsewhere}')).findings, []);
});

config('says which line matches nothing any more', () => {
  const rows =
    '{code: entry-timeouts, reason: a}, {code: entry-timeouts, resource: Ingress other, reason: b}, {code: entry-stream-limit, reason: c}';
  const found = runChecks(asView(accepting(rows))).findings;
  const findings = found.filter(({ code }) => code !== 'envoy-deprecated');
  assert.equal(
    findings.map(({ code, severity, path }) => [code, severity, path]),
    [['ignore-unused', 'warning', 'spec.checks.ignore[1]']],
  );
});

config('accepts what the function alone says, and misses it only where the function ran', () => {
  const stream = accepting(
    '{code: value-replaced, reason: gone}, {code: entry-timeouts, reason: a}, {code: entry-stream-limit, reason: c}',
  );
  const said = {
    code: 'value-replaced',
    severity: 'warning',
    message: 'a value of the base is replaced',
    fix: 'take it out of the base',
  } as const;
  const surface = asView(stream);
  const codesOf = (problems?: (typeof said)[]) =>
    runChecks(surface, problems)
      .findings.map(({ code }) => code)
      .filter((code) => code !== 'envoy-deprecated');
  assert.equal(codesOf([said]), []);
  assert.equal(codesOf([]), ['ignore-unused']);
  assert.equal(codesOf(), []);
});

config('of a generated ConfigMap holds on when its hash is another one', () => {
  const row = '{code: old-host-left, resource: ConfigMap ml/page-5fhh8bkt4m, reason: x}';
  const [acceptance] = acceptedInConfig(accepting(row).settings);
  const found = (name: string) => ({
    code: 'old-host-left',
    resource: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'ml', name },
  });
  assert.ok(acceptance?.matches(found('page-9d2f7gkmtt')));
  assert.ok(acceptance?.matches(found('page')));
  assert.not.ok(acceptance?.matches(found('pages')));
});

config.run();
