/** `tls.acme`, `tls.ca`, `tls.issuer` → the ClusterIssuer or Issuer that signs the certificates. */
import type { PublicRole } from '../config/public-hosts.ts';
import { hostRoles, type Settings } from '../config/settings.ts';
import { CONTROLLERS } from '../controllers/index.ts';
import { CLASS_ANNOTATION, classOf } from '../manifests/ingress.ts';
import { parentsOf } from '../manifests/route.ts';
import { shortName } from '../manifests/short-name.ts';
import type { Surface } from '../surface/surface.ts';
import { distinct, equalJson, isObject, type Json, type JsonObject } from '../yaml/json.ts';
import { issuerOf } from './cert-manager.ts';
import { ownGateway } from './gateway-names.ts';
import { NOTHING, type Rule } from './rule.ts';
import { metadataFrom } from './served-by.ts';

/** Source: Let's Encrypt's documentation, "Staging environment" and "ACME API endpoints". */
const ACME_SERVERS: Readonly<Record<string, string>> = {
  production: 'https://acme-v02.api.letsencrypt.org/directory',
  staging: 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

export const issuer: Rule = ({ settings, surface }) => {
  const reference = issuerOf(settings);
  if (!reference || settings.tlsMode === 'issuer') return NOTHING;
  const served = surface.apiServer ?? surface.ingressOf('api') ?? surface.ingressOf('app');
  const isNamespaced = reference.kind === 'Issuer';
  if (!served) return NOTHING;
  const json: JsonObject = {
    apiVersion: 'cert-manager.io/v1',
    kind: reference.kind,
    metadata: isNamespaced ? metadataFrom(served, reference.name) : { name: reference.name },
    spec:
      settings.tlsMode === 'ca'
        ? { ca: { secretName: settings.config.spec.tls?.ca?.secretName ?? 'internal-ca-key-pair' } }
        : { acme: acmeOf(settings, surface, reference.name) },
  };
  const field = settings.tlsMode === 'ca' ? 'spec.tls.ca' : 'spec.tls.acme';
  return { edits: [], problems: [], additions: [{ json, field }] };
};

function acmeOf(settings: Settings, surface: Surface, name: string): JsonObject {
  const acme = settings.config.spec.tls?.acme;
  const server = acme?.server ?? 'production';
  return {
    server: ACME_SERVERS[server] ?? server,
    email: acme?.email ?? '',
    // An account belongs to one server: another server gets another key.
    privateKeySecretRef: {
      name: shortName(`${name}-${ACME_SERVERS[server] ? server : serverName(server)}-account`),
    },
    solvers: solversOf(settings, surface, acme?.solver),
  };
}

/** One host may have several directories, each with accounts of its own: `ca.example.com:9000/acme/web/directory`. */
function serverName(server: string): string {
  const { host, pathname } = new URL(server);
  return `${host}${pathname}`
    .toLowerCase()
    .replace(/\/(directory)?$/, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

function solversOf(
  settings: Settings,
  surface: Surface,
  given: string | { [key: string]: unknown } | undefined,
): Json[] {
  if (isObject(given)) return ['dns01' in given || 'http01' in given ? given : { dns01: given }];
  const solvers = hostRoles(settings).map((role) => ({
    selector: { dnsNames: settings.hosts[role].map(({ host }) => host) },
    http01: http01(settings, surface, role),
  }));
  const [first, ...others] = solvers.map((solver) => ({ http01: solver.http01 }));
  return first && others.every((other) => equalJson(other, first)) ? [first] : solvers;
}

/**
 * The challenge comes in through the entry that is configured. While an entry moves, its Ingress answers.
 *
 * Source: cert-manager's "HTTP01": `ingressClassName`; `class` only for ingress-gce, which does not read the former.
 */
function http01(settings: Settings, surface: Surface, role: PublicRole): JsonObject {
  const { ingress, gateway } = settings.entries[role];
  const resource = surface.ingressOf(role);
  const routes = surface.routesOf(role);
  if (gateway && !ingress) {
    const own = ownGateway(settings, surface, role);
    if (!own) return throughGateways(gateway.value.parentRefs ?? []);
    const { namespace } = own.served;
    return throughGateways([{ name: own.name, ...inNamespace(namespace), kind: 'Gateway' }]);
  }
  if (!ingress && !resource && routes.length > 0)
    return throughGateways(
      routes.flatMap((route) =>
        parentsOf(route).map((parent) => ({
          ...parent,
          ...inNamespace(String(parent['namespace'] ?? route.namespace)),
        })),
      ),
    );
  const name = ingress?.value.controller;
  const controller = name && CONTROLLERS[name];
  // In the order in which the entry gets its class.
  const className =
    ingress?.value.annotations?.[CLASS_ANNOTATION] ??
    ingress?.value.className ??
    controller?.className ??
    (resource && classOf(resource));
  if (className === undefined) return { ingress: {} };
  return { ingress: { [controller?.solverField ?? 'ingressClassName']: className } };
}

/** The Gateway as a whole: the challenge comes in by plain HTTP, at another listener than the requests. */
function throughGateways(parents: readonly object[]): JsonObject {
  const whole = parents.map((parent) => {
    const { sectionName: _, port: __, ...rest } = parent as JsonObject;
    return rest;
  });
  return { gatewayHTTPRoute: { parentRefs: distinct(whole) } };
}

function inNamespace(namespace: string): JsonObject {
  return namespace ? { namespace } : {};
}
