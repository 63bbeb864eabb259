import { misplacedHosts } from '../surface/faults/entry-host.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'An entry with a host that is not that of the part behind it',
  why: 'Workers, task pods and the page call the hosts that they are told. Where an entry leads the host of one part to another, or has a host that nothing calls, their calls are answered by the wrong program or by none.',
  fix: 'give each entry the host of the part that it leads to',
  find: misplacedHosts,
};
