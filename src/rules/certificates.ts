/**
 * `tls.mode`, `tls.terminateAt`, `hosts` → a Certificate for each Secret that no annotation asks for. One that the base has for a Secret
 * is brought up to date, and no other is made beside it.
 */

import { PUBLIC_ROLES } from '../config/public-hosts.ts';
import { hostRoles, type PublicHost } from '../config/settings.ts';
import type { Problem } from '../errors.ts';
import { CERT_MANAGER_GROUP } from '../manifests/cert-manager.ts';
import { dnsNamesOf } from '../manifests/certificate.ts';
import { Draft } from '../manifests/edit.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { covers, isAnnotated } from '../surface/issuers.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, isObject, list, strings } from '../yaml/json.ts';
import { type IssuerReference, issuerOf } from './cert-manager.ts';
import { certificatesOf, namespaceAtGateway } from './certificate-requests.ts';
import { replaced } from './replaced.ts';
import { type Addition, fromDrafts, NOTHING, type Rule } from './rule.ts';
import type { RuleSettings } from './rule-settings.ts';
import { metadataFrom } from './served-by.ts';

/** A Secret with the hosts that its certificate is for. */
interface Wanted {
  secretName: string;
  namespace: string;
  hosts: PublicHost[];
  /** What it serves. */
  served: Resource;
  /** Whether a Certificate is to ask for it. */
  isAsked: boolean;
}

export const certificates: Rule = ({ settings, surface }) => {
  if (settings.tlsMode === 'external' || settings.tlsMode === 'none') return NOTHING;
  const issuer = issuerOf(settings);
  const problems: Problem[] = [];
  const drafts: Draft[] = [];
  const additions: Addition[] = [];
  for (const wanted of wantedSecrets(settings, surface)) {
    const [found, ...others] = certificatesOf(wanted.secretName, wanted.namespace, surface);
    if (found) {
      drafts.push(follow(found, wanted, issuer, settings));
      problems.push(...(issuer ? replacedIssuer(found, issuer) : []));
      problems.push(...wildcardProblems(found, settings));
    }
    if (!found && issuer && wanted.isAsked) additions.push(certificateFor(wanted, issuer));
    if (issuer)
      problems.push(
        ...[...others, ...otherAskers(wanted, surface)].map((other) => twice(wanted, other)),
      );
  }
  return { ...fromDrafts(drafts, problems), additions };
};

function wantedSecrets(settings: RuleSettings, surface: Surface): Wanted[] {
  const secrets = new Map<string, Wanted>();
  for (const role of hostRoles(settings)) {
    const served = surface.serviceOf(role) ?? surface.ingressOf(role);
    for (const host of served ? settings.hosts[role] : []) {
      const { secretName } = host;
      if (!served || secretName === undefined) continue;
      const namespace = namespaceAtGateway(role, secretName, settings, surface) ?? served.namespace;
      const isAsked = settings.requests[role] === 'certificate';
      const key = `${namespace}/${secretName}`;
      const known = secrets.get(key) ?? { secretName, namespace, hosts: [], served, isAsked };
      secrets.set(key, {
        ...known,
        hosts: [...known.hosts, host],
        isAsked: known.isAsked || isAsked,
      });
    }
  }
  return [...secrets.values()];
}

function certificateFor(
  { secretName, namespace, hosts, served }: Wanted,
  issuer: IssuerReference,
): Addition {
  const issuerRef = { group: CERT_MANAGER_GROUP, kind: issuer.kind, name: issuer.name };
  return {
    field: hosts[0]?.secretFrom ?? 'spec.tls.mode',
    // No common name: it may have 64 characters at most, and clients read dnsNames alone.
    json: {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: {
        ...metadataFrom(served, secretName),
        ...(namespace === '' ? {} : { namespace }),
      },
      spec: {
        secretName,
        dnsNames: hosts.map(({ host }) => host),
        issuerRef,
        // A leaked key must not outlive its certificate.
        privateKey: { rotationPolicy: 'Always' },
      },
    },
  };
}

/** Names of a role's old host become those of the new one, names of others stay, and the issuer is that of the config. */
function follow(
  certificate: Resource,
  { hosts }: Wanted,
  issuer: IssuerReference | undefined,
  { oldHosts, hosts: all }: RuleSettings,
): Draft {
  const draft = new Draft(certificate);
  const aliases = hosts.map(({ host }) => host);
  const followed = (name: string) => {
    const role = PUBLIC_ROLES.find((each) => oldHosts[each] === name);
    return role === undefined || aliases.includes(name) ? name : all[role][0].host;
  };
  const names = strings(getIn(certificate.json, ['spec', 'dnsNames'])).map(followed);
  const missing = hosts.filter(({ host }) => !covers(names, host));
  const dnsNames = [...new Set([...names, ...missing.map(({ host }) => host)])];
  draft.reconcile(['spec', 'dnsNames'], dnsNames, hosts[0]?.from ?? '');
  const commonName = getIn(certificate.json, ['spec', 'commonName']);
  if (typeof commonName === 'string')
    draft.set(['spec', 'commonName'], followed(commonName), hosts[0]?.from ?? '');
  if (issuer) {
    draft.set(['spec', 'issuerRef', 'name'], issuer.name, issuer.field);
    draft.set(['spec', 'issuerRef', 'kind'], issuer.kind, issuer.field);
    // Without one it is cert-manager's own, which is right.
    if (groupOf(certificate) !== CERT_MANAGER_GROUP)
      draft.set(['spec', 'issuerRef', 'group'], CERT_MANAGER_GROUP, issuer.field);
  }
  return draft;
}

function groupOf(certificate: Resource): string {
  return asText(getIn(certificate.json, ['spec', 'issuerRef', 'group']) || CERT_MANAGER_GROUP);
}

/** An issuer of the base's, of another program perhaps, that is not asked any more. */
function replacedIssuer(certificate: Resource, { kind, name, field }: IssuerReference): Problem[] {
  const at = (key: string) => getIn(certificate.json, ['spec', 'issuerRef', key]);
  const group = groupOf(certificate);
  const oldKind = at('kind') ?? 'Issuer';
  if (
    typeof at('name') !== 'string' ||
    (at('name') === name && oldKind === kind && group === CERT_MANAGER_GROUP)
  )
    return [];
  const old = [...(group === CERT_MANAGER_GROUP ? [] : [group]), oldKind, asText(at('name'))].join(
    '/',
  );
  const fix =
    'take the Certificate out of the base where this is right; to keep its issuer, choose `tls.mode: issuer` with it, or `tls.mode: secret`';
  return [replaced(certificate.reference, 'spec.issuerRef', old, `${kind}/${name}`, field, fix)];
}

/** Names of the base that the config's issuer cannot get. Source: Let's Encrypt, "Challenge Types": HTTP-01 is not for wildcards. */
function wildcardProblems(certificate: Resource, { config, tlsMode }: RuleSettings): Problem[] {
  const solver = config.spec.tls?.acme?.solver ?? 'http01';
  const isHttp01 =
    solver === 'http01' || (isObject(solver) && !('dns01' in solver) && 'http01' in solver);
  const wildcards = dnsNamesOf(certificate).filter((name) => name.startsWith('*.'));
  if (tlsMode !== 'acme' || !isHttp01 || wildcards.length === 0) return [];
  return [
    {
      code: 'target-shape',
      severity: 'error',
      message:
        'this Certificate has a wildcard, which no HTTP-01 challenge is made for: it would never be issued',
      resource: certificate.reference,
      path: 'spec.dnsNames',
      found: wildcards.map((name) => `\`${name}\``).join(', '),
      expected: 'names without a wildcard, or a DNS-01 solver',
      fix: 'set a DNS-01 solver as `spec.tls.acme.solver`; or take the wildcard out of the base; or name Secrets of our own in `spec.tls.secrets`',
    },
  ];
}

/** Entries of others with an annotation by which a shim asks for the Secret. */
function otherAskers({ secretName, namespace }: Wanted, surface: Surface): Resource[] {
  const own = PUBLIC_ROLES.flatMap((role) => surface.ingressesOf(role));
  return surface.manifests
    .find(['Ingress', 'Gateway'], [secretName])
    .filter(
      (entry) =>
        !own.includes(entry) &&
        !surface.gateways.includes(entry) &&
        sameNamespace(entry.namespace, namespace) &&
        isAnnotated(entry) &&
        secretsIn(entry).includes(secretName),
    );
}

/** The Secrets that an Ingress or a Gateway names. */
export function secretsIn({ json }: Resource): unknown[] {
  const blocks = list(getIn(json, ['spec', 'tls'])).map(({ secretName }) => secretName);
  const listeners = list(getIn(json, ['spec', 'listeners'])).flatMap((listener) =>
    list(getIn(listener, ['tls', 'certificateRefs'])).map(({ name }) => name),
  );
  return [...blocks, ...listeners];
}

function twice({ secretName, hosts }: Wanted, other: Resource): Problem {
  return {
    code: 'secret-asked-twice',
    severity: 'error',
    message: `cert-manager is asked twice for Secret \`${secretName}\`: for ${hosts.map(({ host }) => `\`${host}\``).join(', ')}, and here`,
    resource: other.reference,
    expected: 'one Certificate, or one annotated Ingress or Gateway, for each Secret',
    fix: 'name another Secret for our hosts in `tls.secrets`, or take the Secret out of this resource',
  };
}
