import type { Check } from './check.ts';
import { brokenMounts, missingKeys, missingSubPaths } from './shared/missing-keys.ts';
import { missingObjects } from './shared/missing-objects.ts';
import { missingVariables } from './shared/missing-variables.ts';
import { pullSecretFaults } from './shared/pull-secrets.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'A pod names a ConfigMap, a Secret, a key, a volume or a variable that is not there',
  why: 'The pod waits and no container starts, or the program starts without its config, or with `$(NAME)` where a value belongs. Where a Deployment already runs, its old pods stay, and the change never arrives.',
  fix: 'name what is there, or add what is named',
  find: (surface) => [
    ...missingObjects(surface),
    ...missingVariables(surface),
    ...missingKeys(surface),
    ...missingSubPaths(surface),
    ...brokenMounts(surface),
    ...pullSecretFaults(surface),
  ],
};
