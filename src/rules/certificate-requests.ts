/** Who asks cert-manager for a certificate: a shim where one does the work, a Certificate where none does; never two for one Secret. */
import type { PublicRole } from '../config/public-hosts.ts';
import { hostRoles, type Settings } from '../config/settings.ts';
import { tlsPlace } from '../controllers/shared/wanted-marks.ts';
import { secretNameOf } from '../manifests/certificate.ts';
import { certificateRefsOf, listenersOf } from '../manifests/gateway.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { parentsTo } from '../manifests/route.ts';
import type { Surface } from '../surface/surface.ts';
import { equalJson } from '../yaml/json.ts';
import { asksForCertificates, issuerOf, secretsOfOthers } from './cert-manager.ts';
import type { IngressPart } from './ingress-part.ts';

/** What asks cert-manager: the shim of an Ingress or of a Gateway, or a Certificate. */
export type CertificateRequest = 'ingress' | 'gateway' | 'certificate';

/** What asks for the certificates of each role's hosts; undefined where nothing does. */
export function certificateRequests(
  settings: Settings,
  surface: Surface,
  parts: readonly IngressPart[],
): Record<PublicRole, CertificateRequest | undefined> {
  const roles = hostRoles(settings);
  const wanted = new Map(
    roles.map((role) => {
      const request = requestOf(settings, surface, role);
      const isExplicit = request === 'ingress' && needsCertificate(role, surface, parts);
      const isOwn = isExplicit || hasCertificate(role, settings, surface);
      return [role, isOwn ? request && 'certificate' : request];
    }),
  );
  // A shim reads all of an Ingress or a Gateway: it must not meet a Secret that a Certificate asks for.
  const [api, app, ui] = roles.map((role) => {
    const own = wanted.get(role);
    const isMixed = roles.some(
      (other) =>
        own &&
        wanted.get(other) &&
        wanted.get(other) !== own &&
        isOneEntry(role, other, settings, parts),
    );
    return isMixed ? 'certificate' : own;
  });
  // Page and calls on one host have one certificate, or Ingresses with a Secret each.
  return { api, app, ui: settings.hasPageHost ? ui : app };
}

function requestOf(
  settings: Settings,
  surface: Surface,
  role: PublicRole,
): CertificateRequest | undefined {
  if (!issuerOf(settings)) return undefined;
  if (role === 'app' && settings.terminateAt === 'envoy') return 'certificate';
  const { ingress, gateway } = settings.entries[role];
  if (!gateway) return ofTheBase(surface, role);
  if (ingress || gateway.value.parentRefs) return 'certificate';
  // The shim reads all listeners of a Gateway: it must not meet one whose certificate is asked for elsewhere.
  const isShared = hostRoles(settings)
    .map((other) => settings.entries[other])
    .some((other) => other.gateway !== undefined && other.ingress !== undefined);
  return isShared ? 'certificate' : 'gateway';
}

/** Whether the base has a Certificate for one of the Secrets: then it is used. */
function hasCertificate(role: PublicRole, settings: Settings, surface: Surface): boolean {
  const namespace = (surface.ingressOf(role) ?? surface.serviceOf(role))?.namespace ?? '';
  return settings.hosts[role].some(({ secretName }) => {
    if (secretName === undefined) return false;
    const place = namespaceAtGateway(role, secretName, settings, surface) ?? namespace;
    return certificatesOf(secretName, place, surface).length > 0;
  });
}

/** Where a listener of the base reads a role's Secret: beside its Gateway, which may be in another namespace than the routes. */
export function namespaceAtGateway(
  role: PublicRole,
  secretName: string,
  { entries }: Settings,
  surface: Surface,
): string | undefined {
  if (entries[role].gateway || surface.ingressOf(role)) return undefined;
  const routes = surface.routesOf(role);
  const [found] = surface.gateways
    .filter((gateway) => routes.some((route) => parentsTo(route, gateway).length > 0))
    .flatMap((gateway) =>
      listenersOf(gateway)
        .flatMap(({ json }) => certificateRefsOf(json))
        .filter(({ name }) => name === secretName)
        .map(({ namespace = gateway.namespace }) => namespace),
    );
  return found || undefined;
}

/** Certificates of the stream that write a Secret; those that do not mention it are not read. */
export function certificatesOf(
  secretName: string,
  namespace: string,
  { manifests }: Surface,
): Resource[] {
  return manifests
    .find(['Certificate'], [secretName])
    .filter(
      (certificate) =>
        secretNameOf(certificate) === secretName && sameNamespace(certificate.namespace, namespace),
    );
}

/** An annotation would ask for Secrets of others as well, or twice for one that two hosts have. */
function needsCertificate(
  role: PublicRole,
  surface: Surface,
  parts: readonly IngressPart[],
): boolean {
  return parts
    .filter((part) => part.role === role && !part.isSecuredElsewhere)
    .some((part) => {
      const secrets = part.hosts.map(({ secretName }) => secretName);
      const isShared = parts.some(
        (other) =>
          other.resource !== part.resource &&
          !other.isSecuredElsewhere &&
          other.hosts.some(({ secretName }) => secrets.includes(secretName)),
      );
      const isAsking = asksForCertificates(part.resource);
      return isShared || (!isAsking && secretsOfOthers(part.resource, parts, surface).length > 0);
    });
}

/** Whether two roles come in through one Ingress, or one Gateway. */
function isOneEntry(
  role: PublicRole,
  other: PublicRole,
  settings: Settings,
  parts: readonly IngressPart[],
): boolean {
  if (tlsPlace(other, settings) === 'envoy') return false;
  const { gateway } = settings.entries[role];
  if (gateway) return equalJson(gateway.value, settings.entries[other].gateway?.value);
  const own = parts.filter((part) => part.role === role);
  return parts.some(
    (part) => part.role === other && own.some((one) => one.resource === part.resource),
  );
}

/** An entry that the config says nothing of: an Ingress, or routes on a Gateway that may ask already. */
function ofTheBase(surface: Surface, role: PublicRole): CertificateRequest {
  const routes = surface.routesOf(role);
  const entry = surface.ingressOf(role);
  if (entry || routes.length === 0) return 'ingress';
  const leadsFrom = (gateway: Resource) =>
    routes.some((route) => parentsTo(route, gateway).length > 0);
  const isAsking = surface.gateways.filter(asksForCertificates).some(leadsFrom);
  return isAsking ? 'gateway' : 'certificate';
}
