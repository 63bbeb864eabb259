import { uiFault } from '../surface/faults/ui-url.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: "The UI's apiBaseUrl is not that of the app",
  why: 'The page calls a host that no entry leads to Envoy, or with the wrong scheme or port: every call fails.',
  fix: "set `apiBaseUrl` to the app entry's origin",
  find: (surface) => surface.uis.flatMap((target) => uiFault(target, surface) ?? []),
};
