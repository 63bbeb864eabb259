/** Whether an entry is told that what it leads to speaks gRPC. The check and the traffic map both ask here. */
import { CONTROLLERS, type ControllerName } from '../controllers/index.ts';
import { GATEWAY_IMPLEMENTATIONS } from '../controllers/shared/gateways.ts';
import { type GrpcTarget, grpcMarks, speaksGrpc } from '../controllers/shared/grpc.ts';
import type { Manifests } from '../manifests/manifests.ts';
import type { Backend, Entry, EntryPath } from './entry.ts';
import { implementationOf } from './gateway-class.ts';

/** A backend as the marks of controllers are looked for on it. */
export function grpcTarget({ resource }: Entry, { service, name, port }: Backend): GrpcTarget {
  return { ingress: resource.json, service: service?.json, name, port };
}

/** Of controllers that may be in use, one that is told is enough. */
export function isToldGrpc(
  entry: Entry,
  { backend, role }: EntryPath,
  manifests: Manifests,
): boolean {
  if (entry.resource.kind === 'GRPCRoute') return true;
  const target = grpcTarget(entry, backend);
  const names = entry.form === 'ingress' ? entry.controllers : routeReaders(entry, manifests);
  return names
    .map((name) => CONTROLLERS[name])
    .some(
      // Browsers speak no gRPC that a controller could pass on.
      (one) => (role === 'api' ? speaksGrpc(one, target) : grpcMarks(one, target).length > 0),
    );
}

/**
 * The controllers whose marks on a Service hold for a route. Contour's always: among them is `appProtocol: kubernetes.io/h2c`, which every
 * implementation reads. Those of all where the Gateway is made elsewhere. Source: Gateway API, GEP-1911.
 */
function routeReaders(
  { listeners, hasForeignGateway }: Entry,
  manifests: Manifests,
): ControllerName[] {
  const known = hasForeignGateway
    ? GATEWAY_IMPLEMENTATIONS
    : listeners.flatMap(({ gateway }) => implementationOf(gateway, manifests) ?? []);
  return ['contour', ...known.flatMap(({ ingressController }) => ingressController ?? [])];
}
