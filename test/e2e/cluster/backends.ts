/** What stands behind an entry: a real gRPC server and the UI's files, reached as the rendered Services are. */
import { type GrpcBackend, startGrpcBackend } from '../support/grpc-backend.ts';
import type { Keep } from '../support/stand.ts';
import { startUiServer } from '../support/ui-server.ts';
import { forward, ownAddress } from './loopback.ts';
import type { Manifest } from './manifests.ts';

/** The ports of the Services that an entry leads to. */
const PORTS = { api: 15566, app: 8081 };

export interface Backends {
  grpc: GrpcBackend;
  /** A Service that leads here, its name, ports and annotations as they are. Any other manifest comes back itself. */
  twin(manifest: Manifest): Manifest;
}

/** Starts both, the UI with the text of a config.json. */
export async function startBackends(keep: Keep, configJson: string): Promise<Backends> {
  const address = ownAddress();
  const grpc = keep(await startGrpcBackend());
  const ui = keep(await startUiServer(configJson));
  keep(await forward(address, PORTS.api, grpc.port));
  keep(await forward(address, PORTS.app, ui.port));
  return {
    grpc,
    twin: (manifest) =>
      manifest.kind === 'Service'
        ? {
            ...manifest,
            spec: { type: 'ExternalName', externalName: address, ports: manifest.spec.ports },
          }
        : manifest,
  };
}
