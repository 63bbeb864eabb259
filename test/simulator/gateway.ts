/** From a request to a Service by routes of the Gateway API. */
import { best, type Cluster, hostFit, type Json, namespaceOf } from './cluster.ts';
import { type Arrival, pathFit } from './entry.ts';

/** What a route attaches to. */
interface Listener {
  /** As in an `Arrival`; `elsewhere` where the Gateway is not among the manifests. */
  certificate: string;
  isTls: boolean;
}

export function throughGateway(cluster: Cluster, host: string, path: string): Arrival | undefined {
  const candidates = cluster.all('HTTPRoute', 'GRPCRoute', 'TLSRoute').flatMap((route) => {
    const fit = Math.max(0, ...(route.spec.hostnames ?? ['']).map((h: string) => hostFit(h, host)));
    const listener = listenerOf(cluster, route, host);
    if (fit === 0 || !listener) return [];
    return (route.spec.rules ?? []).flatMap((rule: Json) => {
      const scores = (rule.matches ?? [{}]).map((match: Json) => routeFit(match, path));
      const length = Math.max(...scores);
      // A client comes in by TLS where it can.
      const score = (listener.isTls ? 1e7 : 0) + fit * 1e4 + length;
      return length > 0 ? [{ route, listener, rule, score }] : [];
    });
  });
  const found = best(candidates, ({ score }) => score);
  if (!found) return undefined;
  const { rule, route, listener } = found;
  const redirect = filterOf(rule, 'RequestRedirect')?.requestRedirect;
  if (redirect)
    return {
      ...{ service: undefined, name: '', port: 0, protocol: 'http', path },
      certificate: listener.certificate,
      redirect: redirect.hostname ?? redirect.scheme,
    };
  const backend = rule.backendRefs?.[0];
  if (!backend) return undefined;
  const namespace = backend.namespace ?? namespaceOf(route);
  const service =
    (backend.kind ?? 'Service') === 'Service'
      ? cluster.named('Service', backend.name, namespace)
      : undefined;
  const port = service?.spec.ports.find((one: Json) => one.port === backend.port);
  const isH2 = route.kind === 'GRPCRoute' || port?.appProtocol === 'kubernetes.io/h2c';
  const plain = isH2 ? 'h2c' : 'http';
  return {
    service,
    name: backend.name,
    port: backend.port,
    certificate: listener.certificate,
    protocol: route.kind === 'TLSRoute' ? 'https' : plain,
    path: rewritten(rule, path),
  };
}

function filterOf(rule: Json, type: string): Json | undefined {
  return rule.filters?.find((filter: Json) => filter.type === type);
}

function rewritten(rule: Json, path: string): string {
  const instead = filterOf(rule, 'URLRewrite')?.urlRewrite.path?.replacePrefixMatch;
  if (instead === undefined) return path;
  const prefix = rule.matches[0].path.value.replace(/\/$/, '');
  return `${instead.replace(/\/$/, '')}${path.slice(prefix.length)}` || '/';
}

function listenerOf(cluster: Cluster, route: Json, host: string): Listener | undefined {
  const isPassed = route.kind === 'TLSRoute';
  const parents: Json[] = route.spec.parentRefs ?? [];
  const gateways = parents.map((parent) => ({
    parent,
    gateway: cluster.named('Gateway', parent.name, parent.namespace ?? namespaceOf(route)),
  }));
  const attached = gateways.flatMap(({ parent, gateway }) =>
    (gateway?.spec.listeners ?? [])
      .filter((listener: Json) => !parent.sectionName || parent.sectionName === listener.name)
      .filter(({ protocol }: Json) => (protocol === 'TLS') === isPassed)
      .map((listener: Json) => ({ listener, namespace: namespaceOf(gateway) })),
  );
  const isTls = ({ protocol }: Json) => protocol === 'HTTPS' || protocol === 'TLS';
  const found: Json = best(
    attached,
    ({ listener }: Json) => hostFit(listener.hostname, host) * (isTls(listener) ? 2 : 1),
  );
  if (!found) {
    const isElsewhere = gateways.some(({ gateway }) => gateway === undefined);
    if (!isElsewhere) return undefined;
    const isPlain = parents.every(({ sectionName }) => sectionName === 'plain');
    return { certificate: isPassed ? 'passed' : 'elsewhere', isTls: !isPlain };
  }
  const [ref] = found.listener.tls?.certificateRefs ?? [];
  const secret = ref && `${ref.namespace ?? found.namespace}/${ref.name}`;
  return { certificate: isPassed ? 'passed' : (secret ?? 'none'), isTls: isTls(found.listener) };
}

function routeFit(match: Json, path: string): number {
  if (match.method?.service) return path.startsWith(`/${match.method.service}`) ? 100 : 0;
  return match.path ? pathFit(match.path.type, match.path.value, path) : 1;
}
