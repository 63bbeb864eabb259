/** Whether Envoy's own listener ends TLS, so that whoever is in front of it has to speak TLS to it. */
import { chainOf, tlsContextOf } from '../envoy/listeners.ts';
import { apiManagers } from './envoy-api.ts';
import { jsonOf } from './parts.ts';
import type { Surface } from './surface.ts';

/** Of any listener through which the API is reached. */
export function endsTls(surface: Surface): boolean {
  return apiManagers(surface).some(
    ({ target, manager }) => tlsContextOf(chainOf(jsonOf(target), manager)) !== undefined,
  );
}
