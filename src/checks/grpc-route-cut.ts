import type { Fault } from '../surface/faults/fault.ts';
import type { Check } from './check.ts';
import { CUTTERS, cutterOf, hasOwnTimeout, unknownGateway } from './shared/route-cutter.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A GRPCRoute whose streams are cut after seconds',
  why: "A GRPCRoute has no timeouts, and this implementation leaves a default for the whole call in place: Envoy's 15 seconds, or the 30 of a load balancer.",
  fix: 'use an HTTPRoute with `timeouts: {request: 0s}` for the API: gRPC passes through it as well',
  find: (surface) =>
    surface.entries
      .filter(({ resource, roles }) => resource.kind === 'GRPCRoute' && roles.has('api'))
      .flatMap((entry): Fault[] => {
        const cutter = cutterOf(entry, surface);
        // What a policy says instead is judged as a timeout of the entry.
        if (hasOwnTimeout(entry, surface)) return [];
        const unknown = unknownGateway(entry, surface);
        if (cutter === undefined && unknown?.isHere)
          return [
            {
              resource: entry.resource,
              severity: 'warning',
              message: `a GRPCRoute has no timeouts, and what ${unknown.name} does with its streams is not known here: some implementations end them after 15 or 30 s (${CUTTERS})`,
            },
          ];
        if (cutter === undefined) return [];
        const { name, seconds, fix } = cutter;
        return [
          { resource: entry.resource, message: `${name} ends its streams after ${seconds} s`, fix },
        ];
      }),
};
