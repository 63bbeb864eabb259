/**
 * Which solver of an ACME issuer answers the challenge for a host.
 *
 * Source: cert-manager's "ACME" configuration and its `acmeorders` controller: everything that a selector says has to match; `dnsNames`
 * win over `dnsZones`, of which the longest wins, over labels, over none. For a wildcard only DNS-01 is offered.
 */
import type { Resource } from '../manifests/resource.ts';
import { getIn, type JsonObject, list, objectAt, strings } from '../yaml/json.ts';

interface ChosenSolver {
  solver: JsonObject;
  /** In `spec.acme.solvers`. */
  position: number;
}

/** The ACME solvers of an issuer; none where it is no ACME issuer. */
export function solversOf({ json }: Resource): JsonObject[] {
  return list(getIn(json, ['spec', 'acme', 'solvers']));
}

/**
 * The solver that answers for a host: the one with the most specific selector.
 * @param labels - of the Certificate, or of the Ingress or Gateway that it is made for; without them a solver that asks for labels counts as another's
 */
export function solverFor(
  issuer: Resource,
  host: string,
  labels?: JsonObject,
): ChosenSolver | undefined {
  const ranked = solversOf(issuer).flatMap((solver, position) => {
    const rank = canSolve(solver, host) ? rankOf(solver, host, labels) : undefined;
    return rank === undefined ? [] : [{ solver, position, rank }];
  });
  return ranked.sort((left, right) => right.rank - left.rank)[0];
}

/** A solver of neither kind is refused elsewhere. */
export function canSolve(solver: JsonObject, host: string): boolean {
  return !host.startsWith('*.') || solver['http01'] === undefined;
}

const NAME = 1_000_000;
const ZONE = 1_000;

/** How specific a selector is; undefined where it leaves the host out. */
function rankOf(solver: JsonObject, host: string, labels?: JsonObject): number | undefined {
  const names = strings(getIn(solver, ['selector', 'dnsNames']));
  const zones = strings(getIn(solver, ['selector', 'dnsZones']));
  const wanted = Object.entries(objectAt(solver, ['selector', 'matchLabels']));
  const matching = zones.filter((zone) => host === zone || host.endsWith(`.${zone}`));
  const isLeftOut =
    (names.length > 0 && !names.includes(host)) ||
    (zones.length > 0 && matching.length === 0) ||
    wanted.some(([key, value]) => labels?.[key] !== value);
  if (isLeftOut) return undefined;
  const longest = Math.max(0, ...matching.map(({ length }) => length));
  return (names.length > 0 ? NAME : 0) + longest * ZONE + wanted.length;
}
