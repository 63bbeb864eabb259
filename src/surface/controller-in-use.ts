/** Which Ingress controller serves an Ingress: by its IngressClass, by the config, by the class's name, by the marks that it carries. */
import type { Settings } from '../config/settings.ts';
import { CONTROLLERS, type ControllerName, marksOf } from '../controllers/index.ts';
import type { Manifests } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { getIn, isObject } from '../yaml/json.ts';

export const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';

/**
 * How `spec.controller` of an IngressClass begins.
 *
 * Sources: the installation manifests and Helm charts of each controller.
 */
const CLASS_CONTROLLERS: readonly [prefix: string, name: ControllerName][] = [
  ['k8s.io/ingress-nginx', 'ingress-nginx'],
  ['nginx.org/ingress-controller', 'nginx-inc'],
  ['traefik.io/ingress-controller', 'traefik'],
  ['projectcontour.io/', 'contour'],
  ['haproxy.org/', 'haproxy'],
  ['haproxy-ingress.github.io/', 'haproxy-ingress'],
  ['ingress.k8s.aws/alb', 'alb'],
  ['k8s.io/ingress-gce', 'gke'],
  ['istio.io/ingress-controller', 'istio'],
  ['ingress-controllers.konghq.com/kong', 'kong'],
  ['cilium.io/ingress-controller', 'cilium'],
];

/** Class names beside those of each controller's own installation. Source: GKE's documentation, "Ingress for internal load balancers". */
const MORE_CLASSES: Readonly<Record<string, ControllerName>> = { 'gce-internal': 'gke' };

const NAMES = Object.keys(CONTROLLERS) as ControllerName[];

/** What an annotation of each controller begins with, worked out from the table of marks. */
const PREFIXES: ReadonlyMap<ControllerName, ReadonlySet<string>> = new Map(
  NAMES.map((name) => {
    const marks = marksOf(CONTROLLERS[name]).flatMap(({ ingress, service }) => [
      ...Object.keys(ingress ?? {}),
      ...Object.keys(service ?? {}),
    ]);
    return [name, new Set(marks.map((key) => key.split('/')[0] ?? ''))];
  }),
);

/** The class by the field or by the annotation; undefined where neither is set. */
export function classOf(ingress: Resource): string | undefined {
  const field = getIn(ingress.json, ['spec', 'ingressClassName']);
  const annotation = getIn(ingress.json, ['metadata', 'annotations', CLASS_ANNOTATION]);
  const name = field ?? annotation;
  return typeof name === 'string' && name !== '' ? name : undefined;
}

/**
 * The controllers that may serve an Ingress: one where it can be told, two where two share a class name and nothing tells them
 * apart, none where nothing is known of it.
 * @param given - the controller that the DomainConfig names for this entry
 */
export function controllersOf(
  ingress: Resource,
  index: Manifests,
  given: ControllerName | undefined,
): ControllerName[] {
  const className = classOf(ingress);
  const fromClass = controllerOfClass(index, className);
  if (fromClass) return [fromClass];
  if (given) return [given];
  const more = className === undefined ? undefined : MORE_CLASSES[className];
  if (more) return [more];
  const named = NAMES.filter((name) => CONTROLLERS[name].className === className);
  if (named.length === 1) return named;
  const candidates = named.length > 0 ? named : NAMES;
  const marked = candidates.filter((name) => hasMarks(ingress, name));
  if (marked.length === 1) return marked;
  // One that lost its marks has siblings of its class.
  const siblings = index.ofKind('Ingress').filter((other) => classOf(other) === className);
  const known = candidates.filter((name) => siblings.some((other) => hasMarks(other, name)));
  if (marked.length === 0 && known.length === 1) return known;
  // Marks of two controllers on a class of its own name: whoever wrote them hedged, and nobody can say who reads them.
  return named;
}

/** The controller that the DomainConfig names, where all entries that it sets agree. */
export function givenController(
  settings: Settings | undefined,
  role: 'api' | 'app' | undefined,
): ControllerName | undefined {
  const roles = role ? [role] : (['api', 'app'] as const);
  const names = roles.map((entry) => settings?.entries[entry].ingress?.value.controller);
  return names.every((name) => name === names[0]) ? names[0] : undefined;
}

function controllerOfClass(
  index: Manifests,
  className: string | undefined,
): ControllerName | undefined {
  const classes = index.ofKind('IngressClass');
  const isDefault = ({ json }: Resource) =>
    getIn(json, ['metadata', 'annotations', DEFAULT_CLASS]) === 'true';
  const found = className
    ? classes.find(({ name }) => name === className)
    : classes.find((resource) => isDefault(resource));
  const controller = getIn(found?.json, ['spec', 'controller']);
  return CLASS_CONTROLLERS.find(([prefix]) => String(controller).startsWith(prefix))?.[1];
}

function hasMarks(ingress: Resource, name: ControllerName): boolean {
  const annotations = getIn(ingress.json, ['metadata', 'annotations']);
  return (
    isObject(annotations) &&
    Object.keys(annotations).some((key) => PREFIXES.get(name)?.has(key.split('/')[0] ?? ''))
  );
}
