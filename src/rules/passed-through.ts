/** Ingresses of the base that leave TLS to the pods, where the config says that it ends at the entry and names no controller. */
import type { Settings } from '../config/settings.ts';
import { tlsPlace } from '../controllers/shared/wanted-marks.ts';
import type { Problem } from '../errors.ts';
import type { Surface } from '../surface/surface.ts';
import type { IngressPart } from './ingress-part.ts';

/** Whether the certificate that clients see is that of the pods: one at the Ingress would be served to nobody. */
export function isPassedThrough(
  { role, resource }: IngressPart,
  settings: Settings,
  surface: Surface,
): boolean {
  if (tlsPlace(role, settings) !== 'entry') return false;
  return surface.entries.some((entry) => entry.resource === resource && entry.tlsPlace === 'envoy');
}

export function passedThrough(
  { role, resource, hosts }: IngressPart,
  { tlsMode }: Settings,
): Problem {
  const names = hosts.map(({ host }) => `\`${host}\``).join(', ');
  const atEnvoy = role === 'app' ? 'choose `tls.terminateAt: envoy`; or ' : '';
  return {
    code: 'entry-limit',
    severity: 'warning',
    message: `TLS passes through this Ingress to the pods, whose certificate nothing here makes (\`tls.mode\` is ${tlsMode})`,
    resource: resource.reference,
    path: 'metadata.annotations',
    expected: `a certificate for ${names} at the pods`,
    fix: `give the pods one; or ${atEnvoy}set \`entry.${role}.ingress.controller\`, which ends TLS at the entry`,
  };
}
