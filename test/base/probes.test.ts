/** Probes ask for what upstream's programs answer. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { transcoderConfig } from '../support/components.ts';
import { buildBase, containersIn, manifestsIn } from './render.ts';

/**
 * By container, every probe that may be there. The API server has no gRPC health service and answers HTTP with 415; the controller manager
 * answers /healthz and /readyz with 404, because it registers no check; the worker listens on no port.
 */
const ANSWERED: Readonly<Record<string, readonly string[]>> = {
  apiserver: ['tcp grpc'],
  controllermgr: ['tcp health'],
  envoy: ['http /healthz', 'tcp http'],
  ui: ['http /config.json', 'http /'],
  worker: [],
};

interface Probe {
  httpGet?: { path: string };
  tcpSocket?: { port: string };
}

const probes = suite('probes');
const containers = containersIn(manifestsIn(await buildBase()));

for (const [name, answered] of Object.entries(ANSWERED))
  probes(`${name}: ${answered.join(', ') || 'none'}`, () => {
    const container = containers.find((one) => one.name === name);
    const asked = ['startupProbe', 'readinessProbe', 'livenessProbe'].flatMap((field) => {
      const { httpGet, tcpSocket, ...other } = (container?.[field] ?? {}) as Probe;
      assert.not.ok('grpc' in other || 'exec' in other);
      if (httpGet) return `http ${httpGet.path}`;
      return tcpSocket ? `tcp ${tcpSocket.port}` : [];
    });
    assert.equal([...new Set(asked)].sort(), [...answered].sort());
  });

probes('Envoy answers its own, in every config', () => {
  const base = readFileSync(join(packageRoot, 'base/envoy/envoy.yaml'), 'utf8');
  for (const config of [base, transcoderConfig])
    assert.match(config, /match: \{ path: \/healthz \}\s+direct_response:\s+status: 200/);
});

probes.run();
