/**
 * `tls.issuer.kind: Issuer` → where certificates are asked for: an Issuer signs for its own namespace alone.
 *
 * Source: cert-manager's "Issuer Configuration", "Namespaces"; its shims make the Certificate beside the annotated Ingress or Gateway.
 */
import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import type { Problem } from '../errors.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { parentsTo } from '../manifests/route.ts';
import type { Surface } from '../surface/surface.ts';
import type { IssuerReference } from './cert-manager.ts';
import { namespaceAtGateway } from './certificate-requests.ts';
import type { RuleSettings } from './rule-settings.ts';

/** A namespace in which a certificate is asked for, and what stands there. */
interface Asker {
  resource: Resource;
  namespace: string;
}

/**
 * Namespaces that the issuer does not sign for.
 * @param home - that of the issuer which is made; undefined where it exists already
 */
export function issuerNamespaceProblems(
  { kind, name, field }: IssuerReference,
  home: string | undefined,
  settings: RuleSettings,
  surface: Surface,
): Problem[] {
  if (kind !== 'Issuer') return [];
  const present = surface.manifests.namesakes('Issuer', name);
  const isMade = home !== undefined;
  const isHere = (namespace: string) =>
    [...present.map((issuer) => issuer.namespace), ...(isMade ? [home] : [])].some((own) =>
      sameNamespace(own, namespace),
    );
  // One that is in none of the manifests is taken to be beside the API server.
  const usual = surface.apiServer?.namespace ?? '';
  const isUnknown = !isMade && present.length === 0;
  const lacking = askersOf(settings, surface).filter(({ namespace }) =>
    isUnknown ? !sameNamespace(usual, namespace) : !isHere(namespace),
  );
  const namespaces = new Map(lacking.map((asker) => [asker.namespace, asker]));
  return [...namespaces.values()].map(
    ({ resource, namespace }): Problem => ({
      code: isUnknown ? 'entry-limit' : 'entry-refused',
      severity: isUnknown ? 'warning' : 'error',
      message: `an Issuer signs for its own namespace alone, and a certificate is asked for in namespace ${namespace}`,
      resource: resource.reference,
      found: isUnknown
        ? `Issuer \`${name}\`, by \`${field}\`, of no known namespace`
        : `Issuer \`${name}\` in namespace ${[...present.map((one) => one.namespace), ...(isMade ? [home] : [])].join(', ')} alone`,
      expected: `Issuer \`${name}\` in namespace ${namespace}, or a ClusterIssuer`,
      fix: isUnknown
        ? `see to it that it is there, or set \`spec.tls.issuer.kind: ClusterIssuer\``
        : 'set `spec.tls.issuer.kind: ClusterIssuer`, or bring an Issuer for that namespace',
    }),
  );
}

function askersOf(settings: RuleSettings, surface: Surface): Asker[] {
  return PUBLIC_ROLES.flatMap((role) => {
    const request = settings.requests[role];
    if (request === undefined) return [];
    const entries = request === 'ingress' ? surface.ingressesOf(role) : [];
    if (entries.length > 0) return entries.map(asAsker);
    const gateways = request === 'gateway' ? baseGateways(role, settings, surface) : [];
    if (gateways.length > 0) return gateways.map(asAsker);
    const resource = surface.serviceOf(role) ?? surface.ingressOf(role);
    if (!resource) return [];
    const places = settings.hosts[role].map(
      ({ secretName }) =>
        (secretName && namespaceAtGateway(role, secretName, settings, surface)) ||
        resource.namespace,
    );
    return [...new Set(places)].map((namespace) => ({
      resource: surface.gateways.find((gateway) => gateway.namespace === namespace) ?? resource,
      namespace,
    }));
  });
}

function asAsker(resource: Resource): Asker {
  return { resource, namespace: resource.namespace };
}

/** The Gateways of the base whose annotation asks; one that is made stands beside the Service. */
function baseGateways(role: PublicRole, { entries }: RuleSettings, surface: Surface): Resource[] {
  if (entries[role].gateway) return [];
  const routes = surface.routesOf(role);
  return surface.gateways.filter((gateway) =>
    routes.some((route) => parentsTo(route, gateway).length > 0),
  );
}
