/** `tls.mode` → hosts for which nothing asks the issuer: cert-manager reads no entry of another kind than an Ingress or a Gateway. */
import { hostRoles } from '../config/settings.ts';
import type { Problem } from '../errors.ts';
import { otherEntries } from '../surface/other-entries.ts';
import type { Surface } from '../surface/surface.ts';
import type { RuleSettings } from './rule-settings.ts';

/** A warning for each role, at the entry that would serve its certificate. */
export function unaskedCertificates(settings: RuleSettings, surface: Surface): Problem[] {
  return hostRoles(settings).flatMap((role): Problem[] => {
    const isServed = surface.ingressesOf(role).length + surface.routesOf(role).length > 0;
    if (settings.requests[role] !== 'ingress' || settings.entries[role].gateway || isServed)
      return [];
    const [entry] = otherEntries(surface).filter((other) => other.role === role);
    const hosts = settings.hosts[role].map(({ host }) => `\`${host}\``).join(', ');
    if (!entry) return [];
    const { kind, reference } = entry.resource;
    return [
      {
        code: 'entry-limit',
        severity: 'warning',
        message: `nothing asks for a certificate for ${hosts}: cert-manager reads annotations of Ingresses and Gateways, and no ${kind}`,
        resource: reference,
        expected: `a Certificate for ${hosts}`,
        fix: 'add a Certificate with its host to the base, whose issuer and hosts then follow the config; or choose `tls.mode: secret` or `external`',
      },
    ];
  });
}
