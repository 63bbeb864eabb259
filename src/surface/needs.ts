/** The ways that requests take, as far as the manifests say them: each has to be open in the policies of both ends. */

import { configNeeds } from './config-needs.ts';
import { type Need, needsOfService } from './need.ts';
import { upstreamsOf } from './upstreams.ts';
import { type ManifestView, mounting, selectedBy } from './view.ts';

export function needsOf(view: ManifestView): Need[] {
  return [...envoyNeeds(view), ...entryNeeds(view), ...kubernetesNeeds(view), ...configNeeds(view)];
}

function envoyNeeds(view: ManifestView): Need[] {
  return upstreamsOf(view).flatMap(({ target, service, port }) =>
    mounting(view.workloads, [target]).flatMap((source) =>
      service ? needsOfService(view, source, `${source.kind} ${source.name}`, service, port) : [],
    ),
  );
}

function entryNeeds(view: ManifestView): Need[] {
  return view.entries.flatMap(({ paths }) =>
    paths
      .filter(({ role }) => role !== undefined)
      .flatMap(({ backend: { service, port } }) =>
        service ? needsOfService(view, undefined, 'the entry', service, port) : [],
      ),
  );
}

/** API server and controller manager keep everything in the Kubernetes API: 443 is its Service, 6443 its usual port. */
function kubernetesNeeds(view: ManifestView): Need[] {
  const servers = view.apiServices.flatMap((service) => selectedBy(service, view.workloads));
  const managers = mounting(view.workloads, view.controllerManagers);
  return [...new Set([...servers, ...managers])].map((source) => ({
    source,
    sourceName: `${source.kind} ${source.name}`,
    target: undefined,
    targetName: 'the Kubernetes API',
    ports: [443, 6443].map((number) => ({ protocol: 'TCP', number, names: [] })),
    outside: { isAddress: true },
  }));
}
