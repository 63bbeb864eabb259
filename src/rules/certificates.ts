/** `tls.mode`, `tls.terminateAt`, `hosts.aliases` → a Certificate for each Secret that no annotation asks for. */
import type { PublicRole } from '../config/public-hosts.ts';
import type { PublicHost } from '../config/settings.ts';
import { certificateRequest, issuerOf } from './cert-manager.ts';
import { type Addition, NOTHING, type Rule } from './rule.ts';
import { metadataFrom } from './served-by.ts';

const ROLES: readonly PublicRole[] = ['api', 'app'];

export const certificates: Rule = ({ settings, surface }) => {
  const issuer = issuerOf(settings);
  if (!issuer) return NOTHING;
  const additions = ROLES.flatMap((role): Addition[] => {
    const served = surface.serviceOf(role);
    if (!served || certificateRequest(settings, surface, role) !== 'certificate') return [];
    const hosts = role === 'api' ? settings.apiHosts : settings.appHosts;
    return hosts.flatMap(({ host, secretName, secretFrom }: PublicHost): Addition[] => {
      if (secretName === undefined) return [];
      const issuerRef = { group: 'cert-manager.io', kind: issuer.kind, name: issuer.name };
      return [
        {
          field: secretFrom,
          // No common name: it may have 64 characters at most, and clients read dnsNames alone.
          json: {
            apiVersion: 'cert-manager.io/v1',
            kind: 'Certificate',
            metadata: metadataFrom(served, secretName),
            spec: {
              secretName,
              dnsNames: [host],
              issuerRef,
              // A leaked key must not outlive its certificate.
              privateKey: { rotationPolicy: 'Always' },
            },
          },
        },
      ];
    });
  });
  return { edits: [], problems: [], additions };
};
