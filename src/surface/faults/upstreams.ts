/** What can be wrong with an address that Envoy sends requests to: no such Service, or no such port. */
import { clustersOfRoute, routesOf } from '../../envoy/bootstrap.ts';
import { jsonOf } from '../parts.ts';
import { portRefusal, reachedPorts } from '../service-reach.ts';
import type { Surface } from '../surface.ts';
import { suggestService, type Upstream } from '../upstreams.ts';
import { inDocument, type LinkFault } from './fault.ts';

/** Undefined where an upstream is right, where the config gives it as it is, or where nobody can tell from these manifests. */
export function upstreamFault(upstream: Upstream, surface: Surface): LinkFault | undefined {
  const { target, address, port, path, parsed, service, cluster } = upstream;
  const given = surface.settings?.config.spec.envoy?.upstream;
  const isGiven = given?.host === address && given.port === port;
  if (!parsed || parsed.name === 'localhost' || isGiven || surface.services.length === 0)
    return undefined;
  if (!service) return isOutside(upstream, surface) ? undefined : missing(upstream, surface);
  const refusal = portRefusal(service, port, surface);
  if (refusal === undefined) return undefined;
  return {
    code: 'backend-missing',
    ...inDocument(target, [...path, 'port_value'], {
      message: `cluster ${cluster} sends requests to port ${port} of Service ${service.name}, which ${refusal}`,
      fix: `use port ${reachedPorts(service, surface)[0]}`,
    }),
  };
}

/** Of a cluster that carries no calls, for traces or logs for instance, the Service may come from somewhere else. */
function missing({ target, address, path, parsed, cluster }: Upstream, surface: Surface) {
  const routes = routesOf(jsonOf(target));
  const carriesCalls =
    routes.length === 0 || routes.some(({ value }) => clustersOfRoute(value).includes(cluster));
  const message = `cluster ${cluster} sends requests to ${address}, but there is no such Service`;
  const near = suggestService(parsed?.name ?? '', surface);
  return {
    code: 'reference-missing' as const,
    ...inDocument(target, [...path, 'address'], {
      severity: carriesCalls ? undefined : 'warning',
      message: carriesCalls
        ? message
        : `${message} in these manifests; no route leads to the cluster, and its Service may be made elsewhere`,
      fix: carriesCalls
        ? near
        : (near ?? 'name the namespace of the Service where it is another one; else nothing'),
    }),
  };
}

/** Whether an address is that of a Service of another stream: in a namespace that nothing here is in, under a name of its own. */
function isOutside({ parsed, target }: Upstream, { services }: Surface): boolean {
  if (!parsed?.namespace) return false;
  const isHere = services.some(({ namespace }) => namespace === parsed.namespace);
  const isMoved = services.some(
    ({ name, names }) => names.includes(parsed.name) || name === parsed.name,
  );
  return !isHere && !(isMoved && target.resource.namespace !== '');
}
