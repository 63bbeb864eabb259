/**
 * fast-check with the same seed in every run, so that no change is held up by what it has nothing to do with. `FUZZ_RUNS`, a number of runs
 * for properties that read it, searches anew each time; so does `npm run fuzz`.
 */
import fc from 'fast-check';

if (process.env['FUZZ_RUNS'] === undefined) fc.configureGlobal({ seed: 20261127 });

export default fc;
