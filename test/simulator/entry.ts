/** From a request to a Service: Ingresses, and routes with the Gateways that they attach to. */
import { best, type Cluster, hostFit, type Json, namespaceOf } from './cluster.ts';

export interface Arrival {
  service: Json | undefined;
  /** Name of the Service as the entry gives it, for one that is not there. */
  name: string;
  port: string | number;
  /** `namespace/Secret` that the entry serves with; `default` for its own certificate, `none` for plain HTTP, `passed` through. */
  certificate: string;
  /** What the entry speaks to the pod, as its marks say. */
  protocol: 'http' | 'h2c' | 'https';
  /** The path as the backend gets it. */
  path: string;
}

const NGINX = 'nginx.ingress.kubernetes.io/';

/** What the entries do with a request; undefined where none takes its host and path. */
export function arrive(cluster: Cluster, host: string, path: string): Arrival | undefined {
  const [ruled, fallback] = [true, false].map((isRuled) =>
    throughIngress(cluster, host, path, isRuled),
  );
  return ruled ?? throughGateway(cluster, host, path) ?? fallback;
}

/** @param isRuled - by a rule; else by a default backend */
function throughIngress(
  cluster: Cluster,
  host: string,
  path: string,
  isRuled: boolean,
): Arrival | undefined {
  const ingresses = cluster.all('Ingress');
  const rules = ingresses.flatMap((ingress) =>
    (ingress.spec.rules ?? []).flatMap((rule: Json) =>
      (rule.http?.paths ?? []).map((one: Json) => ({ ingress, rule, one })),
    ),
  );
  const serving = rules.filter(({ rule }) => hostFit(rule.host, host) > 0);
  const mostSpecific = Math.max(0, ...serving.map(({ rule }) => hostFit(rule.host, host)));
  const found = best(
    serving.filter(({ rule }) => hostFit(rule.host, host) === mostSpecific),
    ({ one }) => pathFit(one.pathType, one.path ?? '/', path),
  );
  const fallback = ingresses.find(({ spec }) => spec.defaultBackend);
  const ingress = isRuled ? found?.ingress : fallback;
  const backend = isRuled ? found?.one.backend.service : fallback?.spec.defaultBackend.service;
  if (!backend) return undefined;
  const namespace = namespaceOf(ingress);
  const annotations = ingress.metadata.annotations ?? {};
  return {
    service: cluster.named('Service', backend.name, namespace),
    name: backend.name,
    port: backend.port.number ?? backend.port.name,
    certificate:
      annotations[`${NGINX}ssl-passthrough`] === 'true' ? 'passed' : tlsOf(cluster, host),
    protocol: protocolOf(annotations[`${NGINX}backend-protocol`]),
    path,
  };
}

/** ingress-nginx joins the TLS blocks of all Ingresses of a host. */
function tlsOf(cluster: Cluster, host: string): string {
  const blocks = cluster.all('Ingress').flatMap((ingress) =>
    (ingress.spec.tls ?? []).flatMap((block: Json) =>
      (block.hosts ?? []).map((pattern: string) => ({
        pattern,
        secret: block.secretName ? `${namespaceOf(ingress)}/${block.secretName}` : 'default',
      })),
    ),
  );
  return best(blocks, ({ pattern }) => hostFit(pattern, host))?.secret ?? 'none';
}

function protocolOf(mark: string | undefined): Arrival['protocol'] {
  if (mark === 'GRPC') return 'h2c';
  return mark === 'HTTPS' || mark === 'GRPCS' ? 'https' : 'http';
}

function throughGateway(cluster: Cluster, host: string, path: string): Arrival | undefined {
  const candidates = cluster.all('HTTPRoute', 'GRPCRoute').flatMap((route) => {
    const fit = Math.max(0, ...(route.spec.hostnames ?? ['']).map((h: string) => hostFit(h, host)));
    const listener = listenerOf(cluster, route, host);
    if (fit === 0 || !listener) return [];
    return (route.spec.rules ?? []).flatMap((rule: Json) => {
      const backend = rule.backendRefs?.[0];
      const matches = rule.matches ?? [{}];
      const length = Math.max(...matches.map((match: Json) => routeFit(match, path)));
      return backend && length > 0 ? [{ route, listener, backend, score: fit * 1e4 + length }] : [];
    });
  });
  const found = best(candidates, ({ score }) => score);
  if (!found) return undefined;
  const { backend, route, listener } = found;
  const namespace = backend.namespace ?? namespaceOf(route);
  const service =
    (backend.kind ?? 'Service') === 'Service'
      ? cluster.named('Service', backend.name, namespace)
      : undefined;
  const port = service?.spec.ports.find((one: Json) => one.port === backend.port);
  const isH2 = route.kind === 'GRPCRoute' || port?.appProtocol === 'kubernetes.io/h2c';
  return {
    service,
    name: backend.name,
    port: backend.port,
    certificate: listener,
    protocol: isH2 ? 'h2c' : 'http',
    path,
  };
}

/** The certificate of the HTTPS listener that a route attaches to, else `none`; undefined where it attaches to nothing known. */
function listenerOf(cluster: Cluster, route: Json, host: string): string | undefined {
  const attached = (route.spec.parentRefs ?? []).flatMap((parent: Json) => {
    const namespace = parent.namespace ?? namespaceOf(route);
    const gateway = cluster.named('Gateway', parent.name, namespace);
    return (gateway?.spec.listeners ?? [])
      .filter((listener: Json) => !parent.sectionName || parent.sectionName === listener.name)
      .map((listener: Json) => ({ listener, namespace }));
  });
  const fit = ({ listener }: Json) =>
    hostFit(listener.hostname, host) * (listener.protocol === 'HTTPS' ? 2 : 1);
  const found: Json = best(attached, fit);
  if (!found) return undefined;
  const [ref] = found.listener.tls?.certificateRefs ?? [];
  return ref ? `${ref.namespace ?? found.namespace}/${ref.name}` : 'none';
}

function routeFit(match: Json, path: string): number {
  if (match.method?.service) return path.startsWith(`/${match.method.service}`) ? 100 : 0;
  return match.path ? pathFit(match.path.type, match.path.value, path) : 1;
}

function pathFit(type: string | undefined, pattern: string, path: string): number {
  if (type === 'Exact') return pattern === path ? 1000 : 0;
  const prefix = pattern.replace(/\/$/, '');
  return path === prefix || path.startsWith(`${prefix}/`) ? prefix.length + 1 : 0;
}
