/**
 * A descriptor set as Envoy's transcoder reads it when it starts, for services that have nothing but the methods of the end-to-end
 * tests' probe: upstream's own comes with its releases.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSync } from '@grpc/proto-loader';
import { temporaryFolder } from './temporary.ts';

const probe = fileURLToPath(new URL('../e2e/support/probe.proto', import.meta.url));

/** A serialized google.protobuf.FileDescriptorSet with a service for each of these names, all of the probe's package. */
export function descriptorSet(services: readonly string[]): Buffer {
  const text = readFileSync(probe, 'utf8');
  const [service = ''] = /^service ProbeService \{[^}]*\}$/m.exec(text) ?? [];
  const copies = services.map((name) =>
    withOwnMethod(service)
      .replaceAll('ProbeService', name.replace('michelangelo.api.v2.', ''))
      .replace(/(rpc List\w+)Service\(/, '$1('),
  );
  const path = join(temporaryFolder(), 'services.proto');
  writeFileSync(path, text.replace(service, copies.join('\n\n')));
  const files = Object.values(loadSync(path)).flatMap((one) =>
    'fileDescriptorProtos' in one ? (one.fileDescriptorProtos as Buffer[]) : [],
  );
  const [file] = files;
  if (file === undefined) throw new Error('the .proto file has no messages');
  // Field 1 of the set is a list of files, each with its length before it.
  return Buffer.concat([Buffer.from([0x0a]), varint(file.length), file]);
}

/** Each also has upstream's method that lists its resources: `ListProject` of ProjectService. No backend here has it. */
function withOwnMethod(service: string): string {
  return service.replace('{', '{\n  rpc ListProbeService(AskRequest) returns (AskResponse);');
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Buffer.from([...bytes, rest]);
}
