/**
 * Issuers that cert-manager cannot use.
 *
 * Sources: cert-manager, `internal/apis/certmanager/validation/issuer.go` and the API reference of ACMEIssuer; the directories of Let's
 * Encrypt, ZeroSSL, Google Trust Services, Buypass and SSL.com; Let's Encrypt, "End of Life Plan for ACMEv1".
 */

import { editDistance } from '../config/wording.ts';
import { CERT_MANAGER_NAMESPACE } from '../manifests/cert-manager.ts';
import type { Resource } from '../manifests/resource.ts';
import { parseUrl } from '../net/url.ts';
import { VARIABLE } from '../net/variables.ts';
import { askedNames } from '../surface/asked-names.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { providersOf } from '../surface/providers.ts';
import { solversOf } from '../surface/solvers.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, isObject, type JsonObject, objectAt, stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Certificates and TLS',
  severity: 'error',
  title: 'An issuer that cert-manager cannot use',
  why: 'An issuer that is refused, or that finds no authority at its address, is never ready: no certificate is issued, and none is renewed.',
  fix: 'give the issuer one type, and for ACME a server, a Secret for the key of the account, and solvers that say how they prove a host',
  find: (surface) =>
    surface.manifests
      .ofKind('Issuer', 'ClusterIssuer')
      .flatMap((issuer) =>
        [
          ...types(issuer),
          ...(isObject(getIn(issuer.json, ['spec', 'acme'])) ? acme(issuer, surface) : []),
        ].map((fault) => ({ resource: issuer, ...fault })),
      ),
};

const TYPES = ['acme', 'ca', 'vault', 'selfSigned', 'venafi'];

function types({ json, kind, name }: Resource): Fault[] {
  const found = TYPES.filter((type) => getIn(json, ['spec', type]) !== undefined);
  if (found.length === 1) return [];
  const spec = objectAt(json, ['spec']);
  // Another group's issuers look alike, and one of a later version may have a type of its own.
  if (found.length === 0 && Object.keys(spec).length > 0) return [];
  const message =
    found.length === 0
      ? `${kind} ${name} says nothing of how it signs`
      : `${kind} ${name} has ${found.join(' and ')}, and an issuer is of one type`;
  return [{ path: 'spec', message, fix: 'keep one of the types' }];
}

function acme(issuer: Resource, surface: Surface): Fault[] {
  return [
    ...server(issuer),
    ...email(issuer, surface),
    ...account(issuer, surface),
    ...solvers(issuer),
  ];
}

/** Source: Boulder, `policy/pa.go` (`contact email has forbidden domain`). */
const FORBIDDEN = /@example\.(?:com|net|org)$/i;

/** For hosts of somebody; where they are examples as well, all of it is still to be filled in. */
function isInUse(issuer: Resource, surface: Surface): boolean {
  const names = askedNames(surface)
    .filter((asked) => asked.issuer === issuer)
    .flatMap((asked) => asked.names);
  return (
    names.length > 0 && !names.some(({ name }) => /(?:^|\.)example\.(?:com|net|org)$/.test(name))
  );
}

/** Source: RFC 8555, section 7.3 (a contact is a `mailto` URL, and an authority refuses what is none). */
function email(issuer: Resource, surface: Surface): Omit<Fault, 'resource'>[] {
  const { json } = issuer;
  const written = stringAt(json, ['spec', 'acme', 'email']);
  const server = stringAt(json, ['spec', 'acme', 'server']);
  if (FORBIDDEN.test(written) && server.includes('letsencrypt.org') && isInUse(issuer, surface))
    return [
      {
        path: 'spec.acme.email',
        message: `${written} is an address of a domain for examples: Let's Encrypt refuses the account`,
        fix: 'write an address of yours, or leave it out',
      },
    ];
  if (written === '' || /^[^\s@,;()<>]+@[^\s@,;()<>]+\.[^\s@,;()<>]+$/.test(written)) return [];
  if (VARIABLE.test(written)) return [];
  return [
    {
      path: 'spec.acme.email',
      message: `\`${written}\` is not an e-mail address: the authority refuses the account`,
      fix: 'write one address, as in `platform@example.com`, or leave it out',
    },
  ];
}

interface Authority {
  /** Of its directory; of several, the first is the usual one. */
  paths: readonly string[];
  /** Whether it takes nobody without an account that was made elsewhere. */
  asksForAccount?: true;
}

const AUTHORITIES: Readonly<Record<string, Authority>> = {
  'acme-v02.api.letsencrypt.org': { paths: ['/directory'] },
  'acme-staging-v02.api.letsencrypt.org': { paths: ['/directory'] },
  'acme.zerossl.com': { paths: ['/v2/DV90'], asksForAccount: true },
  'dv.acme-v02.api.pki.goog': { paths: ['/directory'], asksForAccount: true },
  'dv.acme-v02.test-api.pki.goog': { paths: ['/directory'], asksForAccount: true },
  'api.buypass.com': { paths: ['/acme/directory'] },
  'api.test4.buypass.no': { paths: ['/acme/directory'] },
  'acme.ssl.com': { paths: ['/sslcom-dv-rsa', '/sslcom-dv-ecc'], asksForAccount: true },
};

/** How many letters a host may be off. */
const SLIP = 3;

function server({ json }: Resource): Fault[] {
  const text = stringAt(json, ['spec', 'acme', 'server']);
  const path = 'spec.acme.server';
  const url = parseUrl(text);
  if (/\$\{|\{\{|<|^\s*$/.test(text) && text.trim() !== '') return [];
  if (!url || !/^https?:$/.test(url.protocol))
    return [
      {
        path,
        message: text === '' ? 'no server is given' : `${text} is not the URL of a directory`,
        fix: 'write the URL of the directory of the authority: `https://acme-v02.api.letsencrypt.org/directory`',
      },
    ];
  const known = AUTHORITIES[url.hostname];
  if (known) {
    const [usual] = known.paths;
    const isRight = known.paths.includes(url.pathname) && url.protocol === 'https:';
    if (isRight) return [];
    return [
      {
        path,
        message: `${url.hostname} has its directory at https://${url.hostname}${usual}, and not at ${text}`,
        fix: `write \`https://${url.hostname}${usual}\``,
      },
    ];
  }
  const hosts = Object.keys(AUTHORITIES);
  const near =
    hosts.find((host) => editDistance(host, url.hostname) <= SLIP) ??
    (url.hostname.endsWith('.letsencrypt.org') ? hosts[0] : undefined);
  if (near === undefined) return [];
  return [
    {
      path,
      message: `there is no authority at ${url.hostname}; ${near} is`,
      fix: `write \`https://${near}${AUTHORITIES[near]?.paths[0]}\``,
    },
  ];
}

function account(issuer: Resource, surface: Surface): Fault[] {
  const { json } = issuer;
  const name = stringAt(json, ['spec', 'acme', 'privateKeySecretRef', 'name']);
  const host = parseUrl(stringAt(json, ['spec', 'acme', 'server']))?.hostname ?? '';
  const made = name === '' ? [] : providersOf('Secret', surface).filter((one) => one.name === name);
  const certificate = made.find(
    ({ by, namespace }) =>
      by.kind !== 'Secret' &&
      (issuer.kind === 'Issuer'
        ? namespace === issuer.namespace
        : namespace === CERT_MANAGER_NAMESPACE),
  );
  const faults: (Fault | undefined)[] = [
    name === ''
      ? {
          path: 'spec.acme.privateKeySecretRef',
          message: 'there is no Secret for the key of the account: Kubernetes refuses the issuer',
          fix: `add \`privateKeySecretRef: {name: ${issuer.name}-account}\`: cert-manager writes it`,
        }
      : undefined,
    certificate
      ? {
          path: 'spec.acme.privateKeySecretRef.name',
          message: `the key of the account is to be in Secret ${name}, which ${certificate.by.kind} ${certificate.by.name} writes a certificate to`,
          fix: `give it a name of its own: \`${issuer.name}-account\``,
        }
      : undefined,
    AUTHORITIES[host]?.asksForAccount &&
    !isObject(getIn(json, ['spec', 'acme', 'externalAccountBinding']))
      ? {
          path: 'spec.acme.externalAccountBinding',
          severity: 'warning',
          message: `${host} takes accounts that are bound to one of its own, and there is no externalAccountBinding: a new account is refused`,
          fix: 'add `externalAccountBinding` with the key ID and the key of the authority',
        }
      : undefined,
  ];
  return faults.flatMap((fault) => fault ?? []);
}

/** A solver says how it proves a host, in one way. */
function solvers(issuer: Resource): Fault[] {
  return solversOf(issuer).flatMap((solver, index): Fault[] => {
    const place = `spec.acme.solvers[${index}]`;
    const ways = ['http01', 'dns01'].filter((way) => isObject(solver[way]));
    if (ways.length === 0)
      return [
        {
          path: place,
          message: 'the solver has neither http01 nor dns01: it proves nothing',
          fix: 'add `http01: {ingress: {ingressClassName: …}}`, or `dns01` with a provider',
        },
      ];
    return ways.flatMap((way) => inWay(objectAt(solver, [way]), way, `${place}.${way}`));
  });
}

/** Fields beside those that name a provider. */
const BESIDE = ['cnameStrategy'];

function inWay(way: JsonObject, name: string, path: string): Fault[] {
  const providers = Object.keys(way).filter((key) => !BESIDE.includes(key));
  if (providers.length === 0)
    return [
      {
        path,
        message: `${name} is empty`,
        fix: name === 'http01' ? 'add `ingress` or `gatewayHTTPRoute`' : 'name a provider',
      },
    ];
  const { ingress } = way;
  const classes = ['class', 'ingressClassName', 'name'].filter(
    (key) => isObject(ingress) && ingress[key] !== undefined,
  );
  if (classes.length < 2) return [];
  return [
    {
      path: `${path}.ingress`,
      message: `the solver has ${classes.join(' and ')}, and cert-manager takes one of them`,
      fix: 'keep `ingressClassName`',
    },
  ];
}
