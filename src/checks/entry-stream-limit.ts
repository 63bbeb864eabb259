import { entryLimits } from '../surface/faults/entry-limits.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'warning',
  title: 'How long the Ingress controller lets streams be silent cannot be seen here',
  why: 'Watches and long calls of the API are streams that may be silent for long. This limit is set where the controller is installed, and its default ends them after a minute or a few.',
  fix: 'set it where the controller is installed, then accept this finding with the place as the reason',
  find: (surface) => entryLimits(surface).filter(({ code }) => code === 'entry-stream-limit'),
};
