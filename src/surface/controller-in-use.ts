/** Which Ingress controller serves an Ingress: by its IngressClass, by the config, by the class's name, by the marks that it carries. */
import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import type { Settings } from '../config/settings.ts';
import {
  annotationsOf,
  CONTROLLERS,
  type ControllerName,
  controllersOfClass,
  marksOf,
} from '../controllers/index.ts';
import { classOf } from '../manifests/ingress.ts';
import type { Manifests } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { asText, getIn } from '../yaml/json.ts';

const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';

const NAMES = Object.keys(CONTROLLERS) as ControllerName[];

/** What an annotation of each controller begins with, worked out from the table of marks. */
const PREFIXES: ReadonlyMap<ControllerName, ReadonlySet<string>> = new Map(
  NAMES.map((name) => {
    const keys = marksOf(CONTROLLERS[name]).flatMap(annotationsOf);
    return [name, new Set(keys.map(prefixOf))];
  }),
);

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
  const named = className === undefined ? [] : controllersOfClass(className);
  if (named.length === 1) return named;
  const candidates = named.length > 0 ? named : NAMES;
  const marked = candidates.filter((name) => hasMarks(ingress, name));
  if (marked.length === 1) return marked;
  // One that lost its marks has siblings of its class.
  const known = candidates.filter(
    (name) => index.withKey(marksOfClass, `${name} ${className}`, 'Ingress').length > 0,
  );
  if (marked.length === 0 && known.length === 1) return known;
  // Marks of two controllers on a class of its own name: whoever wrote them hedged, and nobody can say who reads them.
  return named;
}

/** The controller that the DomainConfig names, where all entries that it sets agree. */
export function givenController(
  settings: Settings | undefined,
  role: PublicRole | undefined,
): ControllerName | undefined {
  const roles = role ? [role] : PUBLIC_ROLES;
  const names = roles.map((entry) => settings?.entries[entry].ingress?.value.controller);
  return names.every((name) => name === names[0]) ? names[0] : undefined;
}

function controllerOfClass(
  index: Manifests,
  className: string | undefined,
): ControllerName | undefined {
  const classes = index.ofKind('IngressClass');
  const found = classes.find((ingressClass) =>
    className ? ingressClass.name === className : ingressClass.annotation(DEFAULT_CLASS) === 'true',
  );
  const controller = getIn(found?.json, ['spec', 'controller']);
  return NAMES.find((name) => asText(controller).startsWith(CONTROLLERS[name].classController));
}

/** The controllers whose marks an Ingress carries, each with its class. */
const marksOfClass = (ingress: Resource): string[] =>
  NAMES.filter((name) => hasMarks(ingress, name)).map((name) => `${name} ${classOf(ingress)}`);

function hasMarks(ingress: Resource, name: ControllerName): boolean {
  return Object.keys(ingress.annotations).some((key) => PREFIXES.get(name)?.has(prefixOf(key)));
}

function prefixOf(key: string): string {
  return key.split('/')[0] ?? '';
}
