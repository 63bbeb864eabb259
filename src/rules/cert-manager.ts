/**
 * Who asks cert-manager for a certificate: an annotation on the Ingress or on the Gateway where its shims do the work, a Certificate
 * where they do not; never two of them for one Secret.
 *
 * Source: cert-manager's "Annotated Ingress resource", "Annotated Gateway resource" and "Certificate resource".
 */
import type { PublicRole } from '../config/public-hosts.ts';
import type { Settings } from '../config/settings.ts';
import type { Draft } from '../manifests/edit.ts';
import type { Resource } from '../manifests/resource.ts';
import { parentsTo } from '../manifests/route.ts';
import type { Surface } from '../surface/surface.ts';

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

type CertificateRequest = 'ingress' | 'gateway' | 'certificate';

/** What asks for the certificates of a role's hosts; undefined where nobody does. */
export function certificateRequest(
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
  const other = settings.entries[role === 'api' ? 'app' : 'api'];
  const isShared = other.gateway !== undefined && other.ingress !== undefined;
  return isShared ? 'certificate' : 'gateway';
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
  return ISSUER_ANNOTATIONS.some((annotation) => Object.hasOwn(annotations, annotation));
}

/**
 * Writes the annotation that asks an issuer, and takes away the others by which a shim would take Secrets that somebody else makes.
 * @param issuer - undefined where none is asked
 * @param given - annotations that the config gives, which stay
 */
export function writeIssuer(draft: Draft, issuer: IssuerReference | undefined, given = {}): void {
  const wanted = issuer && issuerAnnotation(issuer);
  if (wanted) draft.set(['metadata', 'annotations', wanted], issuer.name, issuer.field);
  for (const annotation of ISSUER_ANNOTATIONS)
    if (annotation !== wanted && !(annotation in given))
      draft.remove(['metadata', 'annotations', annotation], 'spec.tls.mode');
}

/** The annotation that names an issuer. */
export function issuerAnnotation(issuer: IssuerReference): string {
  return issuer.kind === 'Issuer' ? 'cert-manager.io/issuer' : 'cert-manager.io/cluster-issuer';
}

/** Annotations by which cert-manager's shims take an Ingress or a Gateway for their own. */
const ISSUER_ANNOTATIONS: readonly string[] = [
  'cert-manager.io/cluster-issuer',
  'cert-manager.io/issuer',
  'cert-manager.io/issuer-kind',
  'cert-manager.io/issuer-group',
  'kubernetes.io/tls-acme',
  'acme.cert-manager.io/http01-ingress-class',
  'acme.cert-manager.io/http01-ingress-ingressclassname',
];
