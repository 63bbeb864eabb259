import { linkFaults } from '../surface/faults/links.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'A backend Service, port or selector that matches nothing',
  why: 'The entry leads to no pod: the controller answers with 503, or leaves the host out altogether.',
  fix: 'name a Service and a port that exist, and let its selector be part of the labels of its pods',
  find: (surface) => linkFaults(surface, 'backend-missing'),
};
