/** The series and labels that the alerts ask for, held against the sources of the programs that make them. */
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildWith, bundled } from '../../support/kustomize.ts';
import { buildLiveOverlay } from '../support/live-overlay.ts';
import { rulesIn } from './promtool.ts';

/** controller-runtime as upstream's controller manager has it; the others as they were when this was written. */
const MODULES = {
  runtime: 'sigs.k8s.io/controller-runtime@v0.19.2',
  certManager: 'github.com/cert-manager/cert-manager@v1.21.2',
  blackbox: 'github.com/prometheus/blackbox_exporter@v0.27.0',
  operator: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
};

/** Who makes a series, in which file, and the labels that the program itself gives it. */
const MADE: Readonly<
  Record<string, { module: keyof typeof MODULES; file: string; name?: RegExp; labels: string[] }>
> = {
  leader_election_master_status: {
    module: 'runtime',
    file: 'pkg/metrics/leaderelection.go',
    labels: ['name'],
  },
  controller_runtime_reconcile_total: {
    module: 'runtime',
    file: 'pkg/internal/controller/metrics/metrics.go',
    labels: ['controller'],
  },
  controller_runtime_reconcile_errors_total: {
    module: 'runtime',
    file: 'pkg/internal/controller/metrics/metrics.go',
    labels: ['controller'],
  },
  workqueue_depth: {
    module: 'runtime',
    file: 'pkg/metrics/workqueue.go',
    name: /DepthKey +=\s"depth"/,
    labels: ['name'],
  },
  workqueue_work_duration_seconds_count: {
    module: 'runtime',
    file: 'pkg/metrics/workqueue.go',
    name: /WorkDurationKey +=\s"work_duration_seconds"/,
    labels: ['name'],
  },
  certmanager_certificate_expiration_timestamp_seconds: {
    module: 'certManager',
    file: 'internal/collectors/certificate_collector.go',
    labels: ['name', 'namespace'],
  },
  probe_success: { module: 'blackbox', file: 'prober/handler.go', labels: [] },
  probe_ssl_earliest_cert_expiry: { module: 'blackbox', file: 'prober/prober.go', labels: [] },
};

const names = suite('names of series');
const { stdout } = await buildWith(bundled, 'overlays/production');
const probed = await buildLiveOverlay({
  domain: 'ml.example.com',
  tls: { mode: 'external' },
  alerts: { prometheusOperator: { prober: 'blackbox.monitoring.svc:9115' } },
});
const asked = [stdout, probed.manifests]
  .flatMap((manifests) => rulesIn(manifests).groups)
  .flatMap(({ rules }) => rules)
  .flatMap(({ expr }) => [...expr.matchAll(/([a-z]\w+)\{([^}]*)\}/g)])
  .map(([, name = '', labels = '']) => ({
    name,
    labels: [...labels.matchAll(/(\w+)(?==)/g)].map(([label]) => label),
  }));
const folders = new Map<string, Promise<string>>();

names('each is one of those that are held against sources, or made by Envoy or Prometheus', () => {
  const found = new Set(asked.map(({ name }) => name));
  const ours = [...found].filter((name) => name !== 'up' && !name.startsWith('envoy_'));
  assert.equal(ours.sort(), Object.keys(MADE).sort());
});

for (const [name, { module, file, name: pattern, labels }] of Object.entries(MADE))
  names(`${name} with ${labels.join(', ') || 'no labels'} is in ${MODULES[module]}`, async () => {
    const source = readFileSync(join(await folderOf(MODULES[module]), file), 'utf8');
    assert.match(source, pattern ?? `"${name}"`);
    for (const label of labels) assert.match(source, `"${label}"`);
    // Whatever else is asked for is what Prometheus adds.
    const added = ['namespace', 'job', 'instance', 'exported_namespace'];
    for (const one of asked.filter((each) => each.name === name))
      for (const label of one.labels) assert.ok([...labels, ...added].includes(label), label);
  });

names(
  'the operator gives probes the job that they name, and the namespace of the Probe',
  async () => {
    const folder = await folderOf(MODULES.operator);
    const source = readFileSync(join(folder, 'pkg/prometheus/promcfg.go'), 'utf8');
    const probes = source.slice(source.indexOf('generateProbeConfig('));
    assert.match(probes, /m\.Spec\.JobName[\s\S]*?"target_label", Value: "job"/);
    assert.match(probes, /StaticConfig\.Labels\["namespace"\] = m\.Namespace/);
  },
);

names('and pods the name of their PodMonitor, behind its namespace', async () => {
  const folder = await folderOf(MODULES.operator);
  const source = readFileSync(join(folder, 'pkg/prometheus/promcfg.go'), 'utf8');
  const pods = source.slice(source.indexOf(') generatePodMonitorConfig('));
  assert.match(
    pods,
    /"target_label", Value: "job"\},\s*\{Key: "replacement", Value: fmt\.Sprintf\("%s\/%s", m\.GetNamespace\(\), m\.GetName\(\)\)/,
  );
});

names.run();

function folderOf(module: string): Promise<string> {
  const known = folders.get(module) ?? download(module);
  folders.set(module, known);
  return known;
}

async function download(module: string): Promise<string> {
  const { stdout: answer } = await execa('go', ['mod', 'download', '-json', module], {
    cwd: tmpdir(),
    env: { GOFLAGS: '' },
  });
  return (JSON.parse(answer) as { Dir: string }).Dir;
}
