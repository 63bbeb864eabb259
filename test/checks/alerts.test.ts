/** Somebody is told when the controller manager is down. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type PlantedChange, plantEach, streamOf } from './plant-each.ts';
import { find, findingsIn, label, type Manifest, planted } from './support.ts';

const CHARTS = ['sound.yaml', 'sound-contour.yaml'] as const;

const removeRule = (manifests: Manifest[]) => {
  manifests.splice(manifests.indexOf(find(manifests, 'PrometheusRule')), 1);
};

const CHANGES: readonly PlantedChange[] = [
  {
    name: 'no rule',
    code: 'alerts-missing',
    severity: 'warning',
    in: CHARTS,
    plant: removeRule,
  },
  {
    name: 'a rule about something else',
    code: 'alerts-missing',
    severity: 'warning',
    in: CHARTS,
    plant: (manifests) => {
      find(manifests, 'PrometheusRule').spec.groups[0].rules = [
        { alert: 'DiskFull', expr: 'node_filesystem_avail_bytes < 1e9' },
      ];
    },
  },
  {
    name: 'a recording rule is no alert',
    code: 'alerts-missing',
    severity: 'warning',
    in: CHARTS,
    plant: (manifests) => {
      find(manifests, 'PrometheusRule').spec.groups[0].rules = [
        { record: 'job:up', expr: 'up{namespace="ml"}' },
      ];
    },
  },
  {
    name: 'a rule file in a ConfigMap',
    in: CHARTS,
    plant: (manifests) => {
      const [group] = find(manifests, 'PrometheusRule').spec.groups;
      removeRule(manifests);
      manifests.push({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'rules' },
        data: {
          'rules.yaml': `groups:\n  - name: all\n    rules:\n      - alert: Down\n        expr: ${JSON.stringify(group.rules[0].expr)}\n`,
        },
      });
    },
  },
];

await plantEach(CHANGES);

const staging = await streamOf('staging');
const alertsIn = (stream: typeof staging) =>
  findingsIn(stream)
    .filter(({ code }) => code === 'alerts-missing')
    .map(label);

test('an overlay that asks for no alerts has no finding', () => {
  assert.equal(alertsIn(staging), []);
});

test('an overlay that asks for them and has none has one', () => {
  const { settings } = staging;
  assert.ok(settings);
  const spec = { ...settings.config.spec, alerts: { prometheusOperator: {} } };
  const asked = { ...staging, settings: { ...settings, config: { ...settings.config, spec } } };
  assert.is(alertsIn(asked).length, 1);
});

test('one that asks for them and gets them has none', async () => {
  assert.equal(alertsIn(await streamOf('production')), []);
});

test('one that monitors without alerts has one', () => {
  const monitored = planted(staging, (manifests) => {
    manifests.push({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: { name: 'all', namespace: 'michelangelo' },
      spec: {},
    });
  });
  assert.is(alertsIn(monitored).length, 1);
});

test('without a controller manager there is nothing to watch', () => {
  const less = planted({ ...staging, settings: undefined }, (manifests) => {
    for (const manifest of manifests) delete manifest.data?.['base.yaml'];
  });
  assert.equal(alertsIn(less), []);
});

test.run();
