import { isPrivateName } from '../net/host-names.ts';
import { type Asked, askedNames } from '../surface/asked-names.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { canSolve, solverFor, solversOf } from '../surface/solvers.ts';
import { asText, getIn, isObject, stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';

/** Authorities that every browser trusts: none of them certifies a name that is not in public DNS. */
const PUBLIC_SERVERS = /letsencrypt\.org|zerossl\.com|pki\.goog|buypass\.(?:com|no)|ssl\.com/;

export const check: Check = {
  family: 'Certificates and TLS',
  severity: 'error',
  title: 'A host that the ACME issuer cannot prove',
  why: 'The authority wants a proof for each name. Where no solver of the issuer can give it, the certificate is never issued, and the controller answers with a certificate of its own.',
  fix: 'add a solver for the host, or let the selector of one take it',
  find: (surface) =>
    askedNames(surface)
      .filter(({ issuer }) => isObject(getIn(issuer.json, ['spec', 'acme'])))
      .flatMap((asked) => {
        const told = new Set<string>();
        return asked.names.flatMap(({ name, place }): Fault[] => {
          const fault = told.has(name) ? undefined : judge(name, asked);
          told.add(name);
          return fault ? [{ resource: asked.owner, path: place, ...fault }] : [];
        });
      }),
};

function judge(name: string, { issuer, labels }: Asked): Fault | undefined {
  const who = `${issuer.kind} ${issuer.name}`;
  const server = stringAt(issuer.json, ['spec', 'acme', 'server']);
  if (PUBLIC_SERVERS.test(server) && isPrivateName(name.replace(/^\*\./, '')))
    return {
      message: `${name} is not a name of public DNS, and ${who} asks ${server}`,
      fix: 'use a public name, or an issuer of your own authority',
    };
  if (solverFor(issuer, name, labels)) return undefined;
  const solvers = solversOf(issuer);
  if (!solvers.some((solver) => canSolve(solver, name)))
    return {
      message:
        solvers.length === 0
          ? `${who} has no solver`
          : `${name} is a wildcard, and ${who} has solvers for HTTP-01 alone`,
      fix:
        solvers.length === 0
          ? 'add a solver to the issuer'
          : 'add a solver with `dns01` to the issuer, or list each host by its name',
    };
  return {
    message: `the selectors of all solvers of ${who} leave ${name} out: ${shown(solvers).join('; ')}`,
    fix: `add the host to \`dnsNames\` or its zone to \`dnsZones\` of a solver, or add a solver without a selector`,
  };
}

/** What each selector asks for. */
function shown(solvers: ReturnType<typeof solversOf>): string[] {
  return solvers.map((solver) => {
    const selector = Object.entries(isObject(solver['selector']) ? solver['selector'] : {});
    return selector
      .map(([key, value]) => {
        const items = isObject(value)
          ? Object.entries(value).map(([label, wanted]) => `${label}=${asText(wanted)}`)
          : [value].flat().map(asText);
        return `${key} ${items.join(', ')}`;
      })
      .join(' and ');
  });
}
