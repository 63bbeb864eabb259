/** The bounds of a Certificate, on both sides: how long it lives, and how long its common name is. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { check as settings } from '../../src/checks/certificate-settings.ts';
import type { Check } from '../../src/checks/check.ts';
import { check as commonName } from '../../src/checks/common-name-too-long.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

/** Paths of what a check finds in a Certificate. */
function found(check: Check, spec: string): string[] {
  const text = `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: api, namespace: ml }
spec: { secretName: api-tls, dnsNames: [api.example.com], issuerRef: { name: ca }, ${spec} }
`;
  const surface = surfaceOf(splitDocuments(Buffer.from(text)));
  return (check.find?.(surface) ?? []).map(({ path }) => path ?? '');
}

for (const [check, spec, expected] of [
  [settings, 'duration: 1h, renewBefore: 5m', []],
  [settings, 'duration: 59m, renewBefore: 5m', ['spec.duration']],
  [settings, 'duration: 2h, renewBefore: 4m', ['spec.renewBefore']],
  [settings, 'duration: 2h, renewBefore: 2h', ['spec.renewBefore']],
  [settings, 'duration: 2h, renewBefore: 119m', []],
  [settings, 'renewBefore: 2160h', ['spec.renewBefore']],
  [settings, 'renewBefore: 2159h', []],
  [settings, 'renewBefore: 1h, renewBeforePercentage: 30', ['spec.renewBeforePercentage']],
  [commonName, `commonName: ${'a'.repeat(64)}`, []],
  [commonName, `commonName: ${'a'.repeat(65)}`, ['spec.commonName']],
] as const)
  test(spec, () => {
    assert.equal(found(check, spec), expected);
  });

test.run();
