/** Every fault of the links between entries, Services, pods, Envoy and Gateways: checks report all of them; the map asks each file here for the link that it draws. */
import { once } from '../once.ts';
import type { Surface } from '../surface.ts';
import { backendFaults } from './backends.ts';
import type { LinkFault } from './fault.ts';
import { gatewayFaults } from './gateway-references.ts';
import { serviceFaults } from './service-pods.ts';
import { upstreamFault } from './upstreams.ts';

/** @param code - of the check that reports them */
export function linkFaults(surface: Surface, code: LinkFault['code']): LinkFault[] {
  return allFaults(surface).filter((fault) => fault.code === code);
}

const allFaults = once((surface): LinkFault[] => [
  ...surface.upstreams.flatMap((upstream) => upstreamFault(upstream, surface) ?? []),
  ...gatewayFaults(surface),
  ...backendFaults(surface),
  ...serviceFaults(surface),
]);
