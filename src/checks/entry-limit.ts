import { entryLimits } from '../surface/faults/entry-limits.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'warning',
  title:
    'Something that the Ingress controller, or a Gateway of somebody else, has to be told elsewhere',
  why: 'No field of an Ingress, a route or a Service says it, so that nothing in these manifests shows whether it is set.',
  fix: 'set it where the controller or the Gateway is installed, then accept this finding with the place as the reason',
  find: (surface) => entryLimits(surface).filter(({ code }) => code === 'entry-limit'),
};
