/** An Ingress, read: rules, paths, TLS blocks, class. Source: Kubernetes API reference, `networking.k8s.io/v1`, and `v1beta1` before it. */
import { getIn, isObject, type JsonObject, list, stringAt, strings } from '../yaml/json.ts';
import type { Resource } from './resource.ts';

/** Older than `ingressClassName`, and still read by controllers. */
export const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** One path of a rule, or the default backend, with the backend by its name. */
export interface IngressPath {
  /** Empty where the rule takes every host. */
  host: string;
  /** `/` where none is given. */
  path: string;
  /** `Prefix`, `Exact`, `ImplementationSpecific`; empty where none is given. */
  type: string;
  /** Name of the Service. */
  service: string;
  /** Number or name; undefined where none is given. */
  port: number | string | undefined;
  /** Where it stands: `spec.rules[0].http.paths[0]`. */
  place: string;
}

/** A TLS block. */
export interface TlsBlock {
  hosts: string[];
  /** Empty where the controller's own certificate is meant. */
  secretName: string;
  /** Where it stands: `spec.tls[0]`. */
  place: string;
}

/** In the order of the Ingress. */
export function rulesOf({ json }: Resource): JsonObject[] {
  return list(getIn(json, ['spec', 'rules']));
}

/** The host of a rule; empty where it serves all. */
export function hostOfRule(rule: JsonObject): string {
  return stringAt(rule, ['host']);
}

/** In the order of the Ingress. */
export function tlsBlocksOf({ json }: Resource): TlsBlock[] {
  return list(getIn(json, ['spec', 'tls'])).map((block, index) => ({
    hosts: strings(block['hosts']),
    secretName: stringAt(block, ['secretName']),
    place: `spec.tls[${index}]`,
  }));
}

/** The class by the field or by the annotation; undefined where neither is set. */
export function classOf(ingress: Resource): string | undefined {
  const name = getIn(ingress.json, ['spec', 'ingressClassName']);
  const written = typeof name === 'string' ? name : ingress.annotation(CLASS_ANNOTATION);
  return written || undefined;
}

/** Every path that leads to a Service, the default backend last. */
export function pathsOf(ingress: Resource): IngressPath[] {
  const ofRules = rulesOf(ingress).flatMap((rule, ruleIndex) =>
    pathsOfRule(rule, `spec.rules[${ruleIndex}]`),
  );
  const backend = getIn(ingress.json, ['spec', 'defaultBackend']);
  return [...ofRules, ...(isObject(backend) ? toPath('', { backend }, 'spec.defaultBackend') : [])];
}

/** @param place - where the rule stands; what is returned counts from there */
export function pathsOfRule(rule: JsonObject, place = ''): IngressPath[] {
  return list(getIn(rule, ['http', 'paths'])).flatMap((path, index) =>
    toPath(hostOfRule(rule), path, `${place}.http.paths[${index}]`),
  );
}

function toPath(host: string, path: JsonObject, place: string): IngressPath[] {
  const { backend } = path;
  const service = getIn(backend, ['service', 'name']) ?? getIn(backend, ['serviceName']);
  if (typeof service !== 'string') return [];
  const port =
    getIn(backend, ['service', 'port', 'number']) ??
    getIn(backend, ['service', 'port', 'name']) ??
    getIn(backend, ['servicePort']);
  return [
    {
      host,
      path: typeof path['path'] === 'string' ? path['path'] : '/',
      type: stringAt(path, ['pathType']),
      service,
      port: typeof port === 'number' || typeof port === 'string' ? port : undefined,
      place,
    },
  ];
}
