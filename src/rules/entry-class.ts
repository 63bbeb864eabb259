/** The class of an Ingress: by the field or by the annotation, never by both: the Kubernetes API refuses that. */
import type { PublicRole } from '../config/public-hosts.ts';
import type { Settings } from '../config/settings.ts';
import { CONTROLLERS, controllersOfClass } from '../controllers/index.ts';
import type { Problem } from '../errors.ts';
import type { Draft } from '../manifests/edit.ts';
import { CLASS_ANNOTATION, classOf } from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import { controllersOf } from '../surface/controller-in-use.ts';
import { onceFor } from '../surface/once.ts';
import type { Surface } from '../surface/surface.ts';
import { fieldOf } from './entry-part.ts';
import { replaced } from './replaced.ts';

/** An Ingress with the role that it is for. */
interface RoleEntry {
  entry: Resource;
  role: PublicRole;
}

/**
 * The class that an Ingress is to have; undefined where neither config nor base say one.
 * @param entry - undefined where it is not in the build
 */
export function wantedClass(
  { entry, role }: { entry: Resource | undefined; role: PublicRole },
  settings: Settings,
  surface: Surface,
): string | undefined {
  const way = settings.entries[role].ingress?.value;
  const given = way?.annotations?.[CLASS_ANNOTATION] ?? way?.className;
  if (given !== undefined) return given;
  const controller = way?.controller && CONTROLLERS[way.controller];
  const isKept = entry !== undefined && keepsClass({ entry, role }, settings, surface);
  return controller && !isKept ? controller.className : entry && classOf(entry);
}

/** Whether the Ingresses of a role are of several classes. */
export const hasClasses = onceFor(
  (role: PublicRole, surface) => new Set(surface.ingressesOf(role).map(classOf)).size > 1,
);

/** Internal and external ones of one role stay apart, and a class of the same controller serves as it is. */
function keepsClass({ entry, role }: RoleEntry, { entries }: Settings, surface: Surface): boolean {
  if (hasClasses(role, surface)) return true;
  const name = entries[role].ingress?.value.controller;
  if (name === undefined || classOf(entry) === undefined) return false;
  const isRead =
    !CONTROLLERS[name].classAnnotation || entry.annotation(CLASS_ANNOTATION) !== undefined;
  const known = controllersOf(entry, surface.manifests, undefined);
  return isRead && known.length === 1 && known[0] === name;
}

/**
 * @param draft - of the Ingress
 * @returns the annotation that says the class where the controller reads no other, and a class of somebody's own that gives way
 */
export function writeClass(
  draft: Draft,
  one: RoleEntry,
  settings: Settings,
  surface: Surface,
): { annotation?: { value: string; field: string }; problems: Problem[] } {
  const { entry, role } = one;
  const { controller, className, annotations } = settings.entries[role].ingress?.value ?? {};
  const isGiven = annotations?.[CLASS_ANNOTATION] !== undefined;
  if (isGiven) {
    draft.remove(['spec', 'ingressClassName'], fieldOf(settings, role, 'annotations'));
    return { problems: [] };
  }
  const value = wantedClass(one, settings, surface);
  const isChosen = className !== undefined;
  const isKept = !isChosen && (!controller || keepsClass(one, settings, surface));
  if (value === undefined || isKept) return { problems: [] };
  const field = fieldOf(settings, role, isChosen ? 'className' : 'controller');
  const old = classOf(entry);
  const problems =
    isChosen || old === undefined || old === value || controllersOfClass(old).length > 0
      ? []
      : [classReplaced(entry, old, value, field)];
  if (controller && CONTROLLERS[controller].classAnnotation) {
    draft.remove(['spec', 'ingressClassName'], field);
    return { annotation: { value, field }, problems };
  }
  draft.set(['spec', 'ingressClassName'], value, field);
  draft.remove(['metadata', 'annotations', CLASS_ANNOTATION], field);
  return { problems };
}

function classReplaced(entry: Resource, old: string, value: string, field: string): Problem {
  const fix = 'write the class that is to serve this Ingress as `className` of its entry';
  return replaced(entry.reference, 'spec.ingressClassName', old, value, field, fix);
}
