/** Entries of kinds that are neither written nor checked. */
import { HOST_ANNOTATION, type OtherEntry, otherEntries } from '../other-entries.ts';
import type { Surface } from '../surface.ts';
import type { Fault } from './fault.ts';

const SERVED = { api: 'the API server', app: 'Envoy', ui: 'the page' } as const;

/** One for each entry and each part that it leads to. */
export function entriesNotRead(surface: Surface): Fault[] {
  return otherEntries(surface).map(entryNotRead);
}

/** What is said of such an entry, by the function and the checks alike. */
export function entryNotRead({ resource, role, hosts }: OtherEntry) {
  const { kind, name } = resource;
  const shown = hosts.length === 0 ? 'it names no host' : `its hosts: ${hosts.join(', ')}`;
  const isService = kind === 'Service';
  return {
    resource,
    message: isService
      ? `Service ${name} leads to ${SERVED[role]} from outside by itself, without an Ingress or a route: of it only the hosts are read (${shown}), not its TLS and its protocol`
      : kind === 'VirtualService'
        ? `VirtualService ${name} leads to ${SERVED[role]}: \`check\` compares its hosts (${shown}), Gateways, Services and timeouts, and not its paths, rewrites and headers`
        : `${kind} ${name} leads to ${SERVED[role]}: of this kind only the hosts are read (${shown}), not its TLS, paths, timeouts and protocol`,
    fix: isService
      ? `add an Ingress, or end TLS at the pods or the load balancer and keep its names in the annotation ${HOST_ANNOTATION}`
      : 'look at them yourself, and keep them in step with the other places',
  };
}
