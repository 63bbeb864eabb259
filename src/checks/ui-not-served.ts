import { uiNotServed } from '../surface/faults/ui-not-served.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'Nothing leads to the page',
  why: 'Whoever opens the app gets an answer of the API server, 415 or 404, and never the page.',
  fix: "add an Ingress or a route to the page's Service, or a route of Envoy",
  find: uiNotServed,
};
