import { sidesOf } from '../surface/faults/two-sides.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: 'A compute cluster whose config differs from that of its control plane',
  why: 'Task pods call the address, and use the store, that the config of their cluster gives; policies there let in and out what it says. Where it is no longer what the control plane has, jobs start and cannot report, or the control plane is shut out. It is compared with the control plane that is named beside it.',
  fix: 'write what the control plane says, or make the overlay anew with `new --compute-of`',
  find: (surface) => sidesOf(surface)?.differences ?? [],
};
