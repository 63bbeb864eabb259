/** What most live suites run against: the API and the UI behind an Envoy with a config that was rendered for them. */

import { readEnvoyConfig } from '../support/envoy-config.ts';
import { type Envoy, startEnvoy } from '../support/envoy-process.ts';
import { type GrpcBackend, startGrpcBackend } from '../support/grpc-backend.ts';
import { buildLiveOverlay, type LiveOverlay } from '../support/live-overlay.ts';
import type { Keep } from '../support/stand.ts';
import { startUiServer, type UiServer } from '../support/ui-server.ts';

/** TLS ends in front of Envoy, as it does in the shipped overlays; three more origins than the app's own. */
export const SPEC = {
  domain: 'ml.example.com',
  tls: { mode: 'secret' },
  cors: {
    allowOrigins: [
      'https://console.example.com',
      'https://*.preview.example.com',
      'http://localhost:*',
    ],
  },
};

/** The unary method. */
export const API_PATH = '/michelangelo.api.v2.ProbeService/Ask';

/** Where the rendered config looks for the API and the UI: the Services of the overlay, prefix included. */
export const API_SERVICE = 'live-michelangelo-apiserver:15566';
export const UI_SERVICE = 'live-michelangelo-ui:80';

export interface AppStand {
  overlay: LiveOverlay;
  envoy: Envoy;
  backend: GrpcBackend;
  ui: UiServer;
}

/** Builds the overlay and starts all three. */
export async function startApp(keep: Keep): Promise<AppStand> {
  const overlay = await buildLiveOverlay(SPEC);
  const backend = keep(await startGrpcBackend());
  const ui = keep(await startUiServer(overlay.configJson));
  const services = { [API_SERVICE]: backend.port, [UI_SERVICE]: ui.port };
  const envoy = keep(await startEnvoy(readEnvoyConfig(overlay.envoy), services), 'Envoy');
  return { overlay, envoy, backend, ui };
}
