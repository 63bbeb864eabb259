/** A real Envoy with a rendered config. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from '../../support/temporary.ts';
import { envoyTool } from '../tools.ts';
import { type EnvoyConfig, endpoints, type SocketAddress } from './envoy-config.ts';
import { until } from './until.ts';

export interface Envoy {
  /** Of its listener, on 127.0.0.1. */
  port: number;
  /** Everything that it printed, the access log included. */
  log(): string;
  close(): Promise<void>;
}

/**
 * Starts Envoy and waits until it serves. Of the config only addresses change, as the cluster's network would change
 * them: listener and admin get free ports of this machine, and each endpoint, by its `host:port`, becomes the loopback port
 * that `services` names. One that is not named there is an error: it would lead nowhere in a cluster either.
 */
export async function startEnvoy(
  rendered: EnvoyConfig,
  services: Readonly<Record<string, number>>,
): Promise<Envoy> {
  const config = structuredClone(rendered);
  for (const endpoint of endpoints(config)) {
    const { address, port_value: port } = endpoint;
    const local = services[`${address}:${port}`];
    if (local === undefined) throw new Error(`no service at ${address}:${port}`);
    bindTo(endpoint, local);
  }
  for (const { address } of [...config.static_resources.listeners, config.admin])
    bindTo(address.socket_address, 0);

  const folder = temporaryFolder();
  const files = { config: join(folder, 'envoy.json'), admin: join(folder, 'admin-address') };
  writeFileSync(files.config, JSON.stringify(config));
  const child = execa(
    envoyTool.path,
    [
      ...['--config-path', files.config, '--admin-address-path', files.admin],
      ...['--concurrency', '2', '--disable-hot-restart', '--log-level', 'warning'],
    ],
    { all: true, buffer: false, reject: false, forceKillAfterDelay: 3000 },
  );
  let log = '';
  child.all.on('data', (chunk) => {
    log += chunk;
  });
  const close = async () => {
    child.kill();
    await child;
  };
  try {
    const port = await until('Envoy to serve', async () => {
      if (child.exitCode !== null) return 'ended';
      const admin = `http://${readFileSync(files.admin, 'utf8')}`;
      if (!(await fetch(`${admin}/ready`)).ok) return undefined;
      const { listener_statuses: listeners } = (await (
        await fetch(`${admin}/listeners?format=json`)
      ).json()) as { listener_statuses: { local_address: { socket_address: SocketAddress } }[] };
      return listeners[0]?.local_address.socket_address.port_value;
    });
    if (port === 'ended') throw new Error(`Envoy ended with status ${child.exitCode}`);
    return { port, log: () => log, close };
  } catch (error) {
    await close();
    throw new Error(`${error instanceof Error ? error.message : error}\n${log}`);
  }
}

function bindTo(socketAddress: SocketAddress, port: number): void {
  socketAddress.address = '127.0.0.1';
  socketAddress.port_value = port;
}
