/** One text with every mutant in it: which one is on is decided when it runs. */
import type { Mutant } from './mutants.ts';

/**
 * @param first - the number of the first mutant; the others count on. `globalThis.__mutant` of `switch.ts` is asked for
 *   each that is reached; where that is not loaded, the file does what it did.
 */
export function instrument(text: string, mutants: readonly Mutant[], first: number): string {
  const numbered = mutants
    .map((mutant, index) => ({ ...mutant, isOn: `globalThis.__mutant?.(${first + index})` }))
    // What encloses comes before what is inside.
    .sort((a, b) => a.start - b.start || b.end - a.end || isStatement(b) - isStatement(a));
  let next = 0;

  function render(start: number, end: number): string {
    let out = '';
    let position = start;
    for (let mutant = numbered[next]; mutant !== undefined && mutant.start < end; ) {
      next += 1;
      const inner = render(mutant.start, mutant.end);
      out += text.slice(position, mutant.start);
      out += isStatement(mutant)
        ? `{ if (!${mutant.isOn}) { ${inner} } }`
        : `(${mutant.isOn} ? (${mutant.to}) : (${inner}))`;
      position = mutant.end;
      mutant = numbered[next];
    }
    return out + text.slice(position, end);
  }

  return render(0, text.length);
}

function isStatement({ to }: Mutant): number {
  return to === '' ? 1 : 0;
}
