/**
 * Every way in which a controller can be told that a backend speaks gRPC: more than the one that the function writes, because
 * manifests of others may use any.
 *
 * Sources: those of `src/controllers/`, and the annotation pages named there.
 */

import type { Resource } from '../manifests/resource.ts';
import { type ServicePort, servicePorts } from '../manifests/service.ts';
import { getIn } from '../yaml/json.ts';
import type { ControllerName } from './index.ts';

/** What a way is looked for on. */
export interface GrpcTarget {
  ingress: Resource;
  service: Resource;
  port: ServicePort | undefined;
}

export interface GrpcWay {
  /** Where the mark stands: for the message, and to say what has to change. */
  on: 'ingress' | 'service';
  /** The annotation, or the field of the Service's port. */
  key: string;
  /** Whether the mark says gRPC, or HTTP/2 of any kind. */
  says: 'grpc' | 'h2';
  /** Whether it holds for this backend. */
  holds(target: GrpcTarget): boolean;
}

const annotationOf = ({ json }: Resource, key: string): string => {
  const value = getIn(json, ['metadata', 'annotations', key]);
  return typeof value === 'string' ? value.trim() : '';
};

const words = (text: string): string[] => text.split(',').map((word) => word.trim());

function annotation(
  on: GrpcWay['on'],
  key: string,
  says: GrpcWay['says'],
  test: (value: string, target: GrpcTarget) => boolean,
): GrpcWay {
  return { on, key, says, holds: (target) => test(annotationOf(target[on], key), target) };
}

const isOneOf =
  (...values: string[]) =>
  (value: string): boolean =>
    values.includes(value.toLowerCase());

const listsPort = (value: string, { port }: GrpcTarget): boolean =>
  port !== undefined &&
  words(value).some((word) => word === String(port.port) || word === port.name);

const appProtocol = (...values: string[]): GrpcWay => ({
  on: 'service',
  key: 'appProtocol',
  says: values.includes('grpc') ? 'grpc' : 'h2',
  holds: ({ service, port }) => values.includes(appProtocolOf(service, port)),
});

/** `appProtocol` of a Service's port; empty where there is none. */
export function appProtocolOf(service: Resource, port: ServicePort | undefined): string {
  const position = servicePorts(service).findIndex((candidate) => candidate.port === port?.port);
  const value = getIn(service.json, ['spec', 'ports', position, 'appProtocol']);
  return typeof value === 'string' ? value : '';
}

/** Any one of the ways is enough. None for a controller that needs no mark, or that has no way at all. */
export const GRPC_WAYS: Readonly<Record<ControllerName, readonly GrpcWay[]>> = {
  'ingress-nginx': [
    annotation(
      'ingress',
      'nginx.ingress.kubernetes.io/backend-protocol',
      'grpc',
      isOneOf('grpc', 'grpcs'),
    ),
  ],
  'nginx-inc': [
    annotation('ingress', 'nginx.org/grpc-services', 'grpc', (value, { service }) =>
      words(value).includes(service.name),
    ),
  ],
  traefik: [
    annotation(
      'service',
      'traefik.ingress.kubernetes.io/service.serversscheme',
      'h2',
      isOneOf('h2c', 'https'),
    ),
  ],
  contour: [
    annotation('service', 'projectcontour.io/upstream-protocol.h2c', 'h2', listsPort),
    annotation('service', 'projectcontour.io/upstream-protocol.h2', 'h2', listsPort),
    appProtocol('kubernetes.io/h2c'),
  ],
  haproxy: [
    annotation('service', 'haproxy.org/server-proto', 'h2', isOneOf('h2')),
    annotation('ingress', 'haproxy.org/server-proto', 'h2', isOneOf('h2')),
  ],
  'haproxy-ingress': [
    annotation(
      'service',
      'haproxy-ingress.github.io/backend-protocol',
      'h2',
      isOneOf('h2', 'h2-ssl', 'grpc', 'grpcs'),
    ),
    annotation(
      'ingress',
      'haproxy-ingress.github.io/backend-protocol',
      'h2',
      isOneOf('h2', 'h2-ssl', 'grpc', 'grpcs'),
    ),
  ],
  alb: [
    annotation(
      'ingress',
      'alb.ingress.kubernetes.io/backend-protocol-version',
      'grpc',
      isOneOf('grpc', 'http2'),
    ),
    annotation(
      'service',
      'alb.ingress.kubernetes.io/backend-protocol-version',
      'grpc',
      isOneOf('grpc', 'http2'),
    ),
  ],
  gke: [],
  istio: [
    appProtocol('grpc', 'grpc-web', 'http2', 'kubernetes.io/h2c'),
    {
      on: 'service',
      key: 'name of the port',
      says: 'grpc',
      holds: ({ port }) => /^(?:grpc|http2)(?:-|$)/.test(port?.name ?? ''),
    },
  ],
  kong: [annotation('service', 'konghq.com/protocol', 'grpc', isOneOf('grpc', 'grpcs'))],
  cilium: [],
};

/** Controllers that speak to a backend as the client speaks to them. Source: `src/controllers/cilium.ts`. */
export const FOLLOWS_CLIENT: readonly ControllerName[] = ['cilium'];
