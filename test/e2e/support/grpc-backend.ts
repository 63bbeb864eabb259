/**
 * A real gRPC server in the API server's place, and a native client for it.
 *
 * The server answers `michelangelo.api.v2.ProbeService` and `grpc.health.v1.Health`, without TLS as the API server does.
 */
import { fileURLToPath } from 'node:url';
import * as grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { HealthImplementation, protoPath as healthProto } from 'grpc-health-check';

export const probeProto = fileURLToPath(new URL('probe.proto', import.meta.url));

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

/** Of a call: a deadline in milliseconds from now, metadata. */
export interface CallOptions {
  timeout?: number;
  metadata?: Readonly<Record<string, string>>;
}

/** Where a client connects. */
export interface Target {
  host?: string;
  port: number;
  /** The certificates that are trusted, and the name that the server's has to carry. Plain text where not given. */
  tls?: { trusted: Buffer; serverName: string };
  /** The `:authority` that calls carry; by default the server name, or host and port. */
  authority?: string;
}

export interface NativeClient {
  /** The unary method. */
  ask(text: string, options?: CallOptions): Promise<string>;
  /** The streaming method: the numbers, as they arrive. */
  watch(request: WatchRequest, options?: CallOptions): AsyncIterable<number>;
  /** `SERVING` and the like, from the standard health service. */
  health(): Promise<string>;
  close(): void;
}

export interface WatchRequest {
  count: number;
  pauseMilliseconds?: number;
}

const probe = definitions(probeProto);
const health = definitions(healthProto);
const probeService = probe['michelangelo.api.v2.ProbeService'] as grpc.ServiceDefinition;
const healthService = health['grpc.health.v1.Health'] as grpc.ServiceDefinition;

/** Starts the server on a free port, or the given one. */
export async function startGrpcBackend(port = 0): Promise<GrpcBackend> {
  const calls: ReceivedCall[] = [];
  const server = new grpc.Server();
  server.addService(probeService, {
    Ask(call: grpc.ServerUnaryCall<{ text: string }, unknown>, done: grpc.sendUnaryData<unknown>) {
      record('Ask', call);
      const { text } = call.request;
      if (text !== '') done(null, { text });
      else done({ code: grpc.status.INVALID_ARGUMENT, details: 'text: empty, expecting a word' });
    },
    Watch(call: grpc.ServerWritableStream<WatchRequest, unknown>) {
      record('Watch', call);
      sendNumbers(call);
    },
  });
  new HealthImplementation({
    '': 'SERVING',
    'michelangelo.api.v2.ProbeService': 'SERVING',
  }).addToServer(server);

  function record(
    method: ReceivedCall['method'],
    call: { metadata: grpc.Metadata; request: unknown },
  ) {
    calls.push({ method, metadata: call.metadata.getMap(), request: call.request });
  }
  const bound = await new Promise<number>((resolve, reject) =>
    server.bindAsync(
      `127.0.0.1:${port}`,
      grpc.ServerCredentials.createInsecure(),
      (error, actual) => (error ? reject(error) : resolve(actual)),
    ),
  );
  return { port: bound, calls, close: () => server.forceShutdown() };
}

/** A native client; it connects with its first call. */
export function connectNative({ host = '127.0.0.1', port, tls, authority }: Target): NativeClient {
  const credentials = tls
    ? grpc.credentials.createSsl(tls.trusted)
    : grpc.credentials.createInsecure();
  const channel = {
    ...(tls && { 'grpc.ssl_target_name_override': tls.serverName }),
    ...((authority ?? tls) && { 'grpc.default_authority': authority ?? tls?.serverName }),
    // Two clients of one process would share a connection otherwise.
    'grpc.use_local_subchannel_pool': 1,
  };
  const client = new grpc.Client(`${host}:${port}`, credentials, channel);
  return {
    ask: async (text, options) => {
      const answer = await unary(client, probeService['Ask'], { text }, options);
      return (answer as { text: string }).text;
    },
    async *watch(request, options) {
      const { path, requestSerialize, responseDeserialize } = method(probeService['Watch']);
      const stream = client.makeServerStreamRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadataOf(options),
        deadlineOf(options),
      );
      for await (const { number } of stream as AsyncIterable<{ number: number }>) yield number;
    },
    health: async () => {
      const answer = await unary(
        client,
        healthService['Check'],
        { service: '' },
        { timeout: 5000 },
      );
      return (answer as { status: string }).status;
    },
    close: () => client.close(),
  };
}

/** Whether an error carries this gRPC status, by name. */
export function hasStatus(error: unknown, name: keyof typeof grpc.status): boolean {
  return (error as { code?: unknown } | undefined)?.code === grpc.status[name];
}

function sendNumbers(call: grpc.ServerWritableStream<WatchRequest, unknown>): void {
  const { count, pauseMilliseconds } = call.request;
  let number = 0;
  let timer: NodeJS.Timeout | undefined;
  const next = () => {
    number += 1;
    if (number > count) return call.end();
    call.write({ number });
    timer = setTimeout(next, number < count ? pauseMilliseconds : 0);
  };
  call.on('cancelled', () => clearTimeout(timer));
  next();
}

function unary(
  client: grpc.Client,
  definition: grpc.MethodDefinition<unknown, unknown> | undefined,
  request: unknown,
  options?: CallOptions,
): Promise<unknown> {
  const { path, requestSerialize, responseDeserialize } = method(definition);
  return new Promise((resolve, reject) =>
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadataOf(options),
      deadlineOf(options),
      (error, answer) => (error ? reject(error) : resolve(answer)),
    ),
  );
}

function metadataOf(options: CallOptions | undefined): grpc.Metadata {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(options?.metadata ?? {})) metadata.set(name, value);
  return metadata;
}

/** Without one of its own a call gets 30 s: none may hang. */
function deadlineOf(options: CallOptions | undefined): grpc.CallOptions {
  return { deadline: Date.now() + (options?.timeout ?? 30_000) };
}

function definitions(path: string) {
  return loadSync(path, { enums: String, longs: Number, defaults: true });
}

function method(definition: grpc.MethodDefinition<unknown, unknown> | undefined) {
  if (definition === undefined) throw new Error('no such method in the .proto file');
  return definition;
}
