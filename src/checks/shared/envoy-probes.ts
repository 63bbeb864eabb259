/**
 * Probes of Envoy's admin interface.
 *
 * Sources: Kubernetes, "Configure Liveness, Readiness and Startup Probes" (the kubelet asks at the address of the pod); Envoy, "Administration
 * interface" (GET /ready answers 200 once it is live; a path that it does not have is answered with 404; no gRPC).
 */

import { adminOf, boundAddress, portOf } from '../../envoy/bootstrap.ts';
import type { PlacedContainer } from '../../manifests/pod-references.ts';
import { placedContainers } from '../../manifests/pod-references.ts';
import { isLoopback } from '../../net/addresses.ts';
import { probesOf } from '../../surface/bind-addresses.ts';
import { envoyBootstraps } from '../../surface/envoy-bootstraps.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { toPath } from '../../yaml/path.ts';

/** Those that answer a GET with 200 for as long as Envoy lives. */
const PATHS =
  /^\/(?:$|ready|server_info|stats(?:\/.*)?|clusters|listeners|help|certs|config_dump|memory|runtime|hot_restart_version|contention|init_dump)(?:[?]|$)/;

/** Faults of the probes of Envoy's own container, where they ask at the port of its admin interface. */
export function adminProbes(surface: Surface): Fault[] {
  return envoyBootstraps(surface).flatMap(({ target, reader }) => {
    const admin = adminOf(jsonOf(target));
    const port = admin && portOf(admin.value);
    const container =
      reader && placedContainers(reader.workload).find(({ json }) => json === reader.container);
    if (!admin || port === undefined || !container) return [];
    const address = boundAddress(admin) ?? '';
    return probesOf(container.json)
      .filter((probe) => probe.port === port)
      .flatMap(({ name, means, path }): Fault[] => {
        const at = placeOf(container, name, means);
        if (isLoopback(address))
          return [
            {
              resource: reader.workload,
              path: toPath([...at, 'port']),
              message: `the ${name} asks port ${port}, Envoy's admin interface on ${address}, and the kubelet asks at the address of the pod: nothing answers there`,
              fix: 'probe a listener of its own that answers `/ready` alone, or use `exec`; binding the admin interface to all addresses opens it to others',
            },
          ];
        if (means === 'grpc' || (means === 'httpGet' && !PATHS.test(path)))
          return [
            {
              resource: reader.workload,
              path: toPath(means === 'grpc' ? at : [...at, 'path']),
              message: `the ${name} asks ${means === 'grpc' ? 'by gRPC' : path} of Envoy's admin interface, which ${means === 'grpc' ? 'speaks HTTP/1.1 alone' : 'answers it with 404'}`,
              fix: 'ask `/ready` with `httpGet`',
            },
          ];
        return [];
      });
  });
}

function placeOf({ path }: PlacedContainer, name: string, means: string): (string | number)[] {
  return [...path, name, means];
}
