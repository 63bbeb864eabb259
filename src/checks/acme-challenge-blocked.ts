import { rulesOf } from '../manifests/route.ts';
import type { Entry } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { asText, getIn, list } from '../yaml/json.ts';
import type { Check } from './check.ts';

const CHALLENGE = '/.well-known/acme-challenge';

/** Names of what answers challenges: cert-manager's own Services begin with `cm-acme-http-solver`. */
const SOLVER_SERVICE = /acme|solver|certbot|lego|challenge/i;

/** Longer than the rule of any solver would count. Source: Traefik, "Priority": by default the length of the rule. */
const HIGH_PRIORITY = 100;
const PRIORITY = 'traefik.ingress.kubernetes.io/router.priority';

export const check: Check = {
  family: 'Certificates and TLS',
  severity: 'error',
  title: 'An entry routes ACME challenges away',
  why: 'Requests to /.well-known/acme-challenge/ go to a backend of ours instead of to the solver: the certificate is neither issued nor renewed.',
  fix: 'take that path away: the entry for / does not get in the way, because the solver names a longer path',
  find: (surface) =>
    surface.entries
      .filter(({ roles }) => roles.size > 0 || surface.settings !== undefined)
      .flatMap((entry) => claimedPath(entry) ?? snippet(entry) ?? highPriority(entry) ?? []),
};

/** A path for challenges with a backend, or with a redirect, that is not the solver's. */
function claimedPath({ resource, paths }: Entry): Fault | undefined {
  const found = paths.find(
    ({ path, role, backend: { name } }) =>
      isChallenge(path) && (role !== undefined || !SOLVER_SERVICE.test(name)),
  );
  if (found) {
    const message = `the path ${found.path} is led to ${found.backend.name}`;
    if (found.role !== undefined) return { resource, path: found.place, message };
    return {
      resource,
      path: found.place,
      severity: 'warning',
      message: `${message}: certificates are issued only where that is what answers challenges`,
    };
  }
  const rules = rulesOf(resource);
  for (const [position, rule] of rules.entries()) {
    if (list(rule['backendRefs']).length > 0 || list(rule['filters']).length === 0) continue;
    const path = list(rule['matches'])
      .map((match) => getIn(match, ['path', 'value']))
      .find(isChallenge);
    if (path === undefined) continue;
    const message = `the path ${asText(path)} is led to a filter`;
    return { resource, path: `spec.rules[${position}]`, message };
  }
  return undefined;
}

function isChallenge(path: unknown): boolean {
  return typeof path === 'string' && path.replaceAll('\\', '').startsWith(CHALLENGE);
}

function snippet({ resource }: Entry): Fault | undefined {
  const key = Object.keys(resource.annotations).find(
    (name) =>
      /snippet/.test(name) && /location[^{]*well-known/.test(asText(resource.annotations[name])),
  );
  if (key === undefined) return undefined;
  return {
    resource,
    path: `metadata.annotations[${key}]`,
    message: `the snippet answers for ${CHALLENGE} itself`,
    fix: 'take the location away from the snippet',
  };
}

function highPriority({ resource, paths }: Entry): Fault | undefined {
  const priority = Number(resource.annotation(PRIORITY) ?? 0);
  if (!(priority > HIGH_PRIORITY) || !paths.some(({ path }) => path === '/')) return undefined;
  return {
    resource,
    path: `metadata.annotations[${PRIORITY}]`,
    message: `the priority ${priority} puts the path / before the solver's own`,
    fix: 'take the priority away: longer paths win by themselves',
  };
}
