/**
 * Entries that lead to a part of ours by their backends, and never send a request there.
 *
 * Sources: ingress-nginx, "Canary" (rules of a canary count beside those of an Ingress of the same host and path alone; without one the
 * backend is dropped) and "Permanent Redirect"; gRPC clients and the page's calls follow no redirect.
 */
import { CONTROLLERS } from '../../controllers/index.ts';
import { middlewaresOf } from '../../manifests/middleware.ts';
import { typeOfService } from '../../manifests/service.ts';
import { hostOfUrl } from '../../net/addresses.ts';
import type { Entry, EntryPath } from '../../surface/entry.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { CALL } from '../../surface/path-match.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, stringAt } from '../../yaml/json.ts';

/** The annotation that makes an Ingress a canary, and its value. */
const [[CANARY, ON] = ['', /./]] = Object.entries(CONTROLLERS['ingress-nginx'].sharedPaths ?? {});
const REDIRECTS = Object.values(CONTROLLERS).flatMap(({ redirectsAll }) => redirectsAll ?? []);

const PROGRAMS = { api: 'the API server', envoy: 'Envoy' } as const;

type Role = keyof typeof PROGRAMS;

/** Where no other entry leads to the same part. */
export function entriesInVain(surface: Surface): Fault[] {
  // Envoy may lead to the page: `ui-not-served` knows.
  return (['api', 'envoy'] as const).flatMap((role) => {
    const entries = surface.entriesOf(role);
    const isOpen = surface
      .servicesOf(role)
      .some((service) => ['LoadBalancer', 'NodePort'].includes(typeOfService(service)));
    if (isOpen) return [];
    const judged = entries.map((entry) => inVain(entry, role, surface));
    return judged.every(Boolean) ? judged.flatMap((fault) => fault ?? []).slice(0, 1) : [];
  });
}

function inVain(entry: Entry, role: Role, surface: Surface): Fault | undefined {
  if (entry.form !== 'ingress') return undefined;
  return asCanary(entry, role, surface) ?? asRedirect(entry, role, surface);
}

function isCanary({ resource }: Entry): boolean {
  return ON.test(resource.annotation(CANARY) ?? '');
}

function asCanary(entry: Entry, role: Role, surface: Surface): Fault | undefined {
  const { resource, controllers, paths } = entry;
  if (!isCanary(entry) || !controllers.includes('ingress-nginx')) return undefined;
  const own = paths.filter((path) => path.role === role);
  const isServed = (path: EntryPath) =>
    surface.entries.some(
      (other) =>
        other.form === 'ingress' &&
        !isCanary(other) &&
        other.paths.some(({ host, path: at }) => host === path.host && at === path.path),
    );
  const [first] = own;
  if (!first || own.some(isServed)) return undefined;
  return {
    resource,
    path: `metadata.annotations[${CANARY}]`,
    message: `a canary takes its part of what another Ingress serves, and none here has host ${first.host || '*'} with path ${first.path}: nothing leads to ${PROGRAMS[role]}`,
    fix: `take \`${CANARY}\` away, or add the Ingress that it stands beside`,
  };
}

function asRedirect(entry: Entry, role: Role, surface: Surface): Fault | undefined {
  const { resource, hosts } = entry;
  const common = `no other entry leads to ${PROGRAMS[role]}, and calls follow no redirect`;
  const key = REDIRECTS.find((one) => resource.annotation(one));
  if (key) {
    const host = hostOfUrl(resource.annotation(key) ?? '');
    // One that leads back to itself has a finding of its own.
    if (host !== undefined && hosts.includes(host)) return undefined;
    return {
      resource,
      path: `metadata.annotations[${key}]`,
      message: `it answers every request with a redirect to ${resource.annotation(key)}: ${common}`,
      fix: `take \`${key}\` away, or give the redirect an Ingress of its own, with the old host`,
    };
  }
  const found = middlewaresOf(resource, surface.manifests).find((middleware) => {
    const regex = stringAt(middleware?.json, ['spec', 'redirectRegex', 'regex']);
    return regex !== '' && hosts.length > 0 && hosts.every((host) => matches(regex, host));
  });
  if (!found) return undefined;
  const to = stringAt(getIn(found.json, ['spec', 'redirectRegex']), ['replacement']);
  return {
    resource: found,
    path: 'spec.redirectRegex.regex',
    message: `it redirects every request of Ingress ${resource.name} to ${to}: ${common}`,
    fix: 'let the expression take the old host alone, or give it an Ingress of its own',
  };
}

function matches(regex: string, host: string): boolean {
  try {
    return new RegExp(regex).test(`https://${host}${CALL}`);
  } catch {
    return false;
  }
}
