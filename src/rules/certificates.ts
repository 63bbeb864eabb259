/** `tls.mode`, `tls.terminateAt`, `hosts.aliases` → a Certificate for each Secret that no annotation asks for. */
import type { PublicRole } from '../config/public-hosts.ts';
import type { PublicHost } from '../config/settings.ts';
import { template } from '../templates/template.ts';
import type { JsonObject } from '../yaml/json.ts';
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
      const json = template('certificate');
      const spec = json['spec'] as JsonObject;
      const issuerRef = { group: 'cert-manager.io', kind: issuer.kind, name: issuer.name };
      return [
        {
          field: secretFrom,
          json: {
            ...json,
            metadata: metadataFrom(served, secretName),
            spec: { ...spec, secretName, dnsNames: [host], issuerRef },
          },
        },
      ];
    });
  });
  return { edits: [], problems: [], additions };
};
