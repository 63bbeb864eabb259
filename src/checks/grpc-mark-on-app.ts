import { CONTROLLERS } from '../controllers/index.ts';
import { grpcMarks } from '../controllers/shared/grpc.ts';
import { connectionManagers } from '../envoy/bootstrap.ts';
import { isEnum } from '../envoy/proto-json.ts';
import type { Entry, EntryPath } from '../surface/entry.ts';
import { isCrossed } from '../surface/faults/entry-host.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { grpcTarget } from '../surface/grpc-backend.ts';
import { jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: "The app's entry is marked as gRPC",
  why: "Envoy is spoken to as a gRPC server then: the UI's pages and the browser's preflights come back as errors.",
  fix: 'take the mark away; give the API an Ingress of its own where the mark holds for a whole Ingress',
  find: (surface) =>
    surface.entries
      .filter(({ form, roles }) => form === 'ingress' && (roles.has('envoy') || roles.has('ui')))
      .filter((entry) => !isCrossed(entry, surface))
      .flatMap((entry) => {
        const found = entry.paths
          .filter(({ role }) => role === 'envoy' || role === 'ui')
          .flatMap((path) => markOn(entry, path, surface));
        return found.slice(0, 1);
      }),
};

function markOn(entry: Entry, { backend, role }: EntryPath, surface: Surface): Fault[] {
  const target = grpcTarget(entry, backend);
  // A port's own protocol is not a mark of the entry.
  const way = entry.controllers
    .flatMap((name) => grpcMarks(CONTROLLERS[name], target))
    .find(({ on }) => on !== 'port');
  if (!way) return [];
  // HTTP/2 of any kind is something that Envoy understands, unless it was told not to.
  const isHarmless = way.says === 'h2' && role === 'envoy' && !speaksHttp1Only(surface);
  const resource = (way.on === 'service' && backend.service) || entry.resource;
  return [
    {
      resource,
      path: `metadata.annotations[${way.key}]`,
      severity: isHarmless ? 'warning' : undefined,
      message: `${backend.name}, which serves the app, is marked as a gRPC backend`,
      fix: entry.roles.has('api')
        ? 'give the API an Ingress of its own, and leave the mark there'
        : `take \`${way.key}\` away`,
    },
  ];
}

function speaksHttp1Only({ envoys }: Surface): boolean {
  return envoys
    .flatMap((target) => connectionManagers(jsonOf(target)))
    .some(({ value }) => isEnum(value['codec_type'], 'HTTP1', 1));
}
