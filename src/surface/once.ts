/** Answers that are worked out once for each surface. */
import type { Surface } from './surface.ts';

/** The same function, which remembers what it said of a surface: for checks and the map, where nothing changes any more. */
export function once<T>(find: (surface: Surface) => T): (surface: Surface) => T {
  const known = new WeakMap<Surface, { answer: T }>();
  return (surface) => {
    const { answer } = known.get(surface) ?? { answer: find(surface) };
    known.set(surface, { answer });
    return answer;
  };
}
