/** The ways that requests take, as far as the manifests say them: each has to be open in the policies of both ends. */

import { configNeeds } from './config-needs.ts';
import { type Need, needsOfService } from './need.ts';
import type { Surface } from './surface.ts';

export function needsOf(view: Surface): Need[] {
  return [...envoyNeeds(view), ...entryNeeds(view), ...kubernetesNeeds(view), ...configNeeds(view)];
}

function envoyNeeds(view: Surface): Need[] {
  return view.upstreams.flatMap(({ target, service, port }) =>
    view
      .mounting([target])
      .flatMap((source) => (service ? needsOfService(view, source, service, port) : [])),
  );
}

function entryNeeds(view: Surface): Need[] {
  return view.entries.flatMap(({ paths }) =>
    paths
      .filter(({ role }) => role !== undefined)
      .flatMap(({ backend: { service, port } }) =>
        service ? needsOfService(view, undefined, service, port) : [],
      ),
  );
}

/** API server and controller manager keep everything in the Kubernetes API: 443 is its Service, 6443 its usual port. */
function kubernetesNeeds(view: Surface): Need[] {
  const servers = view.apiServices.flatMap((service) => view.podsOf(service));
  const managers = view.mounting(view.controllerManagers);
  return [...new Set([...servers, ...managers])].map((source) => ({
    source,
    target: undefined,
    targetName: 'the Kubernetes API',
    ports: [443, 6443].map((number) => ({ protocol: 'TCP', number, names: [] })),
    outside: { isAddress: true },
  }));
}
