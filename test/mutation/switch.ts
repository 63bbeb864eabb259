/** Loaded before what is mutated: switches the mutant that `$MUTANT` names on. */
const active = Number(process.env.MUTANT ?? -1);

/** Numbers of the mutants whose place was reached; kept where none is on. */
export const reached = new Set<number>();

const shared = globalThis as typeof globalThis & { __mutant?: (number: number) => boolean };
shared.__mutant = active < 0 ? (number) => !reached.add(number) : (number) => number === active;
