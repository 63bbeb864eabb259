/**
 * Streams may be silent for longer than Envoy allows by default, and last longer.
 *
 * Envoy's limits are 15 s for a whole call and 300 s of silence. The second is too long to wait for: the rendered
 * `stream_idle_timeout` of the connection manager is lowered to 2 s, so that only the route's own setting keeps a silent
 * stream alive. Each control takes the settings of one limit away, and its stream ends.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  apiRoute,
  connectionManager,
  type EnvoyConfig,
  readEnvoyConfig,
} from '../support/envoy-config.ts';
import { startEnvoy } from '../support/envoy-process.ts';
import { startGrpcBackend } from '../support/grpc-backend.ts';
import { connectNative, statusName } from '../support/grpc-client.ts';
import { buildLiveOverlay } from '../support/live-overlay.ts';
import { standFor } from '../support/stand.ts';
import { API_SERVICE, SPEC, UI_SERVICE } from './app-stand.ts';

const SILENCE_MILLISECONDS = 17_000;
const NO_DEADLINE = Number.POSITIVE_INFINITY;

/** How one stream went. */
interface Course {
  received: number[];
  status: string;
  seconds: number;
}

const streams = suite('silent streams');
const stand = standFor(streams, async (keep) => {
  const { envoy } = await buildLiveOverlay(SPEC);
  const backend = keep(await startGrpcBackend());
  const services = { [API_SERVICE]: backend.port, [UI_SERVICE]: backend.port };

  async function envoyWith(name: string, change: (config: EnvoyConfig) => void) {
    const config = readEnvoyConfig(envoy);
    change(config);
    return keep(await startEnvoy(config, services), name).port;
  }

  async function watchThrough(port: Promise<number>, timeout: number): Promise<Course> {
    const client = keep(connectNative({ port: await port }));
    const course: Course = { received: [], status: 'OK', seconds: 0 };
    const start = performance.now();
    try {
      const request = { count: 2, pauseMilliseconds: SILENCE_MILLISECONDS };
      for await (const number of client.watch(request, { timeout })) course.received.push(number);
    } catch (error) {
      course.status = statusName(error) ?? String(error);
    }
    course.seconds = (performance.now() - start) / 1000;
    return course;
  }

  function lowerGeneralLimit(config: EnvoyConfig) {
    assert.is(connectionManager(config).stream_idle_timeout, '300s');
    connectionManager(config).stream_idle_timeout = '2s';
  }

  const asRendered = envoyWith('Envoy as rendered', lowerGeneralLimit);
  const withoutIdleTimeout = envoyWith('Envoy without idle_timeout', (config) => {
    lowerGeneralLimit(config);
    assert.is(apiRoute(config).idle_timeout, '3600s');
    delete apiRoute(config).idle_timeout;
  });
  const withoutTimeouts = envoyWith('Envoy without timeouts', (config) => {
    const route = apiRoute(config);
    assert.is(route.timeout, '0s');
    delete route.timeout;
    // It alone would do: where it is set, Envoy uses no timeout of the route.
    assert.equal(route.max_stream_duration, { grpc_timeout_header_max: '0s' });
    delete route.max_stream_duration;
  });
  // At the same time: the test takes as long as the longest.
  const [withoutDeadline, withDeadline, generalLimit, defaultTimeout] = await Promise.all([
    watchThrough(asRendered, NO_DEADLINE),
    watchThrough(asRendered, 60_000),
    watchThrough(withoutIdleTimeout, NO_DEADLINE),
    watchThrough(withoutTimeouts, NO_DEADLINE),
  ]);
  return { withoutDeadline, withDeadline, generalLimit, defaultTimeout };
});

for (const [course, words] of [
  ['withoutDeadline', 'with calls that have no deadline'],
  ['withDeadline', 'with calls that tell Envoy a longer deadline'],
] as const)
  streams(`live on ${words}`, () => {
    const { received, status, seconds } = stand()[course];
    assert.is(status, 'OK');
    assert.equal(received, [1, 2]);
    assert.ok(seconds > SILENCE_MILLISECONDS / 1000, `took ${seconds} s`);
  });

streams("control: without the route's idle_timeout the general limit ends them", () => {
  const { received, status, seconds } = stand().generalLimit;
  assert.is.not(status, 'OK');
  assert.equal(received, [1]);
  assert.ok(seconds > 1 && seconds < 10, `took ${seconds} s`);
});

streams("control: without the route's timeouts Envoy's 15 s end them", () => {
  const { received, status, seconds } = stand().defaultTimeout;
  assert.is.not(status, 'OK');
  assert.equal(received, [1]);
  assert.ok(seconds > 14 && seconds < SILENCE_MILLISECONDS / 1000, `took ${seconds} s`);
});

streams.run();
