/** From a request to a Service: Ingresses, and routes with the Gateways that they attach to. */
import { best, type Cluster, hostFit, type Json, namespaceOf } from './cluster.ts';
import { CONTROLLERS, type Protocol, type SimulatedController } from './controllers.ts';
import { throughGateway } from './gateway.ts';
import { INTERNAL_CLASS } from './ingresses.ts';

export interface Arrival {
  service: Json | undefined;
  /** Name of the Service as the entry gives it, for one that is not there. */
  name: string;
  port: string | number;
  /** `namespace/Secret` that the entry serves with; `default` for its own certificate, `none` for plain HTTP, `passed` through. */
  certificate: string;
  /** What the entry speaks to the pod, as its marks say. */
  protocol: Protocol;
  /** The path as the backend gets it. */
  path: string;
  /** Where the entry itself sends the client to. */
  redirect?: string;
}

/** Where clients are: those inside have entries of their own, or none. */
export type Side = 'outside' | 'inside';

/** What the entries do with a request; undefined where none takes its host and path. */
export function arrive(
  cluster: Cluster,
  host: string,
  path: string,
  side: Side = 'outside',
): Arrival | undefined {
  const ingresses = cluster
    .all('Ingress')
    .filter(({ spec }) => (spec.ingressClassName === INTERNAL_CLASS) === (side === 'inside'));
  const own = (isRuled: boolean) => throughIngress(cluster, ingresses, { host, path }, isRuled);
  const route = side === 'outside' ? throughGateway(cluster, host, path) : undefined;
  return own(true) ?? route ?? own(false);
}

/** @param isRuled - by a rule; else by a default backend */
function throughIngress(
  cluster: Cluster,
  ingresses: readonly Json[],
  { host, path }: { host: string; path: string },
  isRuled: boolean,
): Arrival | undefined {
  const rules = ingresses.flatMap((ingress) =>
    (ingress.spec.rules ?? []).flatMap((rule: Json) =>
      (rule.http?.paths ?? []).map((one: Json) => ({ ingress, rule, one })),
    ),
  );
  const serving = rules.filter(({ rule }) => hostFit(rule.host, host) > 0);
  const mostSpecific = Math.max(0, ...serving.map(({ rule }) => hostFit(rule.host, host)));
  const ofHost = serving.filter(({ rule }) => hostFit(rule.host, host) === mostSpecific);
  const passing = ofHost.find(
    ({ ingress, one }) =>
      controllerOf(cluster, ingress)?.passes?.(annotationsOf(ingress)) && (one.path ?? '/') === '/',
  );
  // Where TLS goes through, nobody sees a path.
  const found = passing ?? best(ofHost, ({ one }) => pathFit(one.pathType, one.path ?? '/', path));
  const fallback = ingresses.find(({ spec }) => spec.defaultBackend);
  const ingress = isRuled ? found?.ingress : fallback;
  const backend = isRuled ? found?.one.backend.service : fallback?.spec.defaultBackend.service;
  if (!backend) return undefined;
  const controller = controllerOf(cluster, ingress);
  const service = cluster.named('Service', backend.name, namespaceOf(ingress));
  const port = backend.port.number ?? backend.port.name;
  const target = service?.spec.ports.find((p: Json) => p.port === port || p.name === port) ?? {};
  const marks = annotationsOf(ingress);
  const isPassed = isRuled && passing !== undefined;
  return {
    service,
    name: backend.name,
    port,
    certificate: isPassed ? 'passed' : tlsOf(ingresses, controller, ingress, host),
    protocol: isPassed
      ? 'https'
      : (controller?.protocol(marks, annotationsOf(service), backend.name, target) ?? 'nothing'),
    path:
      (isPassed ? undefined : controller?.rewritten?.(marks, found?.one.path ?? '/', path)) ?? path,
  };
}

function annotationsOf(object: Json): Record<string, string> {
  return object?.metadata.annotations ?? {};
}

/** By the name of the class, or by its IngressClass. */
function controllerOf(cluster: Cluster, ingress: Json): SimulatedController | undefined {
  const name = ingress.spec.ingressClassName;
  const known = Object.values<SimulatedController>(CONTROLLERS).filter(
    ({ className }) => className === name,
  );
  const running = CONTROLLERS[cluster.controller];
  const isOwn = name === INTERNAL_CLASS || known.includes(running);
  return isOwn ? running : known[0];
}

/** Controllers join the TLS blocks of all Ingresses of a host. */
function tlsOf(
  ingresses: readonly Json[],
  controller: SimulatedController | undefined,
  ingress: Json,
  host: string,
): string {
  const blocks = ingresses.flatMap((one) =>
    (one.spec.tls ?? []).flatMap((block: Json) =>
      (block.hosts ?? []).map((pattern: string) => ({
        pattern,
        secret: block.secretName ? `${namespaceOf(one)}/${block.secretName}` : 'default',
      })),
    ),
  );
  const found = best(blocks, ({ pattern }) => hostFit(pattern, host))?.secret;
  const wants = controller?.wantsTlsMark?.(annotationsOf(ingress));
  if (wants === undefined) return found ?? 'none';
  return wants ? 'none' : (found ?? 'default');
}

export function pathFit(type: string | undefined, pattern: string, path: string): number {
  if (type === 'Exact') return pattern === path ? 1000 : 0;
  if (pattern.includes('(')) return new RegExp(`^${pattern}`).test(path) ? pattern.length : 0;
  const prefix = pattern.replace(/\/$/, '');
  return path === prefix || path.startsWith(`${prefix}/`) ? prefix.length + 1 : 0;
}
