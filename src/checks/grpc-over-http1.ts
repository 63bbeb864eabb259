import { CONTROLLERS, type ControllerName } from '../controllers/index.ts';
import { clustersOfRoute } from '../envoy/bootstrap.ts';
import { chainOf, tlsContextOf } from '../envoy/listeners.ts';
import { isEnum } from '../envoy/proto-json.ts';
import { followsClients, negotiatesWithoutTls, speaksHttp2 } from '../envoy/upstreams.ts';
import { servicePort } from '../manifests/service.ts';
import { apiEndsTls } from '../surface/api-tls.ts';
import { isToldTls } from '../surface/backend-tls.ts';
import type { Backend, Entry, EntryPath } from '../surface/entry.ts';
import { envoyApi } from '../surface/envoy-api.ts';
import { isCrossed } from '../surface/faults/entry-host.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { implementationOf } from '../surface/gateway-class.ts';
import { isToldGrpc } from '../surface/grpc-backend.ts';
import { leftMarks } from '../surface/left-marks.ts';
import { type DocumentTarget, jsonOf } from '../surface/parts.ts';
import { redirectsAll } from '../surface/redirects.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, type JsonObject } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { refusalOf } from './shared/grpc-refusal.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'The API entry or Envoy speaks HTTP/1.1 to the gRPC backend',
  why: 'gRPC needs HTTP/2 from end to end. Controllers, and Envoy, open HTTP/1.1 connections unless they are told otherwise, and every call fails with 502 or UNAVAILABLE.',
  fix: "put the controller's own mark for a gRPC backend on the Ingress or on the Service, whichever it reads; give Envoy's cluster `http2_protocol_options`",
  find: (surface) => [
    ...surface.entriesOf('api').flatMap((entry) => onEntry(entry, surface)),
    ...surface.envoys.flatMap((target) => inEnvoy(target, surface)),
  ],
};

function onEntry(entry: Entry, surface: Surface): Fault[] {
  if (redirectsAll(entry, surface.manifests) || isCrossed(entry, surface)) return [];
  const paths = entry.paths.filter(({ role }) => role === 'api');
  const found = paths.flatMap((path) =>
    entry.form === 'ingress' ? onIngress(entry, path, surface) : onRoute(entry, path, surface),
  );
  // Two hosts of one entry lack the same mark.
  return found.slice(0, 1);
}

function onIngress(entry: Entry, path: EntryPath, surface: Surface): Fault[] {
  const { controllers, resource, tlsPlace } = entry;
  const [first] = controllers;
  if (first === undefined || tlsPlace === 'envoy' || leftMarks(entry, surface)) return [];
  const refusal = refusalOf(entry);
  if (refusal) return [{ resource, message: refusal.message, fix: refusal.fix }];
  if (isToldGrpc(entry, path, surface.manifests)) return [];
  const { service } = path.backend;
  const { grpc, grpcWays = [], title } = CONTROLLERS[first];
  if (service) {
    const titles = controllers.map((name) => CONTROLLERS[name].title).join(' or ');
    return [
      {
        resource: grpc?.ingress ? resource : service,
        path: placeOf(first),
        message: `${titles} is not told that ${service.name} speaks gRPC, and speaks HTTP/1.1 to it`,
        fix: fixOf(
          first,
          path.backend,
          service !== undefined && apiEndsTls(service, surface, path.backend.port),
        ),
      },
    ];
  }
  // A Service that is missing has a finding of its own; marks on the Ingress can be seen all the same.
  if (grpcWays.length === 0 || grpcWays.some(({ on }) => on !== 'ingress')) return [];
  const message = `${title} is not told that the backend speaks gRPC`;
  return [{ resource, path: placeOf(first), message }];
}

/**
 * An HTTPRoute speaks HTTP/1.1 to a port that does not say otherwise; with TLS the two agree on HTTP/2 by themselves. Source: Gateway API,
 * GEP-1911.
 */
function onRoute(entry: Entry, path: EntryPath, surface: Surface): Fault[] {
  const { resource, listeners } = entry;
  const { service } = path.backend;
  const port = service && servicePort(service, path.backend.port);
  if (resource.kind !== 'HTTPRoute' || !service || !port) return [];
  const { manifests } = surface;
  if (isToldGrpc(entry, path, manifests) || isToldTls(entry, path, surface)) return [];
  // Which marks are read is up to a program that cannot be seen from here.
  const isSeen = listeners.some(({ gateway }) => implementationOf(gateway, manifests));
  return [
    {
      resource: service,
      path: `spec.ports[${port.index}].appProtocol`,
      severity: isSeen ? undefined : 'warning',
      message: `port ${port.port} does not say that it speaks HTTP/2, and ${resource.kind} ${resource.name} sends HTTP/1.1 to it${isSeen ? '' : ', unless its Gateway, which is not known here, tells by other signs'}`,
      fix: 'set `appProtocol: kubernetes.io/h2c` on the port',
    },
  ];
}

function placeOf(name: ControllerName): string | undefined {
  const [way] = CONTROLLERS[name].grpcWays ?? [];
  if (!way) return undefined;
  return way.on === 'port' ? `spec.ports (${way.key})` : `metadata.annotations[${way.key}]`;
}

/** The function's own marks, which are the shortest way. */
function fixOf(controller: ControllerName, backend: Backend, isTls: boolean): string | undefined {
  const { grpc: plain, grpcTls } = CONTROLLERS[controller];
  const grpc = isTls ? grpcTls : plain;
  const { name, service } = backend;
  const port = service && servicePort(service, backend.port)?.port;
  const fill = (value: string) =>
    value.replaceAll('{service}', name).replaceAll('{port}', String(port));
  const marks = [
    ...Object.entries(grpc?.ingress ?? {}).map((mark) => [...mark, 'the Ingress'] as const),
    ...Object.entries(grpc?.service ?? {}).map((mark) => [...mark, `Service ${name}`] as const),
  ].map(([key, value, where]) => `annotate ${where} with \`${key}: ${quoted(fill(value))}\``);
  if (grpc?.appProtocol) marks.push(`set \`appProtocol: ${grpc.appProtocol}\` on the port`);
  return marks.length > 0 ? marks.join(', and ') : undefined;
}

/** Clusters of the API that Envoy speaks HTTP/1.1 to: gRPC-Web becomes gRPC there, which HTTP/1.1 cannot carry. */
function inEnvoy(target: DocumentTarget, surface: Surface): Fault[] {
  const { clusters, managers } = envoyApi(target, surface);
  const routes = managers.flatMap(({ hosts }) => hosts.flatMap((host) => host.routes));
  const used = new Set(routes.flatMap(({ value }) => clustersOfRoute(value)));
  return clusters
    .filter(({ value }) => used.has(asText(value['name'])) && !speaksHttp2(value))
    .flatMap(({ path, value }) => {
      const fault = followsClients(value)
        ? followingFault(target, value, surface)
        : {
            message: negotiatesWithoutTls(value)
              ? `cluster ${asText(value['name'])} has \`auto_config\`, which needs TLS to negotiate the protocol, and it speaks plain text: Envoy does not start`
              : `cluster ${asText(value['name'])} does not say that the API server speaks HTTP/2, and Envoy speaks HTTP/1.1 to it`,
          };
      if (!fault) return [];
      const place = [...path, 'typed_extension_protocol_options'];
      return [inDocument(target, place, { ...fault, fix: EXPLICIT })];
    });
}

const EXPLICIT =
  'set `explicit_http_config: {http2_protocol_options: {}}` in `typed_extension_protocol_options["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"]` of the cluster';

/** A cluster that speaks as clients do: it is HTTP/2 where the listener takes nothing else, or whoever is in front of it speaks that. */
function followingFault(
  target: DocumentTarget,
  cluster: JsonObject,
  surface: Surface,
): Fault | undefined {
  const root = jsonOf(target);
  const name = asText(cluster['name']);
  const clients = envoyApi(target, surface).managers.map(({ manager }) => {
    const codec = manager.value['codec_type'];
    if (isEnum(codec, 'HTTP2', 2) || isEnum(codec, 'HTTP3', 3)) return 'HTTP/2';
    if (isEnum(codec, 'HTTP1', 1)) return 'HTTP/1.1';
    const alpn = getIn(tlsContextOf(chainOf(root, manager))?.value, ['alpn_protocols']);
    return Array.isArray(alpn) && alpn.includes('h2') ? 'HTTP/2' : 'any';
  });
  if (clients.includes('HTTP/1.1'))
    return {
      message: `cluster ${name} speaks to the API server as clients speak to Envoy, and the listener takes HTTP/1.1 alone`,
    };
  if (!clients.includes('any')) return undefined;
  const ways = surface
    .entriesOf('envoy')
    .flatMap((entry) =>
      entry.paths.filter(({ role }) => role === 'envoy').map((path) => ({ entry, path })),
    );
  const isTold = ways.every(({ entry, path }) => isToldGrpc(entry, path, surface.manifests));
  if (ways.length > 0 && isTold) return undefined;
  return {
    severity: 'warning',
    message: `cluster ${name} speaks to the API server as clients speak to Envoy: calls that come to Envoy by HTTP/1.1 fail`,
  };
}

/** Annotations are strings. */
function quoted(value: string): string {
  return /^(?:\d+|true|false)$/i.test(value) ? `"${value}"` : value;
}
