/**
 * Who asks cert-manager for a certificate: an annotation on the Ingress or on the Gateway where its shims do the work, a Certificate
 * where they do not; never two of them for one Secret.
 *
 * Source: cert-manager's "Annotated Ingress resource", "Annotated Gateway resource" and "Certificate resource".
 */

import type { IngressEntry } from '../config/generated/domain-config.ts';
import type { PublicRole } from '../config/public-hosts.ts';
import { hostRoles, type Settings } from '../config/settings.ts';
import { type ControllerName, controllersOfClass } from '../controllers/index.ts';
import { tlsPlace } from '../controllers/shared/wanted-marks.ts';
import type { Problem } from '../errors.ts';
import {
  CLASS_OVERRIDES,
  ISSUER_ANNOTATIONS,
  ISSUER_GROUP,
  ISSUER_KIND,
  TLS_ACME,
} from '../manifests/cert-manager.ts';
import { secretNameOf } from '../manifests/certificate.ts';
import type { Draft } from '../manifests/edit.ts';
import { certificateRefsOf, listenersOf } from '../manifests/gateway.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { parentsTo } from '../manifests/route.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, equalJson, getIn, list } from '../yaml/json.ts';
import { hostsOfParts, type IngressPart } from './ingress-part.ts';
import { coversHost, hostsOf, isNeededByOthers, secretOf } from './ingress-tls.ts';
import { replaced } from './replaced.ts';

/** The issuer that the config names or makes. */
export interface IssuerReference {
  kind: 'ClusterIssuer' | 'Issuer';
  name: string;
  /** The config field that the reference follows from. */
  field: string;
}

/** The issuer of the certificates; undefined where nobody is asked for any. */
export function issuerOf({ config, name, tlsMode }: Settings): IssuerReference | undefined {
  if (tlsMode !== 'acme' && tlsMode !== 'ca' && tlsMode !== 'issuer') return undefined;
  const given = config.spec.tls?.issuer;
  return {
    kind: given?.kind ?? 'ClusterIssuer',
    name: given?.name ?? `michelangelo-${name}`,
    field: given?.name === undefined ? 'spec.tls.mode' : 'spec.tls.issuer.name',
  };
}

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

/** The Secrets that TLS blocks of an Ingress have for hosts of others. */
export function secretsOfOthers(
  ingress: Resource,
  parts: readonly IngressPart[],
  surface: Surface,
): string[] {
  const own = hostsOfParts(parts, surface);
  const isOwn = (name: string) =>
    own.has(name) ||
    name === '' ||
    ([...own].some((host) => coversHost(name, host)) && !isNeededByOthers(name, own, surface));
  return list(getIn(ingress.json, ['spec', 'tls'])).flatMap((block) => {
    const secret = secretOf(block);
    return secret !== undefined && !hostsOf(block).every(isOwn) ? [secret] : [];
  });
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

/** Whether a Gateway carries an annotation by which cert-manager's shim takes it for its own. */
export function asksForCertificates({ annotations }: Resource): boolean {
  return SHIM_ANNOTATIONS.some((annotation) => Object.hasOwn(annotations, annotation));
}

/**
 * Writes the annotation that asks an issuer, and takes away the others by which a shim would take Secrets that somebody else makes.
 * @param issuer - undefined where none is asked
 * @param way - of the entry: what it gives stays
 * @returns each value that goes or gives way
 */
export function writeIssuer(
  draft: Draft,
  ingress: Resource,
  issuer: IssuerReference | undefined,
  { annotations: given = {}, controller }: IngressEntry = {},
): Problem[] {
  const wanted = issuer && ISSUER_ANNOTATIONS[issuer.kind];
  const stays = (key: string, old: string) =>
    key in given ||
    (issuer !== undefined && CLASS_OVERRIDES.includes(key) && !isClassOfOther(old, controller));
  return [...SHIM_ANNOTATIONS, ...CLASS_OVERRIDES].flatMap((key) => {
    const place = ['metadata', 'annotations', key];
    const old = draft.get(place);
    const value = key === wanted ? issuer?.name : undefined;
    const isKept = value === undefined && (old === undefined || stays(key, asText(old)));
    if (isKept || old === value) return [];
    const field = issuer?.field ?? 'spec.tls.mode';
    if (value === undefined) draft.remove(place, 'spec.tls.mode');
    else draft.set(place, value, field);
    return typeof old === 'string' && !(key in given)
      ? [replaced(ingress.reference, place.join('.'), old, value, field)]
      : [];
  });
}

/** Whether a class is one of another controller alone. */
function isClassOfOther(className: string, own: ControllerName | undefined): boolean {
  const names = controllersOfClass(className);
  return own !== undefined && names.length > 0 && !names.includes(own);
}

/** Annotations by which cert-manager's shims take an Ingress or a Gateway for their own. */
const SHIM_ANNOTATIONS: readonly string[] = [
  ...Object.values(ISSUER_ANNOTATIONS),
  ISSUER_KIND,
  ISSUER_GROUP,
  TLS_ACME,
];

/** Whether an Ingress asks that issuer, and no other. */
export function isAskedOf(issuer: IssuerReference | undefined, { annotations }: Resource): boolean {
  const wanted = issuer && ISSUER_ANNOTATIONS[issuer.kind];
  const present = Object.values(ISSUER_ANNOTATIONS).filter((key) => annotations[key] !== undefined);
  return wanted !== undefined && present.join() === wanted && annotations[wanted] === issuer?.name;
}

/** The annotation holds for every block of the Ingress: it cannot change for ours alone. */
export function issuerOfOthers(entry: Resource, secrets: readonly string[]): Problem {
  return {
    code: 'entry-refused',
    severity: 'error',
    message: `this ${entry.kind} asks another issuer than the config for certificates, for hosts of others too`,
    resource: entry.reference,
    path: 'metadata.annotations',
    found: `an issuer of Secrets ${secrets.map((name) => `\`${name}\``).join(', ')}`,
    expected: `hosts of Michelangelo alone in the ${entry.kind}, or the same issuer for all`,
    fix: `split the ${entry.kind}, or choose \`tls.mode: issuer\` with this issuer in \`tls.issuer\``,
  };
}
