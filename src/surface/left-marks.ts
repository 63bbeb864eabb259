/** Ingresses whose class is one controller's, and whose annotations are those of another: one of the two was changed alone. */
import { ANNOTATION_PREFIXES, CONTROLLERS, type ControllerName } from '../controllers/index.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Entry } from './entry.ts';
import { isToldGrpc } from './grpc-backend.ts';
import { onceFor } from './once.ts';

interface LeftMarks {
  /** Of the class; two where two share it. */
  own: readonly ControllerName[];
  /** Of the annotations. */
  other: ControllerName;
  /** Another entry of ours that the other controller serves. */
  sibling: Entry | undefined;
  /** Whether calls fail for want of a mark that the class's controller reads. */
  isBroken: boolean;
}

/** Undefined where it carries marks of its own controller too, or nothing shows that the others are meant. */
export const leftMarks = onceFor((entry: Entry, surface): LeftMarks | undefined => {
  const own = entry.form === 'ingress' ? entry.controllers : [];
  if (own.length === 0 || entry.roles.size === 0) return undefined;
  const services = entry.paths.flatMap(({ backend: { service } }) => service ?? []);
  const isOwn = (resource: Resource) => own.some((name) => isMarked(resource, name));
  if ([entry.resource, ...services].some(isOwn)) return undefined;
  const names = Object.keys(CONTROLLERS) as ControllerName[];
  const [other, ...others] = names.filter((name) => isMarked(entry.resource, name));
  if (other === undefined || others.length > 0) return undefined;
  const sibling = surface.entries.find(
    ({ form, roles, controllers }) =>
      form === 'ingress' && roles.size > 0 && controllers.length === 1 && controllers[0] === other,
  );
  const isBroken =
    entry.tlsPlace !== 'envoy' &&
    entry.paths.some((path) => path.role === 'api' && !isToldGrpc(entry, path, surface.manifests));
  return sibling || isBroken ? { own, other, sibling, isBroken } : undefined;
});

function isMarked({ annotations }: Resource, name: ControllerName): boolean {
  const prefixes = ANNOTATION_PREFIXES.get(name) ?? [];
  return Object.keys(annotations).some((key) => prefixes.some((prefix) => key.startsWith(prefix)));
}
