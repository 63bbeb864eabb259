import type { Check } from './check.ts';
import { brokenMounts, missingKeys, missingSubPaths } from './shared/missing-keys.ts';
import { missingObjects } from './shared/missing-objects.ts';
import { pullSecretFaults } from './shared/pull-secrets.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'A pod names a ConfigMap, a Secret, a key or a volume that is not there',
  why: 'The pod waits and no container starts, or the program starts without its config. Where a Deployment already runs, its old pods stay, and the change never arrives.',
  fix: 'name what is there, or add what is named',
  find: (surface) => [
    ...missingObjects(surface),
    ...missingKeys(surface),
    ...missingSubPaths(surface),
    ...brokenMounts(surface),
    ...pullSecretFaults(surface),
  ],
};
