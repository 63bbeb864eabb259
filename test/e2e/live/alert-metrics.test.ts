/** The series that the alerts on Envoy ask for are there, by name and labels, as the real Envoy gives them away. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rulesIn } from '../alerts/promtool.ts';
import { readEnvoyConfig } from '../support/envoy-config.ts';
import { type Envoy, startEnvoy } from '../support/envoy-process.ts';
import { unusedPort } from '../support/listen.ts';
import { buildLiveOverlay } from '../support/live-overlay.ts';
import { EMPTY_GRPC_MESSAGE, GRPC_WEB_HEADERS, rawRequest } from '../support/raw-request.ts';
import { standFor } from '../support/stand.ts';
import { API_PATH, API_SERVICE, SPEC, UI_SERVICE } from './app-stand.ts';

const metrics = suite("Envoy's metrics");
const overlay = await buildLiveOverlay({ ...SPEC, alerts: { prometheusOperator: {} } });

/** Behind it there is nothing. */
const stand = standFor(metrics, async (keep) => {
  const services = { [API_SERVICE]: await unusedPort(), [UI_SERVICE]: await unusedPort() };
  return keep(await startEnvoy(readEnvoyConfig(overlay.envoy), services), 'Envoy');
});

/** What the alerts ask of a cluster: names, and the labels that are Envoy's own. */
const asked = rulesIn(overlay.manifests)
  .groups.flatMap(({ rules }) => rules)
  .flatMap(({ expr }) => [...expr.matchAll(/(envoy_\w+)\{([^}]*)\}/g)])
  .map(([, name = '', labels = '']) => ({
    name,
    labels: labels.split(',').filter((label) => label.startsWith('envoy_')),
  }));

async function read(envoy: Envoy): Promise<string[]> {
  const response = await fetch(`http://127.0.0.1:${envoy.ports['metrics']}/stats/prometheus`);
  assert.is(response.status, 200);
  return (await response.text()).split('\n');
}

function sampleOf(lines: readonly string[], name: string, labels: readonly string[]) {
  const line = lines.find(
    (one) => one.startsWith(`${name}{`) && labels.every((label) => one.includes(label)),
  );
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

metrics('the alerts ask for something', () => {
  assert.ok(asked.length >= 4);
  for (const { labels } of asked) assert.match(labels.join(), 'envoy_cluster_name=');
});

metrics('what is asked for with `absent` in mind is there before the first call', async () => {
  const lines = await read(stand());
  const labels = ['envoy_cluster_name="michelangelo-apiserver"'];
  assert.is(sampleOf(lines, 'envoy_cluster_upstream_cx_connect_fail', labels), 0);
});

metrics('after a call that fails every series is there, and counts it', async () => {
  const envoy = stand();
  const headers = GRPC_WEB_HEADERS;
  const { status } = await rawRequest(envoy.port, 'POST', API_PATH, headers, EMPTY_GRPC_MESSAGE);
  assert.is(status, 503);
  const lines = await read(envoy);
  for (const { name, labels } of asked)
    assert.ok((sampleOf(lines, name, labels) ?? 0) >= 1, `${name} ${labels}`);
});

metrics('nothing else of the admin interface is reached that way', async () => {
  const port = stand().ports['metrics'] ?? 0;
  const around = '/stats/prometheus/..%2f..%2fquitquitquit';
  for (const path of ['/', '/stats', '/config_dump', '/quitquitquit', around])
    for (const method of ['GET', 'POST']) {
      const { status } = await rawRequest(port, method, path);
      assert.ok([400, 404].includes(status), `${method} ${path}: ${status}`);
    }
});

metrics.run();
