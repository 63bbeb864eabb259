/** `tls.acme.solver`, the entries → how an ACME server's challenges for the hosts come in. */

import type { PublicRole } from '../config/public-hosts.ts';
import { hostRoles, type Settings } from '../config/settings.ts';
import { CONTROLLERS } from '../controllers/index.ts';
import type { Problem } from '../errors.ts';
import type { Resource } from '../manifests/resource.ts';
import { parentsOf } from '../manifests/route.ts';
import { groupedBy } from '../maps.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, distinct, equalJson, isObject, type Json, type JsonObject } from '../yaml/json.ts';
import { wantedClass } from './entry-class.ts';
import { GATEWAY_DEFAULTS, ownGateway } from './gateway-names.ts';
import { ingressParts } from './ingress-part.ts';

/** The solvers of the issuer: one where all hosts have the same. */
export function solversOf(
  settings: Settings,
  surface: Surface,
  given: string | { [key: string]: unknown } | undefined,
): Json[] {
  if (isObject(given)) return ['dns01' in given || 'http01' in given ? given : { dns01: given }];
  const solvers = hostRoles(settings).flatMap((role) =>
    hostsByClass(settings, surface, role).map(({ className, hosts }) => ({
      selector: { dnsNames: hosts },
      http01: http01(settings, surface, role, className),
    })),
  );
  const [first, ...others] = solvers.map((solver) => ({ http01: solver.http01 }));
  return first && others.every((other) => equalJson(other, first)) ? [first] : solvers;
}

/**
 * The challenge comes in through the entry that is configured. While an entry moves, its Ingress answers.
 *
 * Source: cert-manager's "HTTP01": `ingressClassName`; `class` only for ingress-gce, which does not read the former.
 */
function http01(
  settings: Settings,
  surface: Surface,
  role: PublicRole,
  className: string | undefined,
): JsonObject {
  const { ingress, gateway } = settings.entries[role];
  const resource = surface.ingressOf(role);
  const routes = surface.routesOf(role);
  if (gateway && !ingress) {
    const own = ownGateway(settings, surface, role);
    if (!own) return throughGateways(gateway.value.parentRefs ?? []);
    const { namespace } = own.served;
    return throughGateways([{ name: own.name, ...inNamespace(namespace) }]);
  }
  if (!ingress && !resource && routes.length > 0)
    return throughGateways(
      routes.flatMap((route) =>
        parentsOf(route).map((parent) => ({
          ...parent,
          ...inNamespace(asText(parent['namespace'] ?? route.namespace)),
        })),
      ),
    );
  const name = ingress?.value.controller;
  const controller = name && CONTROLLERS[name];
  if (className === undefined) return { ingress: {} };
  return { ingress: { [controller?.solverField ?? 'ingressClassName']: className } };
}

/** Hosts of a role, and the class of the Ingress at which the challenge for them comes in. */
interface ClassHosts {
  className: string | undefined;
  hosts: string[];
}

/** An alias may have an Ingress of another class. A host that several classes have is answered by the main Ingress. */
function hostsByClass(settings: Settings, surface: Surface, role: PublicRole): ClassHosts[] {
  const hosts = settings.hosts[role].map(({ host }) => host);
  const groups = groupedBy(hosts, (host) => [classesWith(host, role, settings, surface)[0]]);
  return [...groups].map(([className, hosts]) => ({ className, hosts }));
}

/** The classes of the Ingresses that have a host; of the main one where none has it. */
function classesWith(
  host: string,
  role: PublicRole,
  settings: Settings,
  surface: Surface,
): (string | undefined)[] {
  const parts = ingressParts(settings, surface).filter((part) => part.role === role);
  const own = parts.filter(({ hosts }) => hosts.some((each) => each.host === host));
  const entries = own.length > 0 ? own : parts.slice(0, 1);
  const classOfEntry = (entry: Resource | undefined) =>
    wantedClass({ entry, role }, settings, surface);
  return entries.length === 0
    ? [classOfEntry(undefined)]
    : [...new Set(entries.map(({ resource }) => classOfEntry(resource)))];
}

/** One host, one certificate, one way in for its challenge: nobody can tell which class the internet reaches. */
export function challengeProblems(settings: Settings, surface: Surface): Problem[] {
  const solver = settings.config.spec.tls?.acme?.solver;
  if (solver !== undefined && solver !== 'http01') return [];
  return hostRoles(settings).flatMap((role) => {
    const { ingress, gateway } = settings.entries[role];
    const entry = surface.ingressOf(role);
    if ((gateway && !ingress) || !entry) return [];
    return settings.hosts[role].flatMap(({ host }): Problem[] => {
      const [first, ...others] = classesWith(host, role, settings, surface).map(
        (name) => `\`${name ?? 'none'}\``,
      );
      if (first === undefined || others.length === 0) return [];
      return [
        {
          code: 'entry-limit',
          severity: 'warning',
          message: `Ingresses of several classes have the host ${host}, and the challenge for its certificate comes in through one of them`,
          resource: entry.reference,
          path: 'spec.ingressClassName',
          found: [first, ...others].join(', '),
          expected: `${first} as the class that the internet reaches under this host`,
          fix: 'where it reaches another one, give the Ingresses `acme.cert-manager.io/http01-ingress-ingressclassname` with that class, or set a DNS-01 solver as `tls.acme.solver`',
        },
      ];
    });
  });
}

/** The Gateway as a whole: the challenge comes in by plain HTTP, at another listener than the requests. */
function throughGateways(parents: readonly object[]): JsonObject {
  const whole = parents.map((parent) => {
    const { sectionName: _, port: __, ...rest } = parent as JsonObject;
    return { ...GATEWAY_DEFAULTS, ...rest };
  });
  return { gatewayHTTPRoute: { parentRefs: distinct(whole) } };
}

function inNamespace(namespace: string): JsonObject {
  return namespace ? { namespace } : {};
}
