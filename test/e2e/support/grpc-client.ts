/** A native gRPC client for the probe and health services. */
import * as grpc from '@grpc/grpc-js';
import { healthService, methodOf, PROBE, serviceNamed, type WatchRequest } from './probe.ts';

/** Where a client connects. */
export interface Target {
  host?: string;
  port: number;
  /** The certificates that are trusted, and the name that the server's has to carry. Plain text where not given. */
  tls?: { trusted: Buffer | string; serverName: string };
  /** The `:authority` that calls carry; by default the server name, or host and port. */
  authority?: string;
}

/** Of a call: milliseconds from now to its deadline, 30,000 by default so that none hangs, or Infinity; metadata. */
export interface CallOptions {
  timeout?: number;
  metadata?: Readonly<Record<string, string>>;
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

/** A client with a connection of its own, which it makes with its first call. The probe's service may have another name. */
export function connectNative(
  { host = '127.0.0.1', port, tls, authority }: Target,
  service = PROBE,
): NativeClient {
  const methods = serviceNamed(service);
  const name = authority ?? tls?.serverName;
  const client = new grpc.Client(
    `${host}:${port}`,
    tls ? grpc.credentials.createSsl(Buffer.from(tls.trusted)) : grpc.credentials.createInsecure(),
    {
      ...(tls && { 'grpc.ssl_target_name_override': tls.serverName }),
      ...(name && { 'grpc.default_authority': name }),
      'grpc.use_local_subchannel_pool': 1,
    },
  );
  return {
    async ask(text, options) {
      const answer = await unary(client, methodOf(methods, 'Ask'), { text }, options);
      return (answer as { text: string }).text;
    },
    async *watch(request, options) {
      const { path, requestSerialize, responseDeserialize } = methodOf(methods, 'Watch');
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
    async health() {
      const check = methodOf(healthService, 'Check');
      const answer = await unary(client, check, { service: '' }, { timeout: 5000 });
      return (answer as { status: string }).status;
    },
    close: () => client.close(),
  };
}

/** The name of the gRPC status that an error carries; undefined for any other error. */
export function statusName(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'number' ? grpc.status[code] : undefined;
}

function unary(
  client: grpc.Client,
  { path, requestSerialize, responseDeserialize }: grpc.MethodDefinition<object, object>,
  request: object,
  options?: CallOptions,
): Promise<object> {
  return new Promise((resolve, reject) =>
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadataOf(options),
      deadlineOf(options),
      (error, answer) => (error ? reject(error) : resolve(answer ?? {})),
    ),
  );
}

function metadataOf(options: CallOptions | undefined): grpc.Metadata {
  const metadata = new grpc.Metadata();
  for (const [name, value] of Object.entries(options?.metadata ?? {})) metadata.set(name, value);
  return metadata;
}

function deadlineOf(options: CallOptions | undefined): grpc.CallOptions {
  return { deadline: Date.now() + (options?.timeout ?? 30_000) };
}
