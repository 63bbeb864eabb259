/** What an entry speaks to its backend, as the marks on both say it. */

import { CONTROLLERS } from '../../controllers/index.ts';
import type { Backend, Entry } from '../../surface/entry.ts';
import { getIn, list } from '../../yaml/json.ts';

export interface Spoken {
  protocol: string;
  tls: boolean;
}

/** `gRPC` where HTTP/2 is asked for, else what requests of browsers go on as. */
export function spokenTo(entry: Entry, backend: Backend): Spoken {
  if (entry.tlsPlace === 'envoy') return { protocol: 'TLS', tls: true };
  const appProtocol = appProtocolOf(backend);
  if (appProtocol === 'https') return { protocol: 'HTTPS', tls: true };
  const isGrpc =
    entry.resource.kind === 'GRPCRoute' ||
    /h2c|grpc/.test(appProtocol) ||
    entry.controllers.some((name) => hasGrpcMark(entry, backend, name));
  return { protocol: isGrpc ? 'gRPC, h2c' : 'HTTP/1.1', tls: false };
}

function hasGrpcMark(entry: Entry, backend: Backend, name: keyof typeof CONTROLLERS): boolean {
  const { grpc } = CONTROLLERS[name];
  const has = (json: unknown, keys: object | undefined) =>
    Object.keys(keys ?? {}).some(
      (key) => getIn(json, ['metadata', 'annotations', key]) !== undefined,
    );
  // Several controllers read one key on an Ingress and on a Service.
  const keys = { ...grpc?.ingress, ...grpc?.service };
  return has(entry.resource.json, keys) || has(backend.service?.json, keys);
}

function appProtocolOf({ service, port }: Backend): string {
  const ports = list(getIn(service?.json, ['spec', 'ports']));
  const found = ports.find((one) => one['port'] === port || one['name'] === port);
  return String(found?.['appProtocol'] ?? '');
}
