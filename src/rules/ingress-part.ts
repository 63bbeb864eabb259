/** One role's part of an Ingress: its rules, and the host that they have today. */
import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import type { PublicHost, Settings } from '../config/settings.ts';
import { hostOfRule, pathsOfRule, rulesOf } from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import { clientHosts } from '../surface/old-hosts.ts';
import type { Surface } from '../surface/surface.ts';
import type { JsonObject } from '../yaml/json.ts';
import { mainHost } from './main-host.ts';

export interface IngressPart {
  role: PublicRole;
  resource: Resource;
  hosts: readonly PublicHost[];
  /** Those of the Ingress's rules that are the role's. */
  ownOf: (rules: readonly JsonObject[]) => readonly JsonObject[];
  /** The host of the rules that are the pattern; undefined where no rule is the role's. */
  main: string | undefined;
  /** Whether a rule has a path to the role's Service. */
  leadsTo: (rule: JsonObject) => boolean;
}

export function ingressParts(settings: Settings, surface: Surface): IngressPart[] {
  const called = clientHosts(surface);
  return PUBLIC_ROLES.flatMap((role): IngressPart[] => {
    const resource = surface.ingressOf(role);
    if (!resource) return [];
    const leadsTo = (rule: JsonObject) =>
      pathsOfRule(rule).some((path) => surface.leadsTo(role, path, resource));
    const ownOf = (rules: readonly JsonObject[]) => {
      const matching = rules.filter(leadsTo);
      // The label says what it is for, even where the backend is in another stream.
      return matching.length === 0 && resource.role !== '' ? rules : matching;
    };
    const hosts = settings.hosts[role];
    const wanted = hosts.map(({ host }) => host);
    // Of several hosts the one that worker or page name is the part's own.
    const own = ownOf(rulesOf(resource)).map(hostOfRule);
    const named = own.filter((host) => called.get(role)?.includes(host));
    const main = mainHost([...named, ...own], wanted);
    return [{ role, resource, hosts, ownOf, main, leadsTo }];
  });
}
