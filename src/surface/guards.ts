/**
 * What at an entry, or in front of what it leads to, asks who calls or limits from where. Only that it is there is read, not whether it
 * is right; what it refers to and is not in these manifests counts as there.
 *
 * Sources: the annotation pages of the controllers in `src/controllers/`; Traefik "Middlewares", Kong "KongPlugin", NGINX "Policy", GKE
 * "BackendConfig", Envoy Gateway "SecurityPolicy", Gateway API "HTTPExternalAuthFilter", Istio "AuthorizationPolicy".
 */

import { objectsIn, typeName } from '../envoy/bootstrap.ts';
import { chainOf, requiresClientCertificate } from '../envoy/listeners.ts';
import { selectsPods } from '../manifests/label-selectors.ts';
import { KONG_PLUGINS, MIDDLEWARES } from '../manifests/middleware.ts';
import type { Resource } from '../manifests/resource.ts';
import { asText, getIn, isObject, type JsonObject, list, objectAt } from '../yaml/json.ts';
import type { Entry, EntryPath } from './entry.ts';
import { apiManagers } from './envoy-api.ts';
import { once, onceFor } from './once.ts';
import { jsonOf } from './parts.ts';
import type { Surface } from './surface.ts';

/** Annotations, without their prefix, that ask or limit by themselves. */
const DIRECT =
  /^(?:auth-url|auth-tls-secret|auth-type|auth-secret|oauth|oauth-uri-prefix|jwt-key|basic-auth-secret|(?:whitelist|allowlist)-source-range|allow-list|whitelist|inbound-cidrs|client-ca)$/;
const SWITCHED_OFF = /^(?:none|off|false|)$/i;

/** Lines of nginx in an annotation. */
const SNIPPETS = /^(?:configuration|server|location)-snippets?$/;
const SNIPPET_GUARD = /\b(?:auth_request|auth_basic|auth_jwt|deny|ssl_verify_client)\b/;

/** Annotations that name resources, with the kind of these and the parts of their spec that guard. */
const REFERENCES: Readonly<Record<string, { kind: string; guards: RegExp }>> = {
  [MIDDLEWARES]: {
    kind: 'Middleware',
    guards: /^(?:forwardAuth|basicAuth|digestAuth|ipAllowList|ipWhiteList|plugin)$/,
  },
  'traefik.ingress.kubernetes.io/router.tls.options': { kind: 'TLSOption', guards: /^clientAuth$/ },
  [KONG_PLUGINS]: { kind: 'KongPlugin', guards: /auth|jwt|oidc|openid|acl|ip-restriction/ },
  'nginx.org/policies': {
    kind: 'Policy',
    guards: /^(?:accessControl|jwt|basicAuth|ingressMTLS|oidc|apiKey)$/,
  },
  'cloud.google.com/backend-config': { kind: 'BackendConfig', guards: /^(?:iap|securityPolicy)$/ },
};

/** Policies for a route, a Gateway or a Service, which their `targetRefs` name. */
const TARGETING = ['SecurityPolicy', 'AuthPolicy', 'GCPBackendPolicy'];
const MESH = ['AuthorizationPolicy', 'RequestAuthentication'];

const ENVOY_FILTERS = /^(?:ExtAuthz|JwtAuthentication|OAuth2|BasicAuth|ApiKeyAuth|RBAC)$/;

/** As messages name them: `nginx.ingress.kubernetes.io/auth-url`, `SecurityPolicy api`. */
export function guardsOf(entry: Entry, path: EntryPath, surface: Surface): string[] {
  const { service } = path.backend;
  const own = [entry.resource, ...(service ? [service] : [])];
  return [
    ...own.flatMap((resource) => inAnnotations(resource, surface)),
    ...(entry.form === 'route' ? inRoute(entry, service, surface) : []),
    ...(service ? inMesh(service, surface) : []),
    ...(path.role === 'envoy' ? inEnvoy(surface) : []),
  ];
}

function inAnnotations({ annotations }: Resource, surface: Surface): string[] {
  return Object.entries(annotations).flatMap(([key, value]) => {
    const name = key.split('/')[1] ?? '';
    const text = asText(value);
    const reference = REFERENCES[key];
    if (reference)
      return namesIn(text)
        .filter((one) => guardsByReference(one, reference, surface))
        .map((one) => `${reference.kind} ${one}`);
    if (DIRECT.test(name)) return SWITCHED_OFF.test(text.trim()) ? [] : [key];
    return SNIPPETS.test(name) && SNIPPET_GUARD.test(text) ? [key] : [];
  });
}

/** The names in a list, or in the JSON that GKE takes. */
function namesIn(text: string): string[] {
  if (text.trim().startsWith('{'))
    return [...text.matchAll(/:\s*"([^"]+)"/g)].map(([, name]) => name ?? '');
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

/** Traefik's names begin with the namespace. */
const namesInAnnotations = ({ name, namespace }: Resource) => [name, `${namespace}-${name}`];

function guardsByReference(
  name: string,
  { kind, guards }: { kind: string; guards: RegExp },
  { manifests }: Surface,
): boolean {
  const [found] = manifests.withKey(namesInAnnotations, name.replace(/@.*/, ''), kind);
  if (!found) return kind !== 'Middleware' || !/redirect|strip|compress|header/i.test(name);
  if (kind === 'KongPlugin') return guards.test(asText(found.json['plugin']));
  return Object.entries(objectAt(found.json, ['spec'])).some(
    ([key, value]) => guards.test(key) && getIn(value, ['enabled']) !== false,
  );
}

function inRoute(
  { resource, listeners }: Entry,
  service: Resource | undefined,
  surface: Surface,
): string[] {
  const filters = list(getIn(resource.json, ['spec', 'rules'])).flatMap((rule) =>
    list(rule['filters']),
  );
  const asking = filters
    .filter(({ type }) => type === 'ExternalAuth' || type === 'ExtensionRef')
    .map(({ type }) => `the filter ${asText(type)} of ${resource.kind} ${resource.name}`);
  const targets = [
    resource,
    ...listeners.map(({ gateway }) => gateway),
    ...(service ? [service] : []),
  ];
  const policies = surface.manifests
    .find(TARGETING)
    .filter(({ json }) => targetsOf(json).some((ref) => targets.some((one) => isTarget(ref, one))))
    .map(({ kind, name }) => `${kind} ${name}`);
  return [...asking, ...policies];
}

function targetsOf(json: JsonObject): JsonObject[] {
  const single = getIn(json, ['spec', 'targetRef']);
  return [...list(getIn(json, ['spec', 'targetRefs'])), ...(isObject(single) ? [single] : [])];
}

function isTarget(reference: JsonObject, { kind, names }: Resource): boolean {
  return reference['kind'] === kind && names.includes(asText(reference['name']));
}

/** Istio's policies for the pods of a Service, and those of Istio's own namespace, which hold everywhere or for its gateways. */
const inMesh = onceFor((service: Resource, surface): string[] => {
  const holds = ({ kind, namespace, json }: Resource) => {
    // What only names methods and paths asks nobody who they are.
    const rules = list(getIn(json, ['spec', 'rules']));
    if (
      kind === 'AuthorizationPolicy' &&
      rules.length > 0 &&
      !rules.some((rule) => rule['from'] ?? rule['when']) &&
      getIn(json, ['spec', 'action']) !== 'CUSTOM'
    )
      return false;
    if (namespace === 'istio-system') return true;
    const labels = getIn(json, ['spec', 'selector', 'matchLabels']);
    const isAbout = (pod: Resource) => selectsPods({ matchLabels: labels ?? {} }, pod);
    return namespace === service.namespace && surface.podsOf(service).some(isAbout);
  };
  return surface.manifests
    .find(MESH)
    .filter(holds)
    .map(({ kind, name }) => `${kind} ${name}`);
});

/** Filters of Envoy, and certificates that it asks clients for. Each of several Envoys has to have one. */
const inEnvoy = once((surface): string[] => {
  const found = apiManagers(surface).map(({ target, manager }) => {
    const filters = objectsIn(manager, ['http_filters'])
      .filter(
        ({ value }) =>
          ENVOY_FILTERS.test(typeName(value['typed_config'])) && value['disabled'] !== true,
      )
      .map(({ value }) => `the filter ${asText(value['name'])} of Envoy`);
    const asks = requiresClientCertificate(chainOf(jsonOf(target), manager));
    return [...filters, ...(asks ? ['the client certificates that Envoy requires'] : [])];
  });
  return found.every((guards) => guards.length > 0) ? found.flat() : [];
});
