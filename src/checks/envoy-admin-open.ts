import { adminOf, boundAddress, portOf } from '../envoy/bootstrap.ts';
import type { Resource } from '../manifests/resource.ts';
import {
  type ServicePort,
  servicePort,
  servicePorts,
  typeOfService,
} from '../manifests/service.ts';
import { isLoopback, joinHostPort } from '../net/addresses.ts';
import { targetOf } from '../surface/envoy-service.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { type DocumentTarget, jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: "Envoy's admin interface is open to others",
  why: 'It asks nobody who calls: `/quitquitquit` ends Envoy, `/config_dump` shows its config, `/logging` and `/runtime_modify` change it.',
  fix: 'bind it to 127.0.0.1, reach it with `kubectl port-forward`, and let no Service lead to it; a listener of its own may lead to `/stats/prometheus` alone',
  find: (surface) => surface.envoys.flatMap((target) => onEnvoy(target, surface)),
};

function onEnvoy(target: DocumentTarget, surface: Surface): Fault[] {
  const admin = adminOf(jsonOf(target));
  const address = admin && boundAddress(admin);
  const port = admin && portOf(admin.value);
  if (!admin || address === undefined || port === undefined || isLoopback(address)) return [];
  const published = publishedAt(port, surface);
  if (published.length > 0)
    return published.map(({ service, entry, own }) => ({
      resource: entry ?? service,
      path: entry ? undefined : `spec.ports[${own.index}]`,
      severity: entry || isPublic(service) ? undefined : 'warning',
      message: `port ${own.port} of Service ${service.name} leads to Envoy's admin interface on ${port}${entry ? `, and ${entry.kind} ${entry.name} to that` : ''}${entry || isPublic(service) ? '' : ', for every pod of the cluster'}`,
      fix: `bind the admin interface to 127.0.0.1, and remove ${entry ? 'the path' : 'the port'}`,
    }));
  return [
    inDocument(target, [...admin.path, 'address', 'socket_address', 'address'], {
      severity: 'warning',
      message: `the admin interface listens on ${joinHostPort(address, port)}, and every pod that no NetworkPolicy stops can call it`,
    }),
  ];
}

interface Published {
  service: Resource;
  own: ServicePort;
  entry: Resource | undefined;
}

/** The Services of Envoy's pods that lead to the port, with an entry that leads to them. */
function publishedAt(port: number, surface: Surface): Published[] {
  const pods = surface.envoyPods;
  const services = surface.services.filter((service) =>
    surface.podsOf(service).some((workload) => pods.workloads.includes(workload)),
  );
  return services.flatMap((service) =>
    servicePorts(service)
      .filter((own) => targetOf(own, pods) === port)
      .map((own) => ({ service, own, entry: entryTo(service, own, surface) })),
  );
}

function entryTo(service: Resource, own: ServicePort, { entries }: Surface): Resource | undefined {
  return entries.find(({ paths }) =>
    paths.some(
      ({ backend }) =>
        backend.service === service && servicePort(service, backend.port)?.index === own.index,
    ),
  )?.resource;
}

function isPublic(service: Resource): boolean {
  return ['LoadBalancer', 'NodePort'].includes(typeOfService(service));
}
