import {
  appProtocolOf,
  FOLLOWS_CLIENT,
  GRPC_WAYS,
  type GrpcTarget,
} from '../controllers/grpc-ways.ts';
import { CONTROLLERS, type ControllerName } from '../controllers/index.ts';
import type { Entry, EntryPath } from '../surface/entry.ts';
import { implementationOf } from '../surface/gateway-class.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn } from '../yaml/json.ts';
import type { Check, FindingDetails } from './check.ts';
import { placeOfPort, portOf } from './shared/backend-port.ts';
import { envoyOverHttp1 } from './shared/envoy-http1.ts';
import { refusalOf } from './shared/grpc-refusal.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'The API entry or Envoy speaks HTTP/1.1 to the gRPC backend',
  why: 'gRPC needs HTTP/2 from end to end. Controllers, and Envoy, open HTTP/1.1 connections unless they are told otherwise, and every call fails with 502 or UNAVAILABLE.',
  mend: "put the controller's own mark for a gRPC backend on the Ingress or on the Service, whichever it reads; give Envoy's cluster `http2_protocol_options`",
  find: (view) => [
    ...view.entriesOf('api').flatMap((entry) => onEntry(entry, view)),
    ...envoyOverHttp1(view),
  ],
};

function onEntry(entry: Entry, view: Surface): FindingDetails[] {
  const paths = entry.paths.filter(({ role }) => role === 'api');
  const found = paths.flatMap((path) =>
    entry.form === 'ingress' ? onIngress(entry, path) : onRoute(entry, path, view),
  );
  // Two hosts of one entry lack the same mark.
  return found.slice(0, 1);
}

function onIngress(entry: Entry, { backend }: EntryPath): FindingDetails[] {
  const { controllers, resource, tlsPlace } = entry;
  const [first] = controllers;
  if (first === undefined || tlsPlace === 'envoy') return [];
  const refusal = refusalOf(entry);
  if (refusal) return [{ resource, message: refusal.message, mend: refusal.mend }];
  const { service } = backend;
  if (!service) return onlyIngressMarks(entry, first);
  const target = { ingress: resource, service, port: portOf(backend) };
  if (controllers.some((name) => carries(name, target))) return [];
  const { grpc } = CONTROLLERS[first];
  const isOnIngress = grpc?.ingress !== undefined;
  return [
    {
      resource: isOnIngress ? resource : service,
      path: placeOf(first),
      message: `${titleOf(controllers)} is not told that ${service.name} speaks gRPC, and speaks HTTP/1.1 to it`,
      mend: mendOf(first, target),
    },
  ];
}

/** A Service that is missing has a finding of its own; marks on the Ingress can be seen all the same. */
function onlyIngressMarks({ resource }: Entry, name: ControllerName): FindingDetails[] {
  const ways = GRPC_WAYS[name];
  if (ways.length === 0 || ways.some(({ on }) => on === 'service')) return [];
  const isMarked = ways.some(
    ({ key }) => getIn(resource.json, ['metadata', 'annotations', key]) !== undefined,
  );
  if (isMarked) return [];
  return [
    {
      resource,
      path: placeOf(name),
      message: `${CONTROLLERS[name].title} is not told that the backend speaks gRPC`,
    },
  ];
}

/** An HTTPRoute speaks HTTP/1.1 to a port that does not say otherwise. Source: Gateway API, GEP-1911. */
function onRoute({ resource, listeners }: Entry, path: EntryPath, view: Surface): FindingDetails[] {
  const { service } = path.backend;
  const port = portOf(path.backend);
  if (resource.kind !== 'HTTPRoute' || !service || !port) return [];
  const target = { ingress: resource, service, port };
  const isIstio = listeners.some(
    ({ gateway }) => implementationOf(gateway, view.manifests) === 'istio',
  );
  const isTold =
    appProtocolOf(service, port) === 'kubernetes.io/h2c' ||
    GRPC_WAYS.contour.some((way) => way.holds(target)) ||
    (isIstio && GRPC_WAYS.istio.some((way) => way.holds(target)));
  if (isTold) return [];
  return [
    {
      resource: service,
      path: `${placeOfPort(service, port)}.appProtocol`,
      message: `port ${port.port} does not say that it speaks HTTP/2, and ${resource.kind} ${resource.name} sends HTTP/1.1 to it`,
      mend: 'set `appProtocol: kubernetes.io/h2c` on the port',
    },
  ];
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
