/** Filters of routes that send a copy of each request to a Service that is not there. Source: Gateway API, `HTTPRequestMirrorFilter`. */

import { sameNamespace } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { ROUTE_KINDS } from '../../manifests/route.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { areNearNames } from '../../surface/near-names.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, list, stringAt } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

const NAME = ['requestMirror', 'backendRef', 'name'];

/** Warnings, of routes of any program. Nothing is said of a namespace of which the stream has no Service. */
export function missingMirrors(surface: Surface): Fault[] {
  return surface.manifests.ofKind(...ROUTE_KINDS).flatMap((route) =>
    list(getIn(route.json, ['spec', 'rules'])).flatMap((rule, position) =>
      list(rule['filters']).flatMap((filter, index) => {
        const name = stringAt(filter, NAME);
        const kind = stringAt(filter, ['requestMirror', 'backendRef', 'kind']) || 'Service';
        if (name === '' || kind !== 'Service') return [];
        const namespace =
          stringAt(filter, ['requestMirror', 'backendRef', 'namespace']) || route.namespace;
        const path = toPath(['spec', 'rules', position, 'filters', index, ...NAME]);
        return judge(name, namespace, { resource: route, path }, surface);
      }),
    ),
  );
}

function judge(
  name: string,
  namespace: string,
  place: { resource: Resource; path: string },
  { manifests, services }: Surface,
): Fault[] {
  const here = services.filter((service) => sameNamespace(service.namespace, namespace));
  // Another stream may have what is in a namespace of its own.
  if (here.length === 0 || manifests.named('Service', name, namespace)) return [];
  const near = here.find((service) => areNearNames(service.name, name));
  return [
    {
      ...place,
      severity: 'warning',
      message: `copies of requests go to Service ${name}, and there is none ${namespace ? `in namespace ${namespace} ` : ''}in these manifests: the route is reported as unresolved, and nothing is copied`,
      fix: near ? `name Service ${near.name}` : 'add the Service, or take the filter away',
    },
  ];
}
