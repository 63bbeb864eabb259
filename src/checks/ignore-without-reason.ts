import type { Check } from './check.ts';

export const check: Check = {
  family: 'The input',
  severity: 'error',
  title: 'A finding is silenced without a reason',
  why: 'The next reader cannot tell an accepted risk from a mistake, so that the finding stays.',
  fix: 'write the reason as the value of the annotation',
};
