/** Whether Envoy's own listener ends TLS, so that whoever is in front of it has to speak TLS to it. */
import { chainOf, tlsContextOf } from '../envoy/listeners.ts';
import { apiManagers } from './envoy-api.ts';
import { jsonOf } from './parts.ts';
import type { Surface } from './surface.ts';

export function endsTls(surface: Surface): boolean {
  return apiManagers(surface).some(
    ({ target, manager }) => tlsContextOf(chainOf(jsonOf(target), manager)) !== undefined,
  );
}

/** Annotations of all controllers by which an entry, or a Service, says that its backend speaks TLS. */
export function saysBackendTls(key: string, value: unknown): boolean {
  const [prefix = '', name = ''] = key.split('/');
  if (!/[a-z]/.test(prefix)) return false;
  if (/(?:^|[.-])(?:backend-protocol|protocol|serversscheme|app-protocols)$/.test(name))
    return /https|ssl|tls|grpcs/i.test(String(value));
  return /^(?:ssl-services|server-ssl|upstream-protocol\.tls)$/.test(name) && value !== 'false';
}
