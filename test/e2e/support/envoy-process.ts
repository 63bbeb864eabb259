/** A real Envoy with a rendered config. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from '../../support/temporary.ts';
import { envoyTool } from '../tools.ts';
import { type EnvoyConfig, endpoints, type SocketAddress } from './envoy-config.ts';
import { unusedPort } from './listen.ts';
import { until } from './until.ts';

export interface Envoy {
  /** Of its first listener, on 127.0.0.1. */
  port: number;
  /** Of every listener, by its name. */
  ports: Readonly<Record<string, number>>;
  /** Everything that it printed, the access log included. */
  log(): string;
  close(): Promise<void>;
}

/**
 * Starts Envoy and waits until it serves. Of the config only addresses change, as the cluster's network would change
 * them: listener and admin get free ports of this machine, and each endpoint, by its `host:port`, becomes the loopback port
 * that `services` names. One that is not named there is an error: it would lead nowhere in a cluster either. Envoy's own admin
 * interface is where it is.
 */
export async function startEnvoy(
  rendered: EnvoyConfig,
  services: Readonly<Record<string, number>>,
): Promise<Envoy> {
  const config = structuredClone(rendered);
  const admin = config.admin.address.socket_address;
  const adminAddress = `${admin.address}:${admin.port_value}`;
  const adminPort = await unusedPort();
  for (const endpoint of endpoints(config)) {
    const { address, port_value: port } = endpoint;
    const place = `${address}:${port}`;
    const local = place === adminAddress ? adminPort : services[place];
    if (local === undefined) throw new Error(`no service at ${address}:${port}`);
    bindTo(endpoint, local);
  }
  bindTo(admin, adminPort);
  for (const { address } of config.static_resources.listeners) bindTo(address.socket_address, 0);

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
    const ports = await until('Envoy to serve', async () => {
      if (child.exitCode !== null) return 'ended';
      const admin = `http://${readFileSync(files.admin, 'utf8')}`;
      if (!(await fetch(`${admin}/ready`)).ok) return undefined;
      const { listener_statuses: listeners } = (await (
        await fetch(`${admin}/listeners?format=json`)
      ).json()) as { listener_statuses: Listener[] };
      const bound = listeners.map(({ name, local_address: local }) => [
        name,
        local.socket_address.port_value,
      ]);
      return bound.length === config.static_resources.listeners.length
        ? (Object.fromEntries(bound) as Record<string, number>)
        : undefined;
    });
    if (ports === 'ended') throw new Error(`Envoy ended with status ${child.exitCode}`);
    const [first] = config.static_resources.listeners;
    return { port: ports[first?.name ?? ''] ?? 0, ports, log: () => log, close };
  } catch (error) {
    await close();
    throw new Error(`${error instanceof Error ? error.message : error}\n${log}`);
  }
}

/** As the admin interface lists it. */
interface Listener {
  name: string;
  local_address: { socket_address: SocketAddress };
}

function bindTo(socketAddress: SocketAddress, port: number): void {
  socketAddress.address = '127.0.0.1';
  socketAddress.port_value = port;
}
