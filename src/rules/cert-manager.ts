/** The issuer of the config, and the annotations by which cert-manager's shims are told of one. Source: `manifests/cert-manager.ts`. */
import type { IngressEntry } from '../config/generated/domain-config.ts';
import type { Settings } from '../config/settings.ts';
import { type ControllerName, controllersOfClass } from '../controllers/index.ts';
import type { Problem } from '../errors.ts';
import {
  CLASS_OVERRIDES,
  ISSUER_ANNOTATIONS,
  ISSUER_GROUP,
  ISSUER_KIND,
  TLS_ACME,
} from '../manifests/cert-manager.ts';
import type { Draft } from '../manifests/edit.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, list } from '../yaml/json.ts';
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
