/** `tls.mode`, `tls.terminateAt`, `hosts.aliases` → a Certificate for each Secret that no annotation asks for. */
import { PUBLIC_ROLES } from '../config/public-hosts.ts';
import { certificateRequest, issuerOf } from './cert-manager.ts';
import { type Addition, NOTHING, type Rule } from './rule.ts';
import { metadataFrom } from './served-by.ts';

export const certificates: Rule = ({ settings, surface }) => {
  const issuer = issuerOf(settings);
  if (!issuer) return NOTHING;
  const additions = PUBLIC_ROLES.flatMap((role): Addition[] => {
    const served = surface.serviceOf(role);
    if (!served || certificateRequest(settings, surface, role) !== 'certificate') return [];
    return settings.hosts[role].flatMap(({ host, secretName, secretFrom }): Addition[] => {
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
