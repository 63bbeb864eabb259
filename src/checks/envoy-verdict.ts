import type { Check } from './check.ts';

/** Found where Envoy is started, in `src/cli/envoy/`: only there can a program be run. */
export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'Envoy refuses its config',
  why: 'These are the words of Envoy itself (`envoy --mode validate`), with its version: its pods end when they start. It names the first thing that is wrong, and is asked where `check` has an Envoy: `--envoy`, `$ENVOY`, or the one on PATH.',
  fix: 'correct what Envoy names',
};
