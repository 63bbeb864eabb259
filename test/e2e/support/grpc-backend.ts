/**
 * A real gRPC server in the API server's place, without TLS as that one is: `michelangelo.api.v2.ProbeService` and
 * `grpc.health.v1.Health`. grpc-client.ts is the native client.
 */
import * as grpc from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { PROBE, serviceNamed, type WatchRequest } from './probe.ts';

/** One call as it reached the server. */
export interface ReceivedCall {
  method: 'Ask' | 'Watch';
  metadata: Record<string, string | Buffer>;
  request: unknown;
}

export interface GrpcBackend {
  /** On 127.0.0.1. */
  port: number;
  /** Every probe call so far, the oldest first. */
  calls: ReceivedCall[];
  /** Ends running calls as well. */
  close(): void;
}

/** Starts the server on a free port, or the given one. The probe's service may have another name. */
export async function startGrpcBackend(port = 0, service = PROBE): Promise<GrpcBackend> {
  const calls: ReceivedCall[] = [];
  const server = new grpc.Server();
  server.addService(serviceNamed(service), {
    Ask(call: grpc.ServerUnaryCall<{ text: string }, unknown>, done: grpc.sendUnaryData<unknown>) {
      calls.push({ method: 'Ask', metadata: call.metadata.getMap(), request: call.request });
      const { text } = call.request;
      if (text !== '') done(null, { text });
      else done({ code: grpc.status.INVALID_ARGUMENT, details: 'text: empty, expecting a word' });
    },
    Watch(call: grpc.ServerWritableStream<WatchRequest, unknown>) {
      calls.push({ method: 'Watch', metadata: call.metadata.getMap(), request: call.request });
      sendNumbers(call);
    },
  });
  const statuses = { '': 'SERVING', [service]: 'SERVING' } as const;
  new HealthImplementation(statuses).addToServer(server);

  const address = `127.0.0.1:${port}`;
  const bound = await new Promise<number>((resolve, reject) =>
    server.bindAsync(address, grpc.ServerCredentials.createInsecure(), (error, actual) =>
      error ? reject(error) : resolve(actual),
    ),
  );
  return { port: bound, calls, close: () => server.forceShutdown() };
}

function sendNumbers(call: grpc.ServerWritableStream<WatchRequest, unknown>): void {
  const { count, pauseMilliseconds } = call.request;
  let timer: NodeJS.Timeout | undefined;
  const send = (number: number): void => {
    if (number > count) {
      call.end();
      return;
    }
    call.write({ number });
    timer = setTimeout(send, number < count ? pauseMilliseconds : 0, number + 1);
  };
  call.on('cancelled', () => clearTimeout(timer));
  send(1);
}
