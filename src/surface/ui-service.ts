/** The page's Service, and the port of it that entries lead to. */
import type { Resource } from '../manifests/resource.ts';
import { isHeadless, type ServicePort, servicePort, servicePorts } from '../manifests/service.ts';
import type { Surface } from './surface.ts';

/** Of several the one that an entry uses, else the only one with an address; undefined where there is none, or a choice. */
export function uiService(surface: Surface): Resource | undefined {
  const { uiServices } = surface;
  const used = uiServices.filter((service) => portsInUse(service, surface).length > 0);
  if (used.length > 0) return used.length === 1 ? used[0] : undefined;
  const reachable = uiServices.filter((service) => !isHeadless(service));
  return reachable.length === 1 ? reachable[0] : undefined;
}

/** Whether entries lead to the page's own Service, or are to. */
export function isPageApart(surface: Surface): boolean {
  const entries = surface.ingressesOf('ui').length + surface.routesOf('ui').length;
  return surface.settings?.hasPageHost || entries > 0;
}

/** Of several ports the one that an entry uses. */
export function uiServicePort(surface: Surface): ServicePort | undefined {
  const service = uiService(surface);
  if (!service) return undefined;
  const used = portsInUse(service, surface);
  const ports = servicePorts(service);
  return ports.find(({ port }) => used.includes(port)) ?? ports[0];
}

/** The ports of a Service that entries send requests to. */
export function portsInUse(service: Resource, { entries }: Surface): number[] {
  const paths = entries.flatMap((entry) => entry.paths);
  return paths
    .filter(({ backend }) => backend.service === service)
    .flatMap(({ backend }) => servicePort(service, backend.port)?.port ?? []);
}
