import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { problemsOf } from './fixtures.ts';

const acme = { mode: 'acme', acme: { email: 'platform@example.com' } };

const unsupported: [spec: Record<string, unknown>, path: string][] = [
  [{ tls: acme }, 'spec.tls.mode'],
  [{ tls: { mode: 'ca', trust: 'preinstalled' } }, 'spec.tls.mode spec.tls.trust'],
  [{ tls: { mode: 'issuer', issuer: { name: 'a' } } }, 'spec.tls.mode'],
  [{ tls: { mode: 'secret', terminateAt: 'envoy' } }, 'spec.tls.terminateAt'],
  [
    { entry: { ingress: { className: 'a', controller: 'traefik' } } },
    'spec.entry.ingress.controller',
  ],
  [{ entry: { ingress: { annotations: {} } } }, 'spec.entry.ingress.annotations'],
  [
    { entry: { gateway: { className: 'a' }, api: {}, app: {} } },
    'spec.entry.gateway spec.entry.api spec.entry.app',
  ],
  [
    { computeClusters: [], controlPlane: {}, alerts: {}, checks: {} },
    'spec.computeClusters spec.controlPlane spec.alerts spec.checks',
  ],
  [{ networkPolicies: { mode: 'restricted' } }, 'spec.networkPolicies'],
  [{ role: 'compute', computeCluster: 'a' }, 'spec.role spec.computeCluster'],
  [
    {
      role: 'control-plane',
      tls: { mode: 'none', terminateAt: 'entry' },
      entry: { ingress: { className: 'a' } },
    },
    '',
  ],
];
for (const [spec, paths] of unsupported)
  test(`says by name that there is no rule yet for ${paths || 'nothing here'}`, () => {
    const problems = problemsOf(spec);
    assert.is(problems.map(({ path }) => path).join(' '), paths);
    assert.ok(
      problems.every(
        ({ code, mend }) => code === 'config-not-supported' && /until a version/.test(mend),
      ),
    );
  });

test.run();
