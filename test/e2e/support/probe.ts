/** The methods of probe.proto and of the standard health service, read from their .proto files. */
import { fileURLToPath } from 'node:url';
import {
  loadSync,
  type MethodDefinition,
  type PackageDefinition,
  type ServiceDefinition,
} from '@grpc/proto-loader';
import { protoPath as healthProto } from 'grpc-health-check';

const probeProto = fileURLToPath(new URL('probe.proto', import.meta.url));

export const PROBE = 'michelangelo.api.v2.ProbeService';
export const probeService = service(load(probeProto), PROBE);
export const healthService = service(load(healthProto), 'grpc.health.v1.Health');

export interface WatchRequest {
  /** How many messages the stream has. */
  count: number;
  /** Silence before each message after the first. */
  pauseMilliseconds?: number;
}

/** The probe's service under another name: methods and messages are the same. */
export function serviceNamed(name: string): ServiceDefinition {
  const methods = Object.entries(probeService).map(([key, method]) => [
    key,
    { ...method, path: method.path.replace(PROBE, name) },
  ]);
  return Object.fromEntries(methods);
}

/** A method of a service by its name. */
export function methodOf(
  definition: ServiceDefinition,
  name: string,
): MethodDefinition<object, object> {
  const method = definition[name];
  if (method === undefined) throw new Error(`no method ${name} in the .proto file`);
  return method;
}

/** The probe's messages as protobuf's own descriptions of them, for clients that read those. */
export function probeDescriptors(): Buffer[] {
  return methodOf(probeService, 'Ask').requestType.fileDescriptorProtos;
}

function load(path: string): PackageDefinition {
  return loadSync(path, { enums: String, longs: Number, defaults: true });
}

function service(definitions: PackageDefinition, name: string): ServiceDefinition {
  const found = definitions[name];
  if (found === undefined) throw new Error(`no service ${name} in the .proto file`);
  return found as ServiceDefinition;
}
