/** Whether Envoy's upstreams are Services of these manifests. */

import { isHeadless, servicePorts } from '../../manifests/service.ts';
import type { Surface } from '../../surface/surface.ts';
import { suggestService, type Upstream } from '../../surface/upstreams.ts';
import { type FindingDetails, inDocument } from '../check.ts';

/** Upstreams that name no Service of these manifests, though they should. */
export function upstreamsWithoutService(view: Surface): FindingDetails[] {
  return judgedUpstreams(view).flatMap((upstream) => {
    const { target, address, path, parsed, service, cluster } = upstream;
    if (service || !parsed || isOutside(upstream, view)) return [];
    return [
      inDocument(target, {
        path: `${path}.address`,
        message: `cluster ${cluster} sends requests to ${address}, and there is no such Service`,
        mend: suggestService(parsed.name, view),
      }),
    ];
  });
}

/** Upstreams whose port is none of their Service. */
export function upstreamsWithoutPort(view: Surface): FindingDetails[] {
  return judgedUpstreams(view).flatMap(({ target, port, path, service, cluster }) => {
    // A headless Service is reached on the ports of its pods.
    if (!service || isHeadless(service)) return [];
    const ports = servicePorts(service).map((own) => own.port);
    if (ports.length === 0 || ports.includes(port)) return [];
    return [
      inDocument(target, {
        path: `${path}.port_value`,
        message: `cluster ${cluster} sends requests to port ${port} of Service ${service.name}, which has ${ports.join(', ')}`,
        mend: `use port ${ports[0]}`,
      }),
    ];
  });
}

/** Those that are meant as Services, and that the config does not give as they are. */
function judgedUpstreams(view: Surface): Upstream[] {
  const given = view.settings?.config.spec.envoy?.upstream;
  if (view.services.length === 0) return [];
  return view.upstreams.filter(
    ({ address, port, parsed }) =>
      parsed !== undefined &&
      parsed.name !== 'localhost' &&
      !(given !== undefined && given.host === address && given.port === port),
  );
}

/** Whether an address is that of a Service of another stream: in a namespace that nothing here is in, under a name of its own. */
function isOutside({ parsed, target }: Upstream, { services }: Surface): boolean {
  if (!parsed?.namespace) return false;
  const isHere = services.some(({ namespace }) => namespace === parsed.namespace);
  const isMoved = services.some(
    ({ name, names }) => names.includes(parsed.name) || name === parsed.name,
  );
  const hasNamespaces = target.resource.namespace !== '';
  return !isHere && !(isMoved && hasNamespaces);
}
