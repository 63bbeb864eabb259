/** Native gRPC at each host of the API: what workers, the CLI and the SDK do. */
import { grpcurlCommand } from './commands.ts';
import { callGrpc, REFLECTION } from './grpc.ts';
import { judgeGrpc } from './judge-grpc.ts';
import type { Probe } from './line.ts';
import type { Look } from './look.ts';
import type { PublicHost } from './targets.ts';

/** The items of the guide's list: gRPC at the entry of the API. */
const API_ENTRY = 2;

/** @param after - HTTP/2, or a connection without TLS */
export function grpcLine(target: PublicHost, look: Look, after: Probe): Probe {
  const { host, port } = target;
  return {
    group: 'API',
    tried: `gRPC call to ${host}:${port}`,
    command: grpcurlCommand(target, look),
    items: [API_ENTRY],
    after: [after],
    peer: `${host}:${port}`,
    run: async (step) => judgeGrpc(await callGrpc(target, look.ways, step, REFLECTION)),
  };
}
