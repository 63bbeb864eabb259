/**
 * The page's own script: gRPC-Web calls, as the UI makes them, to the `apiBaseUrl` of the config.json that the page's
 * own origin serves. Tests call it as `probe`.
 */
import {
  createFileRegistry,
  type DescMethod,
  type DescMethodStreaming,
  type DescMethodUnary,
  fromBinary,
} from '@bufbuild/protobuf';
import { base64Decode } from '@bufbuild/protobuf/wire';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError, type Transport } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';

type Message = Record<string, unknown>;

/** Put in when the page is bundled: probe.proto as base64 of its FileDescriptorProto, and the service's name. */
declare const PROBE_DESCRIPTOR: string;
declare const PROBE_SERVICE: string;

/** What a call came to: what was received and when, in milliseconds, and the error that ended it. */
export interface Outcome {
  received: (string | number)[];
  times: number[];
  error?: { code: string; message: string };
}

const descriptor = fromBinary(FileDescriptorProtoSchema, base64Decode(PROBE_DESCRIPTOR));
const registry = createFileRegistry(descriptor, () => undefined);

const probe = {
  /** The unary method. */
  ask: (text: string) => call('Ask', { text }, 'text'),
  /** The streaming method. */
  watch: (count: number, pauseMilliseconds: number) =>
    call('Watch', { count, pauseMilliseconds }, 'number'),
};
Object.assign(globalThis, { probe });

async function call(name: string, request: Message, field: string): Promise<Outcome> {
  const outcome: Outcome = { received: [], times: [] };
  try {
    const config = (await (await fetch('/config.json')).json()) as { apiBaseUrl: string };
    const transport = createGrpcWebTransport({ baseUrl: config.apiBaseUrl });
    for await (const message of messages(transport, find(name), request)) {
      outcome.received.push((message as Record<string, string | number>)[field] ?? '');
      outcome.times.push(performance.now());
    }
  } catch (reason) {
    const { code, rawMessage } = ConnectError.from(reason);
    outcome.error = { code: Code[code], message: rawMessage };
  }
  return outcome;
}

/** What createClient does for generated code. */
async function* messages(
  transport: Transport,
  method: DescMethod,
  request: Message,
): AsyncIterable<object> {
  const none = [undefined, undefined, undefined] as const;
  if (method.methodKind === 'unary') {
    const { message } = await transport.unary(method as DescMethodUnary, ...none, request);
    yield message;
  } else {
    const requests = (async function* () {
      yield request;
    })();
    const { message } = await transport.stream(method as DescMethodStreaming, ...none, requests);
    yield* message;
  }
}

function find(name: string): DescMethod {
  const method = registry.getService(PROBE_SERVICE)?.methods.find((one) => one.name === name);
  if (method === undefined) throw new Error(`no method ${name} in ${PROBE_SERVICE}`);
  return method;
}
