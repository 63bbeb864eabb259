/**
 * A transcoder that is there, and translates nothing.
 *
 * Source: Envoy's `filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder` (`services`, `auto_mapping`); Michelangelo's protos have no
 * `google.api.http`, see docs/upstream-programs.md; Kubernetes, ConfigMap: what is no text stands in `binaryData`.
 */
import { messageIn, objectsIn, typeName } from '../../envoy/bootstrap.ts';
import { isTrue } from '../../envoy/proto-json.ts';
import { containersWith } from '../../surface/bind-addresses.ts';
import type { ApiManager } from '../../surface/envoy-api.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import { pageIn } from '../../surface/page-protocol.ts';
import type { DocumentTarget } from '../../surface/parts.ts';
import { providedFile } from '../../surface/provided-files.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, stringAt, strings } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';

/** Faults of the transcoders of one connection manager. */
export function transcoderFaults({ target, manager }: ApiManager, surface: Surface): Fault[] {
  const needed = pageIn(surface)?.protocols;
  const severity = needed?.length === 1 && needed[0] === 'JSON' ? undefined : ('warning' as const);
  return objectsIn(manager, ['http_filters'])
    .flatMap((filter) => messageIn(filter, ['typed_config']))
    .filter(({ value }) => typeName(value) === 'GrpcJsonTranscoder')
    .flatMap(({ path, value }): Fault[] => {
      const services = strings(value['services']).filter((name) =>
        name.startsWith('michelangelo.'),
      );
      const isMapped = isTrue(value['auto_mapping']) || services.length === 0;
      return [
        ...(isMapped
          ? []
          : [
              inDocument(target, [...path, 'auto_mapping'], {
                severity,
                message:
                  'the transcoder has no `auto_mapping`, and the services of Michelangelo have no paths of their own: it translates no call of theirs',
                fix: 'write `auto_mapping: true`',
              }),
            ]),
        ...asText(stringAt(value, ['proto_descriptor']), target, surface),
      ];
    });
}

/** Descriptors that were put into a ConfigMap as the text of their base64. */
function asText(file: string, target: DocumentTarget, surface: Surface): Fault[] {
  if (!file.startsWith('/')) return [];
  return surface.mounting([target]).flatMap((workload) =>
    containersWith(target, workload).flatMap((container): Fault[] => {
      const found = providedFile(file, { workload, container }, surface);
      if (found.state !== 'here' || found.resource.kind !== 'ConfigMap') return [];
      const text = getIn(found.resource.json, ['data', found.key]);
      if (typeof text !== 'string' || !/^[A-Za-z0-9+/=\s]+$/.test(text)) return [];
      return [
        {
          resource: found.resource,
          path: toPath(['data', found.key]),
          message: `${found.key} stands under \`data\` as base64, which nobody decodes there: Envoy cannot read the descriptors, and does not start`,
          fix: `move ${found.key} to \`binaryData\``,
        },
      ];
    }),
  );
}
