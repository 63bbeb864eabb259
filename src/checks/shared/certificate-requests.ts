import type { Resource } from '../../manifests/resource.ts';
import { askedNames } from '../../surface/asked-names.ts';
import { isAnnotated } from '../../surface/issuers.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, isObject, type Json, stringAt } from '../../yaml/json.ts';

/** A Certificate, or annotations that cert-manager makes one from. */
export interface CertificateRequest {
  resource: Resource;
  /** The value of a field of the Certificate, and its place. */
  get: (field: Field) => { value: Json | undefined; place: string };
  /** Whether a public ACME authority is asked. */
  isAcme: boolean;
  /** Whether it is one of Let's Encrypt's, whose rules are known. */
  isPublic: boolean;
  /** What is asked for, with the place of each. */
  names: readonly { name: string; place: string }[];
}

/** Fields of a Certificate's spec with the annotation for each. Source: cert-manager, "Annotated Ingress resource". */
const FIELDS = {
  duration: [['duration'], 'duration'],
  renewBefore: [['renewBefore'], 'renew-before'],
  percentage: [['renewBeforePercentage'], 'renew-before-percentage'],
  algorithm: [['privateKey', 'algorithm'], 'private-key-algorithm'],
  size: [['privateKey', 'size'], 'private-key-size'],
  usages: [['usages'], 'usages'],
  isCA: [['isCA'], 'is-ca'],
} as const;

type Field = keyof typeof FIELDS;

const SERVER = ['spec', 'acme', 'server'];
const PUBLIC =
  /^https:\/\/[\w.-]+\.(?:letsencrypt\.org|zerossl\.com|pki\.goog|buypass\.com|ssl\.com)\//;

/** Every request of the stream. */
export function requestsOf(surface: Surface): CertificateRequest[] {
  const { manifests } = surface;
  const asked = askedNames(surface).filter(({ issuer }) =>
    isObject(getIn(issuer.json, ['spec', 'acme'])),
  );
  const acme = new Set(asked.map(({ owner }) => owner));
  const ofOwner = (resource: Resource) => {
    const own = asked.filter(({ owner }) => owner === resource);
    const isPublic = own.some(({ issuer }) => PUBLIC.test(stringAt(issuer.json, SERVER)));
    return { isAcme: acme.has(resource), isPublic, names: own.flatMap(({ names }) => names) };
  };
  const certificates = manifests.ofKind('Certificate').map((resource): CertificateRequest => {
    const get = (field: Field) => {
      const [path] = FIELDS[field];
      return { value: getIn(resource.json, ['spec', ...path]), place: ['spec', ...path].join('.') };
    };
    return { resource, get, ...ofOwner(resource) };
  });
  const annotated = manifests
    .ofKind('Ingress', 'Gateway')
    .filter(isAnnotated)
    .map((resource): CertificateRequest => {
      const get = (field: Field) => {
        const key = `cert-manager.io/${FIELDS[field][1]}`;
        const text = resource.annotation(key);
        const value = field === 'usages' ? text?.split(/\s*,\s*/) : text;
        return { value, place: `metadata.annotations[${key}]` };
      };
      return { resource, get, ...ofOwner(resource) };
    });
  return [...certificates, ...annotated];
}
