/** Every fault of the links between entries, Services, pods, Envoy and Gateways: checks report them, the map draws them in red. */
import type { Surface } from '../surface.ts';
import { backendFaults } from './backends.ts';
import type { LinkFault } from './fault.ts';
import { gatewayFaults } from './gateway-references.ts';
import { serviceFaults } from './service-pods.ts';
import { upstreamFault } from './upstreams.ts';

/** @param code - of the check that reports them */
export function linkFaults(surface: Surface, code: LinkFault['code']): LinkFault[] {
  const all = [
    ...surface.upstreams.flatMap((upstream) => upstreamFault(upstream, surface) ?? []),
    ...gatewayFaults(surface),
    ...backendFaults(surface),
    ...serviceFaults(surface),
  ];
  return all.filter((fault) => fault.code === code);
}
