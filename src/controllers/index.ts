/** Every Ingress controller of the config's `controller`. */
import type { IngressEntry } from '../config/generated/domain-config.ts';
import { ALB } from './alb.ts';
import { CILIUM } from './cilium.ts';
import { CONTOUR } from './contour.ts';
import type { Controller, Marks } from './controller.ts';
import { GKE } from './gke.ts';
import { HAPROXY } from './haproxy.ts';
import { HAPROXY_INGRESS } from './haproxy-ingress.ts';
import { INGRESS_NGINX } from './ingress-nginx.ts';
import { ISTIO } from './istio.ts';
import { KONG } from './kong.ts';
import { NGINX_INC } from './nginx-inc.ts';
import { REDIRECT_MARKS } from './redirect-marks.ts';
import { TRAEFIK } from './traefik.ts';

export type ControllerName = NonNullable<IngressEntry['controller']>;

export const CONTROLLERS: Readonly<Record<ControllerName, Controller>> = {
  'ingress-nginx': INGRESS_NGINX,
  'nginx-inc': NGINX_INC,
  traefik: TRAEFIK,
  contour: CONTOUR,
  haproxy: HAPROXY,
  'haproxy-ingress': HAPROXY_INGRESS,
  alb: ALB,
  gke: GKE,
  istio: ISTIO,
  kong: KONG,
  cilium: CILIUM,
};

export interface KnownMarks {
  /** Keys of annotations. Several controllers read one key on an Ingress and on a Service: there is one set for both. */
  annotations: ReadonlySet<string>;
  /** Values of `appProtocol`. */
  appProtocols: ReadonlySet<string>;
}

/** The groups of marks that a controller has. */
export function marksOf(controller: Controller): Marks[] {
  const { both, grpc, web, timeouts, tls } = controller;
  return [both, timeouts, web, ...Object.values(tls), grpc].filter((marks) => marks !== undefined);
}

const ALL_MARKS = Object.values(CONTROLLERS).flatMap(marksOf);

const KNOWN: KnownMarks = {
  annotations: new Set([
    ...ALL_MARKS.flatMap(({ ingress, service }) => Object.keys({ ...ingress, ...service })),
    ...Object.keys(REDIRECT_MARKS),
  ]),
  appProtocols: new Set(ALL_MARKS.flatMap(({ appProtocol }) => appProtocol ?? [])),
};

/** Everything that this table may have written: what is stale when another controller takes over. Any other annotation is the user's. */
export function knownMarks(): KnownMarks {
  return KNOWN;
}

/** Titles of the controllers that pass TLS through to Envoy with an Ingress. */
export function passThroughTitles(): string[] {
  return Object.values(CONTROLLERS)
    .filter(({ tls }) => tls.envoy !== undefined)
    .map(({ title }) => title);
}
