/** One role's part of an Ingress: its rules, and the host that they have today. */
import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import type { PublicHost, Settings } from '../config/settings.ts';
import { classOf, hostOfRule, pathsOfRule, rulesOf, tlsBlocksOf } from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import { ingressMain, rulesOfRole } from '../surface/main-host.ts';
import { onceFor } from '../surface/once.ts';
import type { Surface } from '../surface/surface.ts';
import type { JsonObject } from '../yaml/json.ts';

export interface IngressPart {
  role: PublicRole;
  resource: Resource;
  /** Those of the role's hosts that this Ingress is to have; empty where its rules are for hosts of nobody's concern here. */
  hosts: readonly PublicHost[];
  /** Those of the Ingress's rules that are the role's. */
  ownOf: (rules: readonly JsonObject[]) => readonly JsonObject[];
  /** The host of the rules that are the pattern; undefined where no rule has one of the role's hosts. */
  main: string | undefined;
  /** Whether a rule has a path to the role's Service. */
  leadsTo: (rule: JsonObject) => boolean;
  /** Whether it has no TLS block, and another Ingress of the same class and host has one. */
  isSecuredElsewhere: boolean;
}

/** Every Ingress of every role; of several for one role the one with the main host comes first. */
export function ingressParts(settings: Settings, surface: Surface): IngressPart[] {
  return PUBLIC_ROLES.flatMap((role) => partsOf(role, settings, surface));
}

function partsOf(role: PublicRole, settings: Settings, surface: Surface): IngressPart[] {
  const hosts = settings.hosts[role];
  const wanted = hosts.map(({ host }) => host);
  const { host: main } = ingressMain(role, surface, wanted);
  const ingresses = surface.ingressesOf(role).map((resource) => {
    const own = rulesOfRole(role, resource, surface).map(hostOfRule);
    return { resource, own, isMain: main !== undefined && own.includes(main) };
  });
  const [first] = ingresses.filter(({ isMain }) => isMain);
  // The page beside the calls, on their host.
  const isBeside = role === 'ui' && !settings.hasPageHost;
  // An alias that has an Ingress of its own stays there.
  const apart = ingresses.filter(({ isMain }) => !isMain).flatMap(({ own }) => own);
  const aside = hosts.filter(({ host }, index) => index === 0 || !apart.includes(host));
  return ingresses
    .map((one): IngressPart => {
      const { resource, own, isMain } = one;
      const present = hosts.filter(({ host }) => own.includes(host));
      const pattern = isMain ? main : present[0]?.host;
      return {
        role,
        resource,
        hosts: (isMain ? aside : present).map((host) =>
          one === first && !isBeside
            ? host
            : withOwnSecret(host, host === hosts[0] ? pattern : undefined, resource),
        ),
        ownOf: (rules) => rulesOfRole(role, resource, surface, rules),
        main: pattern,
        leadsTo: (rule) => pathsOfRule(rule).some((path) => surface.leadsTo(role, path, resource)),
        isSecuredElsewhere:
          isMain &&
          tlsBlocksOf(resource).length === 0 &&
          ingresses.some(
            (other) =>
              other.isMain &&
              tlsBlocksOf(other.resource).length > 0 &&
              classOf(other.resource) === classOf(resource),
          ),
      };
    })
    .sort((left, right) => Number(right.main === main) - Number(left.main === main));
}

/** Two Ingresses of one host may have a Secret each. */
function withOwnSecret(host: PublicHost, old: string | undefined, ingress: Resource): PublicHost {
  const isWritten = host.secretFrom !== 'spec.tls.mode' && !host.secretFrom.includes('aliases');
  if (isWritten || host.secretFrom.endsWith('.secretName') || host.secretName === undefined)
    return host;
  const named = [host.host, old ?? ''].filter(Boolean);
  const block = tlsBlocksOf(ingress).find(({ hosts }) =>
    hosts.some((name) => named.includes(name)),
  );
  return block && block.secretName !== '' ? { ...host, secretName: block.secretName } : host;
}

/** The hosts that parts have, and are to have; empty text where a rule takes every host. It is asked for each Ingress. */
export const hostsOfParts = onceFor(
  (parts: readonly IngressPart[]): ReadonlySet<string> =>
    new Set(
      parts.flatMap(({ main, hosts }) => [
        ...(main === undefined ? [] : [main]),
        ...hosts.map(({ host }) => host),
      ]),
    ),
);

/** Whether no rule of the Ingress is the role's at all. */
export function hasNoRule({ ownOf, resource }: IngressPart): boolean {
  return ownOf(rulesOf(resource)).length === 0;
}
