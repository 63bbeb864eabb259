/** Issuers whose ACME solvers took the old hosts, and take none of the new ones: their zones are the old domain's. */
import { PUBLIC_ROLES } from '../../config/public-hosts.ts';
import type { Settings } from '../../config/settings.ts';
import type { Problem } from '../../errors.ts';
import type { OldHosts } from '../../surface/old-hosts.ts';
import { solverFor } from '../../surface/solvers.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, strings } from '../../yaml/json.ts';
import type { KeptPlaces } from './leave.ts';
import { printPlace } from './places.ts';

/** A warning for each issuer in the stream that is asked in vain for a new host's certificate. */
export function solverProblems(
  { manifests }: Surface,
  old: OldHosts,
  settings: Settings,
  kept: KeptPlaces,
): Problem[] {
  if (settings.tlsMode === 'none' || settings.tlsMode === 'external') return [];
  return manifests.find(['Issuer', 'ClusterIssuer'], ['dnsZones']).flatMap((issuer): Problem[] => {
    const missed = PUBLIC_ROLES.flatMap((role) => {
      const hosts = [...old.parts].filter(([, part]) => part === role || part === 'both');
      const before = hosts.flatMap(([host]) => solverFor(issuer, host) ?? []);
      const { host } = settings.hosts[role][0];
      return before.length > 0 && !solverFor(issuer, host)
        ? before.map((found) => ({ ...found, host }))
        : [];
    });
    const [first] = missed;
    if (!first) return [];
    const path = ['spec', 'acme', 'solvers', first.position, 'selector', 'dnsZones'];
    const place = { resource: issuer, document: undefined, path };
    if (kept.has(place)) return [];
    const wanted = [...new Set(missed.map(({ host }) => host))];
    return [
      {
        code: 'old-host-left',
        severity: 'warning',
        message:
          'the zones of an issuer are those of an old host: no solver of it takes the new one',
        resource: issuer.reference,
        path: printPlace(place),
        found: strings(getIn(first.solver, ['selector', 'dnsZones'])).join(', '),
        expected: `a zone of ${wanted.join(' and ')}, or a solver without a selector`,
        fix: 'add the zone of the new hosts there in the base; the challenge cannot be answered without it',
      },
    ];
  });
}
