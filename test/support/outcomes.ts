/** Findings that nobody had to make, for tests of what is printed about them. */
import type { Finding } from '../../src/checks/check.ts';
import type { Outcome } from '../../src/cli/check/outcome.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

/** An error of an Ingress, unless the parts say otherwise. */
export function problem({
  name = 'entry',
  ...parts
}: Partial<Finding> & Pick<Finding, 'code' | 'message'> & { name?: string }): Finding {
  return {
    severity: 'error',
    source: 'manifests',
    resource: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', namespace: 'shop', name },
    fix: 'say it',
    ...parts,
  };
}

/** One file with these findings. */
export function outcomeOf(findings: Finding[], name = 'in.yaml'): Outcome {
  return {
    input: { name, file: name, surface: surfaceOf([], { name }) },
    result: { findings, ignored: [] },
    checklist: undefined,
  };
}
