/** `tls.acme`, `tls.ca`, `tls.issuer` → the ClusterIssuer or Issuer that signs the certificates. */
import type { Settings } from '../config/settings.ts';
import { shortName } from '../manifests/short-name.ts';
import type { Surface } from '../surface/surface.ts';
import type { JsonObject } from '../yaml/json.ts';
import { challengeProblems, solversOf } from './acme-solvers.ts';
import { issuerOf } from './cert-manager.ts';
import { issuerNamespaceProblems } from './issuer-namespaces.ts';
import { NOTHING, type Rule } from './rule.ts';
import { metadataFrom } from './served-by.ts';
import { unaskedCertificates } from './unasked-certificates.ts';

/** Source: Let's Encrypt's documentation, "Staging environment" and "ACME API endpoints". */
const ACME_SERVERS: Readonly<Record<string, string>> = {
  production: 'https://acme-v02.api.letsencrypt.org/directory',
  staging: 'https://acme-staging-v02.api.letsencrypt.org/directory',
};

export const issuer: Rule = ({ settings, surface }) => {
  const reference = issuerOf(settings);
  if (!reference) return NOTHING;
  if (settings.tlsMode === 'issuer')
    return {
      ...NOTHING,
      problems: issuerNamespaceProblems(reference, undefined, settings, surface),
    };
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
  const problems = [
    ...(settings.tlsMode === 'acme' ? challengeProblems(settings, surface) : []),
    ...issuerNamespaceProblems(reference, served.namespace, settings, surface),
    ...unaskedCertificates(settings, surface),
  ];
  return { edits: [], problems, additions: [{ json, field }] };
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
