/** Whether the backends of entries are there. */

import { servicePorts } from '../../manifests/service.ts';
import type { Entry, EntryPath } from '../../surface/entry.ts';
import type { Surface } from '../../surface/surface.ts';
import type { FindingDetails } from '../check.ts';
import { isExternal, portOf } from './backend-port.ts';

/** Backends of entries that are no Service of these manifests, or no port of it. */
export function onEntries(view: Surface): FindingDetails[] {
  return view.entries.flatMap((entry) =>
    unique(entry.paths.flatMap((path) => onPath(entry, path, view))),
  );
}

function onPath(
  entry: Entry,
  { backend, place, role }: EntryPath,
  view: Surface,
): FindingDetails[] {
  const { resource } = entry;
  const { service, name, port } = backend;
  if (!service) {
    // A route's reference is that of a custom resource, which kustomize does not follow: it has a code of its own.
    if (entry.form === 'route' || view.services.length === 0) return [];
    // Another program's Service may be in another stream.
    const isOurs = role !== undefined || entry.roles.size > 0 || isWanted(view);
    return [
      {
        resource,
        path: place,
        severity: isOurs ? undefined : 'warning',
        message: `there is no Service ${name}`,
        mend: nearest(name, view),
      },
    ];
  }
  if (role === undefined || service.kind !== 'Service' || portOf(backend) || isExternal(service))
    return [];
  const ports = servicePorts(service);
  if (ports.length === 0 || port === undefined) return [];
  const numbers = ports.map(({ name: own, port: number }) =>
    own ? `${number} (${own})` : `${number}`,
  );
  return [
    {
      resource,
      path: place,
      message: `Service ${name} has no port ${port}, it has ${numbers.join(', ')}`,
      mend: `use one of them: ${numbers.join(', ')}`,
    },
  ];
}

/** Several hosts of one entry lead to the same place. */
function unique(found: readonly FindingDetails[]): FindingDetails[] {
  return found.filter(
    ({ message }, position) => found.findIndex((other) => other.message === message) === position,
  );
}

/** Whether one of our parts has no entry, which the one that leads nowhere was probably meant to be. */
function isWanted(view: Surface): boolean {
  return (
    (view.apiServices.length > 0 && view.entriesOf('api').length === 0) ||
    (view.envoyServices.length > 0 && view.entriesOf('envoy').length === 0)
  );
}

/** A Service whose name has the wanted one in it: what an outer layer makes of a name. */
function nearest(name: string, { services }: Surface): string | undefined {
  const close = services.find(
    (service) => service.name.includes(name) || name.includes(service.name),
  );
  return close && `name Service ${close.name}, or let nothing rename it afterwards`;
}
