/** Whether a controller is told that a backend speaks gRPC. */
import { asText, getIn, type JsonObject, list } from '../../yaml/json.ts';
import type { Controller, GrpcWay } from '../controller.ts';

/** A backend, and where marks for it may stand. */
export interface GrpcTarget {
  /** The Ingress, or the route. */
  ingress: JsonObject;
  /** Undefined where it is not in the stream. */
  service: JsonObject | undefined;
  /** Of the Service. */
  name: string;
  /** Its port, by number or by name. */
  port: number | string | undefined;
}

/** Whether the controller carries calls of gRPC clients to the backend as gRPC: by a mark, or because it speaks as they do. */
export function speaksGrpc(controller: Controller, target: GrpcTarget): boolean {
  return controller.followsClient === true || grpcMarks(controller, target).length > 0;
}

/** The marks that say so. */
export function grpcMarks(
  { grpcWays = [], portProtocolWins }: Controller,
  target: GrpcTarget,
): GrpcWay[] {
  const isPortAlone = portProtocolWins && Boolean(portOf(target)?.['appProtocol']);
  return grpcWays.filter((way) => !(isPortAlone && way.on === 'service') && holds(way, target));
}

function holds({ on, key, values }: GrpcWay, target: GrpcTarget): boolean {
  const port = portOf(target);
  const found = on === 'port' ? port?.[key] : getIn(target[on], ['metadata', 'annotations', key]);
  const value = typeof found === 'string' ? found.trim() : '';
  if (typeof values === 'string') {
    const names = values === 'services' ? [target.name] : [port?.['port'], port?.['name']];
    const members = value.split(',').map((member) => member.trim());
    return names.some((name) => Boolean(name) && members.includes(asText(name)));
  }
  if (on !== 'port') return values.includes(value.toLowerCase());
  return values.includes(key === 'name' ? value.replace(/-.*/, '') : value);
}

function portOf({ service, port }: GrpcTarget): JsonObject | undefined {
  if (port === undefined) return undefined;
  const field = typeof port === 'number' ? 'port' : 'name';
  return list(getIn(service, ['spec', 'ports'])).find((candidate) => candidate[field] === port);
}
