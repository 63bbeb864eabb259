/**
 * What the controllers of Ingresses cannot be told on an Ingress or a Service, as the Ingresses themselves show it: for the function, which
 * looks at what it has written, and for the checks.
 */
import type { PublicRole } from '../../config/public-hosts.ts';
import type { Controller, Limit, TlsPlace } from '../../controllers/controller.ts';
import { CONTROLLERS } from '../../controllers/index.ts';
import type { ResourceReference } from '../../errors.ts';
import type { Resource } from '../../manifests/resource.ts';
import { getIn, isObject } from '../../yaml/json.ts';
import { usesTls } from '../addresses.ts';
import { isLifted } from '../controller-settings.ts';
import type { Entry, ServiceRole } from '../entry.ts';
import { lacksTls, sharesTls } from '../entry-tls.ts';
import { findIssuer, referencesIn } from '../issuers.ts';
import { leftMarks } from '../left-marks.ts';
import { once } from '../once.ts';
import { redirectsAll } from '../redirects.ts';
import { solverFor } from '../solvers.ts';
import type { Surface } from '../surface.ts';
import type { Fault } from './fault.ts';

/** Under the code of the check that reports it: how long streams live has one of its own, which many accept. */
interface LimitFault extends Fault {
  code: 'entry-limit' | 'entry-stream-limit';
}

const PUBLIC: Readonly<Record<ServiceRole, PublicRole>> = { api: 'api', envoy: 'app', ui: 'ui' };

/** One for each limit of a controller, on the first Ingress that it holds for. Those that stop the function are its own to say. */
export const entryLimits = once((surface): LimitFault[] => {
  const found = new Map<string, { limit: Limit; entries: Resource[] }>();
  const entries = surface.entries.filter(
    (one) => !redirectsAll(one, surface.manifests) && !leftMarks(one, surface),
  );
  for (const entry of entries)
    for (const limit of limitsOfEntry(entry, surface)) {
      const known = found.get(limit.message) ?? { limit, entries: [] };
      known.entries.push(entry.resource);
      found.set(limit.message, known);
    }
  return [...found.values()].map(({ limit: { kind, message, fix }, entries }) => ({
    code: kind === 'timeout' ? 'entry-stream-limit' : 'entry-limit',
    severity: 'warning',
    resource: entries[0],
    also: entries.slice(1).map(({ reference }): ResourceReference => reference),
    message,
    fix,
  }));
});

/** Where two controllers may be in use nobody can tell which limits hold. */
function limitsOfEntry(entry: Entry, surface: Surface): Limit[] {
  const [name, ...others] = entry.form === 'ingress' ? entry.controllers : [];
  if (name === undefined || others.length > 0) return [];
  const controller: Controller = CONTROLLERS[name];
  const roles = [...entry.roles].map((role) => PUBLIC[role]);
  const place = placeOfTls(entry, surface);
  const limits = (controller.limits ?? []).filter(
    ({ role, places }) =>
      roles.some((own) => (role ?? own) === own) && (places?.includes(place) ?? true),
  );
  // One that cannot carry the requests at all has a finding of its own.
  if (limits.some(({ severity }) => severity === 'error')) return [];
  return limits.filter(
    (limit) =>
      !isLifted(limit, controller, surface) &&
      (limit.modes === undefined ||
        (limit.modes.includes('acme') && isSolvedByIngress(entry, surface))) &&
      (limit.unless === undefined || entry.resource.annotation(limit.unless) === undefined),
  );
}

/** Without a TLS block, TLS that clients speak all the same ends in front of the Ingress. */
function placeOfTls(entry: Entry, surface: Surface): TlsPlace {
  // That its TLS is missing is a finding of its own.
  if (lacksTls(entry, surface) || sharesTls(entry, surface)) return 'entry';
  return entry.tlsPlace === 'none' && usesTls(surface) ? 'external' : entry.tlsPlace;
}

/** Whether cert-manager answers HTTP-01 challenges for the Ingress with an Ingress of its own. */
function isSolvedByIngress({ resource, hosts }: Entry, surface: Surface): boolean {
  const { settings } = surface;
  // The function's own issuer may be added only when it is done.
  if (settings?.tlsMode === 'acme') return !isObject(settings.config.spec.tls?.acme?.solver);
  return referencesIn(resource, surface).some((reference) => {
    const issuer = findIssuer(reference, surface);
    return hosts.some((host) => {
      const solver = issuer && solverFor(issuer, host)?.solver;
      return isObject(getIn(solver, ['http01', 'ingress']));
    });
  });
}
