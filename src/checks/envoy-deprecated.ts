import { type Located, objectIn, objectsAt, objectsIn } from '../envoy/bootstrap.ts';
import { envoyApi } from '../surface/envoy-api.ts';
import { inDocument } from '../surface/faults/fault.ts';
import { type DocumentTarget, jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';

/** Each field that Envoy 1.40 still reads with "will be removed soon", and what stands in its place. */
const INSTEAD = {
  cors: '`typed_per_filter_config["envoy.filters.http.cors"]` with a CorsPolicy',
  max_grpc_timeout: '`max_stream_duration: {grpc_timeout_header_max: 0s}`',
  http2_protocol_options:
    '`typed_extension_protocol_options["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"]` with `explicit_http_config`',
} as const;

type Field = keyof typeof INSTEAD;

export const check: Check = {
  family: 'Envoy',
  severity: 'warning',
  title: 'Fields of Envoy that will be removed',
  why: 'Envoy still reads them, and says at each start that they will be removed: an image of a later version does not start with them.',
  fix: 'write them in the form of today',
  find: (surface) =>
    surface.envoys.flatMap((target) => {
      const found = fieldsIn(target, surface);
      const [first] = found;
      if (!first) return [];
      const names = [...new Set(found.map(({ field }) => field))];
      return [
        inDocument(target, first.path, {
          message: `${names.join(', ')} ${names.length > 1 ? 'are' : 'is'} deprecated`,
          fix: names.map((name) => `instead of \`${name}\`: ${INSTEAD[name]}`).join('; '),
        }),
      ];
    }),
};

function fieldsIn(target: DocumentTarget, surface: Surface) {
  const hosts = envoyApi(target, surface).managers.flatMap((each) => each.hosts);
  const owners = hosts.map(({ host }) => host);
  const actions = owners
    .flatMap((host) => objectsIn(host, ['routes']))
    .flatMap((route) => objectIn(route, ['route']));
  const clusters = objectsAt(jsonOf(target), ['static_resources', 'clusters']);
  return [
    ...having('cors', [...owners, ...actions]),
    ...having('max_grpc_timeout', actions),
    ...having('http2_protocol_options', clusters),
  ];
}

function having(field: Field, owners: readonly Located[]) {
  return owners
    .filter(({ value }) => value[field] !== undefined)
    .map(({ path }) => ({ field, path: [...path, field] }));
}
