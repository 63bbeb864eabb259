import type { Check } from './check.ts';

export const check: Check = {
  family: 'The input',
  severity: 'warning',
  title: 'A finding is silenced that is not there',
  why: 'What was accepted once is fixed by now, or the code or the resource is misspelled: the line would hide the next failure of that kind.',
  fix: 'take the line or the annotation away, or correct its code and resource',
};
