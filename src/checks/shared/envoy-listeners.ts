/**
 * Connections that Envoy's listener does not understand.
 *
 * Sources: Envoy's `HttpConnectionManager.codec_type` and `ProxyProtocol`; HAProxy Ingress, "proxy-protocol"; haproxytech, `send-proxy-protocol`;
 * AWS, "Enable proxy protocol"; that ingress-nginx, Contour and Traefik's Ingresses send no PROXY header to backends is in their annotations.
 */
import { CONTROLLERS } from '../../controllers/index.ts';
import {
  boundAddress,
  type Located,
  listenerOf,
  objectsIn,
  portOf,
} from '../../envoy/bootstrap.ts';
import { chainOf, codecOf, proxyHeaderAt, tlsContextOf } from '../../envoy/listeners.ts';
import { isTrue } from '../../envoy/proto-json.ts';
import type { Resource } from '../../manifests/resource.ts';
import { servicePort } from '../../manifests/service.ts';
import { isToldTls } from '../../surface/backend-tls.ts';
import type { Entry, EntryPath } from '../../surface/entry.ts';
import { type ApiManager, apiManagers } from '../../surface/envoy-api.ts';
import { targetOf } from '../../surface/envoy-service.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { implementationOf } from '../../surface/gateway-class.ts';
import { isToldGrpc } from '../../surface/grpc-backend.ts';
import { once } from '../../surface/once.ts';
import { jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, strings } from '../../yaml/json.ts';

/** Of all listeners that serve the API, and of entries that send a header which nothing behind them expects. */
export const listenerFaults = once((surface): Fault[] => [
  ...apiManagers(surface).flatMap((api) => [
    ...onCodec(api, surface),
    ...onTls(api),
    ...onMissingHeader(api, surface),
    ...onOldHttp(api, surface),
  ]),
  ...onIpv6Alone(surface),
  ...onSentHeader(surface),
]);

/** Source: Envoy's `SocketAddress.ipv4_compat`: without it a listener on `::` takes IPv6 alone. */
function onIpv6Alone(surface: Surface): Fault[] {
  if (surface.envoyServices.some(hasIpv6)) return [];
  return surface.envoys.flatMap((target) => {
    const managers = apiManagers(surface).filter((api) => api.target === target);
    const listeners = managers.flatMap(({ manager }) => listenerOf(jsonOf(target), manager) ?? []);
    const places = new Map(listeners.map((one) => [one.path.join('.'), one]));
    return [...places.values()]
      .filter((one) => [one, ...objectsIn(one, ['additional_addresses'])].every(isIpv6Alone))
      .map(({ path }) =>
        inDocument(target, [...path, 'address', 'socket_address', 'address'], {
          severity: 'warning',
          message:
            'the listener is bound to :: without `ipv4_compat`, and takes IPv6 alone: where pods have IPv4 addresses nothing reaches it',
          fix: 'add `ipv4_compat: true`, or write `0.0.0.0`',
        }),
      );
  });
}

function isIpv6Alone(bound: Located): boolean {
  const isAny = /^\[?(?:::|(?:0:){7}0)\]?$/.test(boundAddress(bound) ?? '');
  return isAny && !isTrue(getIn(bound.value, ['address', 'socket_address', 'ipv4_compat']));
}

function hasIpv6({ json }: Resource): boolean {
  return strings(getIn(json, ['spec', 'ipFamilies'])).includes('IPv6');
}

interface Way {
  entry: Entry;
  path: EntryPath;
}

/** The paths of entries that lead to a manager. */
function waysTo({ target, manager }: ApiManager, surface: Surface): Way[] {
  const listens = portOf(listenerOf(jsonOf(target), manager)?.value ?? {});
  return surface.entriesOf('envoy').flatMap((entry) =>
    entry.paths
      .filter(({ role, isGuess, backend: { service, port } }) => {
        const own = service && servicePort(service, port);
        const isHere = own !== undefined && targetOf(own, surface.envoyPods) === listens;
        return role === 'envoy' && !isGuess && isHere;
      })
      .map((path) => ({ entry, path })),
  );
}

/** Undefined where that is up to the client, to TLS, or to a program that is not known. */
function spokenBy({ entry, path }: Way, surface: Surface): 'HTTP/1.1' | 'HTTP/2' | undefined {
  const { manifests } = surface;
  if (entry.tlsPlace === 'envoy' || isToldTls(entry, path, surface)) return undefined;
  if (isToldGrpc(entry, path, manifests)) return 'HTTP/2';
  if (entry.form === 'route')
    return entry.listeners.some(({ gateway }) => implementationOf(gateway, manifests))
      ? 'HTTP/1.1'
      : undefined;
  const [name, ...others] = entry.controllers;
  if (name === undefined || others.length > 0) return undefined;
  return CONTROLLERS[name].followsClient ? undefined : 'HTTP/1.1';
}

function onCodec(api: ApiManager, surface: Surface): Fault[] {
  const { target, manager } = api;
  const taken = codecOf(manager);
  if (taken === undefined || tlsContextOf(chainOf(jsonOf(target), manager))) return [];
  const wrong = waysTo(api, surface).find((way) => {
    const spoken = spokenBy(way, surface);
    // A mark of the entry itself has a finding of its own.
    const isMarked = way.entry.form === 'ingress' && spoken === 'HTTP/2';
    return spoken !== undefined && spoken !== taken && !(isMarked && !isOfPort(way));
  });
  if (!wrong) return [];
  const { kind, name } = wrong.entry.resource;
  const spoken = taken === 'HTTP/2' ? 'HTTP/1.1' : 'HTTP/2';
  return [
    inDocument(target, [...manager.path, 'codec_type'], {
      message: `the listener takes ${taken} alone, and ${kind} ${name} speaks ${spoken} to it`,
      fix: 'write `codec_type: AUTO`',
    }),
  ];
}

function isOfPort({ path: { backend } }: Way): boolean {
  const { service, port } = backend;
  return Boolean(service && servicePort(service, port)?.appProtocol);
}

/** A client that TLS has offered HTTP/2 speaks it. */
function onTls({ target, manager }: ApiManager): Fault[] {
  const context = tlsContextOf(chainOf(jsonOf(target), manager));
  const offered = getIn(context?.value, ['alpn_protocols']);
  const isOffered = Array.isArray(offered) && offered.includes('h2');
  if (codecOf(manager) !== 'HTTP/1.1' || !isOffered) return [];
  return [
    inDocument(target, [...manager.path, 'codec_type'], {
      message:
        'the listener takes HTTP/1.1 alone, and its TLS offers h2, which browsers and gRPC clients take',
      fix: 'write `codec_type: AUTO`',
    }),
  ];
}

const HTTP_VERSION = 'nginx.ingress.kubernetes.io/proxy-http-version';

/** Envoy answers 426 to HTTP/1.0. Sources: its `Http1ProtocolOptions.accept_http_10`; ingress-nginx, "Proxy HTTP version". */
function onOldHttp(api: ApiManager, surface: Surface): Fault[] {
  const isTaken = isTrue(getIn(api.manager.value, ['http_protocol_options', 'accept_http_10']));
  const found = waysTo(api, surface)
    .filter(({ entry: { controllers } }) => controllers.includes('ingress-nginx'))
    .map(({ entry }) => entry.resource)
    .filter((resource) => resource.annotation(HTTP_VERSION) === '1.0');
  return isTaken
    ? []
    : [...new Set(found)].map((resource) => ({
        resource,
        path: `metadata.annotations[${HTTP_VERSION}]`,
        message: 'nginx speaks HTTP/1.0 to Envoy, which answers every request with 426',
        fix: `take \`${HTTP_VERSION}\` away: 1.1 is the default`,
      }));
}

const HEADER = /proxy-?protocol/i;
/** Resources by which a proxy may be told to send it. */
const TELLING = [
  'ServersTransportTCP',
  'IngressRouteTCP',
  'BackendTrafficPolicy',
  'EnvoyFilter',
  'TransportServer',
];

function isTold({ annotations }: Resource): boolean {
  return Object.entries(annotations).some(
    ([key, value]) =>
      HEADER.test(`${key} ${asText(value)}`) && !/^(?:false|no|)$/i.test(asText(value)),
  );
}

function onMissingHeader(api: ApiManager, surface: Surface): Fault[] {
  const { target, manager } = api;
  const listener: Located | undefined = listenerOf(jsonOf(target), manager);
  if (!listener || proxyHeaderAt(listener) !== 'needed') return [];
  const words = ['proxyProtocol', 'proxy_protocol', 'ProxyProtocol'];
  if (surface.manifests.find(TELLING, words).length > 0) return [];
  const ways = waysTo(api, surface);
  const senders = [...ways.map(({ entry }) => entry.resource), ...surface.envoyServices];
  if (senders.some(isTold)) return [];
  const [way] = ways;
  // Beside the listener that entries use, one may be there for a load balancer that is not here.
  if (!way && apiManagers(surface).length > 1) return [];
  const isSure = way?.entry.form === 'ingress' && way.entry.controllers.length > 0;
  const who = way && `${way.entry.resource.kind} ${way.entry.resource.name}`;
  return [
    inDocument(target, [...listener.path, 'listener_filters'], {
      severity: isSure ? undefined : 'warning',
      message: `the listener waits for a header of the PROXY protocol, and ${who ? `${who} is not told to send one` : 'nothing here shows who sends one'}`,
      fix: 'take the filter away, or set `allow_requests_without_proxy_protocol: true`',
    }),
  ];
}

/** Annotations by which a header is sent to the backend itself. */
const SENDING =
  /^(?:haproxy\.org\/send-proxy-protocol|haproxy-ingress\.github\.io\/proxy-protocol)$/;

function onSentHeader(surface: Surface): Fault[] {
  const understood = apiManagers(surface).some(({ target, manager }) => {
    const listener = listenerOf(jsonOf(target), manager);
    return listener && proxyHeaderAt(listener) !== undefined;
  });
  const found = surface.entries
    .filter(({ form }) => form === 'ingress')
    .flatMap(({ resource, paths }) =>
      paths
        .filter(({ role, isGuess }) => role && !isGuess && !(role === 'envoy' && understood))
        .flatMap(({ backend }) => [resource, ...(backend.service ? [backend.service] : [])]),
    );
  return [...new Set(found)].flatMap((resource) =>
    Object.entries(resource.annotations)
      .filter(([key, value]) => SENDING.test(key) && /^(?:proxy|v\d)/.test(asText(value)))
      .map(([key]) => ({
        resource,
        path: `metadata.annotations[${key}]`,
        message: 'a header of the PROXY protocol is sent to the backend, which expects none',
        fix: `take \`${key}\` away`,
      })),
  );
}
