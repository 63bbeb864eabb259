/** Which of the hosts that a role has in a base is the pattern for those that it is to have. */
import type { PublicRole } from '../config/public-hosts.ts';
import { hostOfRule, pathsOfRule, rulesOf } from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import type { JsonObject } from '../yaml/json.ts';
import { clientHosts } from './old-hosts.ts';
import { PLACEHOLDER } from './placeholders.ts';
import type { Surface } from './surface.ts';

/**
 * The wanted main host, else the placeholder, else the one that worker or page name, else a wanted alias, else the first. Beside an alias
 * that the base has already any other host is somebody else's: a domain that moves keeps its old host as an alias.
 */
export function mainHost(
  old: readonly string[],
  wanted: readonly string[],
  called: readonly string[] = [],
): string | undefined {
  return told(old, wanted, called) ?? old.find((host) => wanted.includes(host)) ?? old[0];
}

/** The one that the config or the parts say themselves. */
function told(
  old: readonly string[],
  wanted: readonly string[],
  called: readonly string[],
): string | undefined {
  return (
    old.find((host) => host === wanted[0]) ??
    old.find((host) => host.includes(PLACEHOLDER)) ??
    old.find((host) => called.includes(host.toLowerCase()))
  );
}

/** Those of an Ingress's rules that are a role's: with a path to its Service. */
export function rulesOfRole(
  role: PublicRole,
  resource: Resource,
  surface: Surface,
  rules: readonly JsonObject[] = rulesOf(resource),
): readonly JsonObject[] {
  const matching = rules.filter((rule) =>
    pathsOfRule(rule).some((path) => surface.leadsTo(role, path, resource)),
  );
  // The label says what it is for, even where the backend is in another stream.
  return matching.length === 0 && resource.role !== '' ? rules : matching;
}

/** The main host of a role's Ingresses, all of which follow it. */
interface IngressMain {
  /** Empty where the rules take every host; undefined where no rule is the role's. */
  host: string | undefined;
  /** Those of which nothing tells which is the main one; empty where something does, or where one Ingress has all of them. */
  unclear: readonly string[];
}

/** @param wanted - what the role's hosts are to be */
export function ingressMain(
  role: PublicRole,
  surface: Surface,
  wanted: readonly string[],
): IngressMain {
  const ingresses = surface.ingressesOf(role);
  const hostsOf = ingresses.map((each) => rulesOfRole(role, each, surface).map(hostOfRule));
  const called = clientHosts(surface).get(role) ?? [];
  // A rule for every host, or for many, is not a name of the part.
  const names = hostsOf.flat().filter((host) => host !== '' && !host.startsWith('*'));
  const all = names.length > 0 && ingresses.length > 1 ? names : hostsOf.flat();
  const host = mainHost(all, wanted, called);
  const isClear =
    told(all, wanted, called) !== undefined || hostsOf.every((hosts) => hosts.includes(host ?? ''));
  const distinct = [...new Set(names)];
  return { host, unclear: isClear || distinct.length < 2 ? [] : distinct };
}
