/**
 * Services that are Envoy's entry by themselves: whether their ports lead to the listener that a client expects there, and its redirects
 * to a port that they have.
 *
 * Sources: Kubernetes, "Service", `type: LoadBalancer`: connections are passed on as they come, unless an annotation of the provider says
 * otherwise; Envoy's `config.route.v3.RedirectAction` (`https_redirect` takes the port away, `port_redirect` writes one).
 */
import { type Located, objectIn, objectsAt, portOf, routesOf } from '../../envoy/bootstrap.ts';
import { spokenAt } from '../../envoy/listeners.ts';
import { isTrue, numberOf } from '../../envoy/proto-json.ts';
import type { Resource } from '../../manifests/resource.ts';
import { type ServicePort, servicePorts, typeOfService } from '../../manifests/service.ts';
import { targetOf } from '../../surface/envoy-service.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { portsInUse } from '../../surface/ui-service.ts';
import { asText } from '../../yaml/json.ts';

/** Of a provider that ends TLS, or begins it, in its load balancer. */
const OF_TLS = /ssl|tls|cert|backend-config|app-protocols|protocol/i;

/** Envoy's Services with an address outside of the cluster, to which nothing else leads. */
function openServices(surface: Surface, types: readonly string[]): Resource[] {
  return surface.envoyServices.filter(
    (service) =>
      types.includes(typeOfService(service)) && portsInUse(service, surface).length === 0,
  );
}

/** Ports for TLS that lead to plain text, and the other way round. */
export function openPorts(surface: Surface): Fault[] {
  return openServices(surface, ['LoadBalancer', 'NodePort'])
    .filter(({ annotations }) => !Object.keys(annotations).some((key) => OF_TLS.test(key)))
    .flatMap((service) => {
      const found = servicePorts(service).flatMap((port) => {
        const meant = meantBy(port);
        const spoken = spokenBehind(port, surface);
        return meant && spoken && meant !== spoken ? [{ port, meant }] : [];
      });
      // What a balancer does to one of them it does not do to the other as well.
      const isSwapped = new Set(found.map(({ meant }) => meant)).size > 1;
      return found.map(({ port, meant }): Fault => {
        const other = otherPort(service, port, meant, surface);
        return {
          resource: service,
          path: `spec.ports[${port.index}].targetPort`,
          severity: isSwapped ? undefined : 'warning',
          message: `port ${port.port} of Service ${service.name} leads to a listener of Envoy ${meant === 'tls' ? 'without TLS' : 'that takes TLS alone'}, and clients speak ${meant === 'tls' ? 'TLS' : 'plain HTTP'} to it${isSwapped ? '' : ', unless something in front changes that'}`,
          fix: other
            ? `write \`targetPort: ${other}\``
            : `lead it to a listener ${meant === 'tls' ? 'with a `DownstreamTlsContext`' : 'without TLS, which redirects'}`,
        };
      });
    });
}

function meantBy({ port, name, appProtocol }: ServicePort): 'tls' | 'plain' | undefined {
  if (port === 443) return 'tls';
  if (port === 80) return 'plain';
  if (/^https(?:-|$)/.test(name) || /^https$/i.test(appProtocol)) return 'tls';
  return /^http(?:-|$)/.test(name) || /^http$/i.test(appProtocol) ? 'plain' : undefined;
}

function spokenBehind(port: ServicePort, surface: Surface): 'tls' | 'plain' | undefined {
  const number = targetOf(port, surface.envoyPods);
  return number === undefined ? undefined : spokenAt(listenersOn(number, surface));
}

function listenersOn(number: number, { envoys }: Surface): Located[] {
  return envoys
    .flatMap((target) => objectsAt(jsonOf(target), ['static_resources', 'listeners']))
    .filter(({ value }) => portOf(value) === number);
}

/** Another target that speaks what the port is meant for: of the same Service, else of the same Envoy. */
function otherPort(
  service: Resource,
  port: ServicePort,
  meant: 'tls' | 'plain',
  surface: Surface,
): number | string | undefined {
  const own = servicePorts(service).find(
    (one) => one.index !== port.index && spokenBehind(one, surface) === meant,
  );
  const all = surface.envoys
    .flatMap((target) => objectsAt(jsonOf(target), ['static_resources', 'listeners']))
    .flatMap(({ value }) => portOf(value) ?? []);
  return own?.targetPort ?? all.find((one) => spokenAt(listenersOn(one, surface)) === meant);
}

/** Redirects of Envoy to a port that its Service does not have. */
export function openRedirects(surface: Surface): Fault[] {
  const services = openServices(surface, ['LoadBalancer']);
  // A host that is redirected to may be that of something else.
  if (services.length === 0 || surface.entriesOf('envoy').length > 0) return [];
  const ports = services.flatMap(servicePorts).map(({ port }) => port);
  return surface.envoys.flatMap((target) =>
    routesOf(jsonOf(target)).flatMap((route) =>
      objectIn(route, ['redirect']).flatMap(({ path, value }): Fault[] => {
        if (asText(value['host_redirect'] ?? '') !== '') return [];
        const isSecure = isTrue(value['https_redirect']) || value['scheme_redirect'] === 'https';
        const written = numberOf(value['port_redirect']);
        const port = written || (isSecure ? 443 : undefined);
        if (port === undefined || ports.includes(port) || surface.settings?.port === port)
          return [];
        const names = services.map(({ name }) => name).join(' and ');
        return [
          inDocument(target, [...path, written ? 'port_redirect' : 'https_redirect'], {
            severity: written ? undefined : 'warning',
            message: `it redirects to port ${port}, and Service ${names}, by which Envoy is reached, has ${ports.join(', ')}${written ? '' : ': nothing answers there, unless something in front does'}`,
            fix: ports.includes(443)
              ? 'write `port_redirect: 443`'
              : `add port ${port} to the Service`,
          }),
        ];
      }),
    ),
  );
}
