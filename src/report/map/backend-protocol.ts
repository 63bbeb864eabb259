/** What an entry speaks to its backend, as the marks on both say it. */

import type { Backend, Entry, EntryPath } from '../../surface/entry.ts';
import { isToldGrpc } from '../../surface/grpc-backend.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, list } from '../../yaml/json.ts';

export interface Spoken {
  protocol: string;
  tls: boolean;
}

/** `gRPC` where HTTP/2 is asked for, else what requests of browsers go on as. */
export function spokenTo(entry: Entry, path: EntryPath, { manifests }: Surface): Spoken {
  if (entry.tlsPlace === 'envoy') return { protocol: 'TLS', tls: true };
  const appProtocol = appProtocolOf(path.backend);
  if (appProtocol === 'https') return { protocol: 'HTTPS', tls: true };
  // Of an unknown controller, its marks are unknown too.
  const isUnknown = entry.form === 'ingress' && entry.controllers.length === 0;
  const isGrpc = isUnknown ? /h2c|grpc/.test(appProtocol) : isToldGrpc(entry, path, manifests);
  return { protocol: isGrpc ? 'gRPC, h2c' : 'HTTP/1.1', tls: false };
}

function appProtocolOf({ service, port }: Backend): string {
  const ports = list(getIn(service?.json, ['spec', 'ports']));
  const found = ports.find((one) => one['port'] === port || one['name'] === port);
  return String(found?.['appProtocol'] ?? '');
}
