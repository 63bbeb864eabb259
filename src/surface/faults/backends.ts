/** What can be wrong with the backend of an entry: no such Service, or no such port. */
import { servicePort, servicePorts, typeOfService } from '../../manifests/service.ts';
import type { Entry, EntryPath } from '../entry.ts';
import { once } from '../once.ts';
import { SERVICE_ROLES } from '../roles.ts';
import { homeOf } from '../stray-services.ts';
import type { Surface } from '../surface.ts';
import { suggestService } from '../upstreams.ts';
import type { LinkFault } from './fault.ts';

/** Undefined where a backend leads to a port of a Service, or where nobody can tell from these manifests. */
export function backendFault(
  entry: Entry,
  path: EntryPath,
  surface: Surface,
): LinkFault | undefined {
  const { resource, form } = entry;
  const { backend, place, role } = path;
  const { service, kind, name, namespace, port } = backend;
  if (service) {
    const isJudged = role !== undefined && kind === 'Service' && port !== undefined;
    const ports = servicePorts(service);
    if (!isJudged || servicePort(service, port) || typeOfService(service) === 'ExternalName')
      return;
    if (ports.length === 0) return;
    const shown = ports.map((own) => (own.name ? `${own.port} (${own.name})` : `${own.port}`));
    return {
      code: 'backend-missing',
      resource,
      path: place,
      message: `Service ${name} has no port ${port}, it has ${shown.join(', ')}`,
      fix: `use one of them: ${shown.join(', ')}`,
    };
  }
  if (kind !== 'Service' || surface.services.length === 0) return;
  const isHere =
    namespace === resource.namespace ||
    surface.services.some((other) => other.namespace === namespace);
  // In a namespace that nothing here is in, other programs' backends may be in another stream.
  if (role === undefined && !isHere) return;
  // Another program's Service may be in another stream.
  const isOurs = role !== undefined || entry.roles.size > 0 || isWanted(surface);
  return {
    // A route's reference is that of a custom resource, which kustomize does not follow.
    code: form === 'route' ? 'reference-missing' : 'backend-missing',
    resource,
    path: place,
    severity: isOurs ? undefined : 'warning',
    ...missing(entry, path, surface),
  };
}

/** An Ingress leads to Services of its own namespace alone; a route says in which namespace its Service is. */
function missing({ resource, form }: Entry, { backend }: EntryPath, surface: Surface) {
  const { name, namespace } = backend;
  const [namesake] = surface.manifests.namesakes('Service', name);
  const elsewhere = namesake?.namespace;
  const isShown = namespace !== '' && (elsewhere !== undefined || namespace !== resource.namespace);
  const message = `there is no Service ${name}${isShown ? ` in namespace ${namespace}` : ''}`;
  // Of the AWS Load Balancer Controller: an action of the Ingress, named in place of a Service.
  if (backend.port === 'use-annotation')
    return {
      message: `there is no action ${name}: the Ingress has no annotation alb.ingress.kubernetes.io/actions.${name}`,
      fix: `add \`alb.ingress.kubernetes.io/actions.${name}\`, or name a Service and its port`,
    };
  // It was moved away from its pods, which are where the entry looks for it.
  if (elsewhere && namesake && homeOf(namesake, surface) === namespace)
    return {
      message: `${message}: it is in namespace ${elsewhere}`,
      fix: `put Service ${namesake.name} into namespace ${namespace}, where its pods are`,
    };
  if (elsewhere && form === 'ingress')
    return {
      message: `${message}: it is in namespace ${elsewhere}`,
      fix: `put the Ingress into namespace ${elsewhere}: it leads to Services of its own namespace alone`,
    };
  return {
    message,
    fix: form === 'route' ? suggestService(name, surface) : nearest(name, surface),
  };
}

/** Each once: several hosts of one entry lead to the same place. */
export function backendFaults(surface: Surface): LinkFault[] {
  return surface.entries.flatMap((entry) => {
    const found = entry.paths.flatMap((path) => backendFault(entry, path, surface) ?? []);
    return found.filter(
      ({ message }, position) => found.findIndex((other) => other.message === message) === position,
    );
  });
}

/** Whether one of our parts has no entry, which the one that leads nowhere was probably meant to be. */
const isWanted = once((surface) =>
  Object.values(SERVICE_ROLES).some(
    (role) =>
      surface.servicesOf(role).length > 0 &&
      surface.entriesOf(role).length === 0 &&
      // The page is served by Envoy in most cases, and has no entry of its own then.
      !(role === 'ui' && surface.entriesOf('envoy').length > 0),
  ),
);

/** A Service whose name has the wanted one in it: what an outer layer makes of a name. */
function nearest(name: string, { services }: Surface): string | undefined {
  const close = services.find((other) => other.name.includes(name) || name.includes(other.name));
  return close && `name Service ${close.name}, or let nothing rename it afterwards`;
}
