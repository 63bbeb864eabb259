/** Contour with an Envoy of its own: an entry as it runs in a cluster. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from '../../support/temporary.ts';
import type { Keep, Running } from '../support/stand.ts';
import { envoyTool } from '../tools.ts';
import { ownAddress } from './loopback.ts';
import { startProgram } from './process.ts';
import { contourTool } from './programs.ts';

/** How long a change may take until Envoy has it, in milliseconds. */
export const ARRIVAL = 45_000;

export interface RunningContour {
  /** Of Envoy's listeners. Ports from 1024 on: 8080 and 8443 for Ingresses, a Gateway's with 8000 added. */
  address: string;
}

/** The one Gateway that a Contour serves; the Ingresses of class `contour` are served in any case. */
export interface GatewayReference {
  namespace?: string;
  name: string;
}

/** Starts both, on a loopback address of their own. The definitions that it watches have to be there. */
export async function startContour(
  keep: Keep,
  kubeconfig: string,
  gateway?: GatewayReference,
): Promise<RunningContour> {
  const folder = temporaryFolder();
  const address = ownAddress();
  const config = join(folder, 'contour.yaml');
  const bootstrap = join(folder, 'envoy.json');
  const accessLog = join(folder, 'access.log');
  writeFileSync(
    config,
    JSON.stringify({
      // The way to a server on loopback: no EndpointSlice may name one.
      enableExternalNameService: true,
      ...(gateway && {
        gateway: { gatewayRef: { namespace: gateway.namespace, name: gateway.name } },
      }),
    }),
  );
  const label = gateway ? ` of ${gateway.namespace}/${gateway.name}` : '';
  keep(
    startProgram(contourTool.path, serveWords(config, kubeconfig, address, accessLog)),
    `contour${label}`,
  );
  await execa(contourTool.path, [
    ...['bootstrap', bootstrap, `--xds-address=${address}`, '--xds-port=8001'],
    `--admin-address=${join(folder, 'admin.sock')}`,
  ]);
  keep(
    startProgram(envoyTool.path, [
      ...['-c', bootstrap, '--service-cluster', 'projectcontour', '--service-node', 'envoy'],
      ...['--disable-hot-restart', '--concurrency', '1'],
      // Refused updates are warnings. What Contour writes that is deprecated is not our concern.
      ...['-l', 'warning', '--component-log-level', 'misc:error'],
    ]),
    `Envoy${label}`,
  );
  keep(linesOf(accessLog), `access log${label}`);
  return { address };
}

/** The last lines of a file, read when everything is stopped. */
function linesOf(path: string): Running {
  let text = '';
  return {
    log: () => text,
    close() {
      if (existsSync(path)) text = readFileSync(path, 'utf8').split('\n').slice(-20).join('\n');
    },
  };
}

function serveWords(
  config: string,
  kubeconfig: string,
  address: string,
  accessLog: string,
): string[] {
  return [
    'serve',
    `--config-path=${config}`,
    `--kubeconfig=${kubeconfig}`,
    '--insecure',
    '--disable-leader-election',
    // Its module is older than the Gateway API here, and asks for versions of these that are gone.
    ...['tcproutes', 'tlsroutes', 'backendtlspolicies'].map((kind) => `--disable-feature=${kind}`),
    ...[`--xds-address=${address}`, '--xds-port=8001'],
    ...[`--stats-address=${address}`, `--health-address=${address}`],
    ...[`--http-address=${address}`, `--debug-http-address=${address}`],
    // Envoy cannot open /dev/stdout where that is a pipe of Node's.
    ...[`--envoy-http-access-log=${accessLog}`, `--envoy-https-access-log=${accessLog}`],
    ...[`--envoy-service-http-address=${address}`, '--envoy-service-http-port=8080'],
    ...[`--envoy-service-https-address=${address}`, '--envoy-service-https-port=8443'],
  ];
}
