import { entriesNotRead } from '../surface/faults/entry-not-read.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'warning',
  title: 'An entry of a kind that is not read',
  why: 'Controllers and meshes have kinds of their own for what an Ingress or a route says. Of these, and of Services that are reached from outside by themselves, a part is known here, as each finding says: what is not would not be found.',
  fix: 'look at the entry yourself, or use an Ingress or a route of the Gateway API',
  find: entriesNotRead,
};
