/** Checks of `spec.cors` beyond single items. */
import { type Field, textsAt } from './partial.ts';
import { type ConfigProblem, code, quote } from './wording.ts';

/** The second of two items that are the same to a browser. */
function checkRepetition(items: readonly Field<string>[]): ConfigProblem[] {
  const first = new Map<string, string>();
  return items.flatMap(({ path, value }): ConfigProblem[] => {
    const key = value.trim().toLowerCase();
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, path);
      return [];
    }
    return [
      {
        code: 'config-conflict',
        path,
        message: `The same item stands in two places: ${code(earlier)} and ${code(path)}`,
        found: quote(value),
        expected: 'each item once; upper and lower case are the same',
        mend: 'Remove one of the two',
      },
    ];
  });
}

/** Problems of the allowed origins and headers. Silent about items that are no text. */
export function checkCors(config: unknown): ConfigProblem[] {
  return ['spec.cors.allowOrigins', 'spec.cors.allowHeaders'].flatMap((path) =>
    checkRepetition(textsAt(config, path)),
  );
}
