/** HTTP/2 to the API server, for the controller in use; and no gRPC mark where the app comes in. */

import {
  appProtocolOf,
  FOLLOWS_CLIENT,
  GRPC_WAYS,
  type GrpcTarget,
} from '../controllers/grpc-ways.ts';
import { CONTROLLERS, type ControllerName } from '../controllers/index.ts';
import { connectionManagers } from '../envoy/bootstrap.ts';
import { type ServicePort, servicePorts } from '../manifests/workloads.ts';
import {
  type Backend,
  type Entry,
  type EntryPath,
  implementationOf,
  jsonOf,
  type ManifestView,
} from '../surface/view.ts';
import { getIn } from '../yaml/json.ts';
import { type Finding, finding, type Search } from './shared/catalogue.ts';

/** The port of a Service that a backend means. */
export function portOf({ service, port }: Backend): ServicePort | undefined {
  if (!service) return undefined;
  return servicePorts(service).find((candidate) =>
    typeof port === 'number' ? candidate.port === port : candidate.name === port,
  );
}

const grpcOverHttp1: Search = (view) =>
  view.entriesOf('api').flatMap((entry) => {
    const paths = entry.paths.filter(({ role }) => role === 'api');
    const found = paths.flatMap((path) =>
      entry.form === 'ingress' ? onIngress(entry, path) : onRoute(entry, path, view),
    );
    // Two hosts of one entry lack the same mark.
    return found.slice(0, 1);
  });

function onIngress(entry: Entry, { backend }: EntryPath): Finding[] {
  const { controllers, resource, tlsPlace } = entry;
  const [first] = controllers;
  if (first === undefined || tlsPlace === 'envoy') return [];
  const refusal = refusalOf(entry);
  if (refusal)
    return [finding('grpc-over-http1', { resource, message: refusal.message, mend: refusal.mend })];
  const { service } = backend;
  if (!service) return onlyIngressMarks(entry, first);
  const target = { ingress: resource, service, port: portOf(backend) };
  if (controllers.some((name) => carries(name, target))) return [];
  const { grpc } = CONTROLLERS[first];
  const isOnIngress = grpc?.ingress !== undefined;
  return [
    finding('grpc-over-http1', {
      resource: isOnIngress ? resource : service,
      path: placeOf(first),
      message: `${titleOf(controllers)} is not told that ${service.name} speaks gRPC, and speaks HTTP/1.1 to it`,
      mend: mendOf(first, target),
    }),
  ];
}

/** A Service that is missing has a finding of its own; marks on the Ingress can be seen all the same. */
function onlyIngressMarks({ resource }: Entry, name: ControllerName): Finding[] {
  const ways = GRPC_WAYS[name];
  if (ways.length === 0 || ways.some(({ on }) => on === 'service')) return [];
  const isMarked = ways.some(
    ({ key }) => getIn(resource.json, ['metadata', 'annotations', key]) !== undefined,
  );
  if (isMarked) return [];
  return [
    finding('grpc-over-http1', {
      resource,
      path: placeOf(name),
      message: `${CONTROLLERS[name].title} is not told that the backend speaks gRPC`,
    }),
  ];
}

/** An HTTPRoute speaks HTTP/1.1 to a port that does not say otherwise. Source: Gateway API, GEP-1911. */
function onRoute({ resource, listeners }: Entry, path: EntryPath, view: ManifestView): Finding[] {
  const { service } = path.backend;
  const port = portOf(path.backend);
  if (resource.kind !== 'HTTPRoute' || !service || !port) return [];
  const target = { ingress: resource, service, port };
  const isIstio = listeners.some(
    ({ gateway }) => implementationOf(gateway, view.resources) === 'istio',
  );
  const isTold =
    appProtocolOf(service, port) === 'kubernetes.io/h2c' ||
    GRPC_WAYS.contour.some((way) => way.holds(target)) ||
    (isIstio && GRPC_WAYS.istio.some((way) => way.holds(target)));
  if (isTold) return [];
  const position = servicePorts(service).indexOf(
    servicePorts(service).find((candidate) => candidate.port === port.port) ?? port,
  );
  return [
    finding('grpc-over-http1', {
      resource: service,
      path: `spec.ports[${Math.max(position, 0)}].appProtocol`,
      message: `port ${port.port} does not say that it speaks HTTP/2, and ${resource.kind} ${resource.name} sends HTTP/1.1 to it`,
      mend: 'set `appProtocol: kubernetes.io/h2c` on the port',
    }),
  ];
}

/** What the table knows that no mark can change, where TLS ends as it does here. */
export function refusalOf({ controllers, tlsPlace }: Entry) {
  const refusals = controllers.map((name) =>
    CONTROLLERS[name].limits?.find(
      ({ severity, role, places }) =>
        severity === 'error' &&
        role === 'api' &&
        tlsPlace !== 'none' &&
        (places?.includes(tlsPlace) ?? true),
    ),
  );
  return refusals.every(Boolean) ? refusals[0] : undefined;
}

function carries(name: ControllerName, target: GrpcTarget): boolean {
  return FOLLOWS_CLIENT.includes(name) || GRPC_WAYS[name].some((way) => way.holds(target));
}

function titleOf(controllers: readonly ControllerName[]): string {
  return controllers.map((name) => CONTROLLERS[name].title).join(' or ');
}

function placeOf(name: ControllerName): string | undefined {
  const [way] = GRPC_WAYS[name];
  if (!way) return undefined;
  return way.key.includes('/') ? `metadata.annotations[${way.key}]` : `spec.ports (${way.key})`;
}

/** The function's own marks, which are the shortest way. */
function mendOf(name: ControllerName, { service, port }: GrpcTarget): string | undefined {
  const { grpc } = CONTROLLERS[name];
  const fill = (value: string) =>
    value.replaceAll('{service}', service.name).replaceAll('{port}', String(port?.port));
  const marks = [
    ...Object.entries(grpc?.ingress ?? {}).map((mark) => [...mark, 'the Ingress'] as const),
    ...Object.entries(grpc?.service ?? {}).map(
      (mark) => [...mark, `Service ${service.name}`] as const,
    ),
  ].map(([key, value, where]) => `annotate ${where} with \`${key}: ${fill(value)}\``);
  if (grpc?.appProtocol) marks.push(`set \`appProtocol: ${grpc.appProtocol}\` on the port`);
  return marks.length > 0 ? marks.join(', and ') : undefined;
}

const grpcMarkOnApp: Search = (view) =>
  view.entries
    .filter(({ form, roles }) => form === 'ingress' && (roles.has('envoy') || roles.has('ui')))
    .flatMap((entry) => {
      const found = entry.paths
        .filter(({ role }) => role === 'envoy' || role === 'ui')
        .flatMap((path) => markOn(entry, path, view));
      return found.slice(0, 1);
    });

function markOn(entry: Entry, { backend, role }: EntryPath, view: ManifestView): Finding[] {
  const service = backend.service ?? entry.resource;
  const target = { ingress: entry.resource, service, port: portOf(backend) };
  const way = entry.controllers
    .flatMap((name) => GRPC_WAYS[name])
    // A port's own protocol is no mark of the entry.
    .filter(({ key }) => key.includes('/'))
    .find((candidate) => candidate.holds(target));
  if (!way) return [];
  // HTTP/2 of any kind is something that Envoy understands, unless it was told not to.
  const isHarmless = way.says === 'h2' && role === 'envoy' && !speaksHttp1Only(view);
  const resource = way.on === 'ingress' ? entry.resource : service;
  return [
    finding('grpc-mark-on-app', {
      resource,
      path: `metadata.annotations[${way.key}]`,
      severity: isHarmless ? 'warning' : undefined,
      message: `${backend.name}, which serves the app, is marked as a gRPC backend`,
      mend: entry.roles.has('api')
        ? 'give the API an Ingress of its own, and leave the mark there'
        : `take \`${way.key}\` away`,
    }),
  ];
}

function speaksHttp1Only({ envoys }: ManifestView): boolean {
  return envoys
    .flatMap((target) => connectionManagers(jsonOf(target)))
    .some(({ value }) => value['codec_type'] === 'HTTP1');
}

export const GRPC_CHECKS: readonly Search[] = [grpcOverHttp1, grpcMarkOnApp];
