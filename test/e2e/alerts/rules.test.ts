/** Every alert rings when it should and is silent when it should be, as Prometheus' own rule engine says. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildWith, bundled } from '../../support/kustomize.ts';
import { buildLiveOverlay } from '../support/live-overlay.ts';
import { complaints, difference, ringing, rulesIn } from './promtool.ts';
import { ROWS } from './rows.ts';

const { stdout } = await buildWith(bundled, 'overlays/production');
const probed = await buildLiveOverlay(
  {
    domain: 'ml.example.com',
    tls: { mode: 'secret' },
    alerts: { prometheusOperator: { prober: 'blackbox.monitoring.svc:9115', healthCheck: 'http' } },
  },
  { kustomization: { namespace: 'michelangelo', namePrefix: '' } },
);
const FILES = { production: rulesIn(stdout), probed: rulesIn(probed.manifests) };

const alerts = suite('alerts');

for (const [name, rules] of Object.entries(FILES))
  alerts(`${name}: promtool has no complaint`, async () => {
    assert.is(await complaints(rules), '');
  });

for (const row of ROWS)
  alerts(`${row.alert} ${row.rings ? 'rings' : 'is silent'}: ${row.name}`, async () => {
    const rules = FILES[row.rules ?? 'production'];
    const found = await ringing(rules, row.series, row.minutes);
    assert.equal(found[row.alert] ?? [], row.rings ? [row.rings] : []);
  });

alerts('each has a row with which it rings, and one with which it does not', () => {
  const names = FILES.production.groups.flatMap((group) => group.rules.map(({ alert }) => alert));
  for (const rings of [true, false]) {
    const shown = new Set(
      ROWS.filter((row) => (row.rings !== undefined) === rings).map(({ alert }) => alert),
    );
    assert.equal([...shown].sort(), [...names].sort());
  }
});

alerts('without any series somebody is told of each part', async () => {
  const found = await ringing(FILES.production, [], 120);
  assert.equal(Object.keys(found).sort(), [
    'MichelangeloCertificateUnknown',
    'MichelangeloControllerManagerDown',
    'MichelangeloControllerManagerUnhealthy',
    'MichelangeloEnvoyDown',
  ]);
});

/** What a person reads: the labels and the value are filled in. */
const READ = [
  ['MichelangeloReconcileErrors', 'Controller raycluster fails 50% of the time'],
  ['MichelangeloWorkQueueStuck', 'The queue of raycluster stands still with 3 objects in it'],
  [
    'MichelangeloCertificateExpires',
    'The certificate michelangelo-ui-tls expires in less than ten days',
  ],
  [
    'MichelangeloCertificateUnknown',
    'Nothing tells when the certificate michelangelo-ui-tls expires',
  ],
  ['MichelangeloEnvoyUpstreamErrors', '10% of the calls to the API server fail'],
] as const;

for (const [alert, summary] of READ)
  alerts(`${alert} reads: ${summary}`, async () => {
    const rules = FILES.production;
    const row = ROWS.find((one) => one.alert === alert && one.rings && one.rules !== 'probed');
    const rule = rules.groups.flatMap((group) => group.rules).find((one) => one.alert === alert);
    assert.ok(row && rule);
    const expected = {
      exp_labels: { severity: rule.labels.severity, ...row.rings },
      exp_annotations: { ...rule.annotations, summary },
    };
    const said = await difference(rules, row.series, row.minutes, alert, expected);
    // A time that is left depends on when it is looked at. promtool prints what it expects and what it got.
    assert.ok(said === '' || said.split(`summary="${summary}"`).length === 3, said);
  });

alerts.run();
