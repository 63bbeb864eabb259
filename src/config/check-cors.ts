/** Checks of `spec.cors` beyond single items. */
import { repeated, textsAt } from './partial.ts';
import { type ConfigProblem, code, quote } from './wording.ts';

/** Origins and headers that stand twice: to a browser, upper and lower case are the same. Silent about items that are not strings. */
export function checkCors(config: unknown): ConfigProblem[] {
  return ['spec.cors.allowOrigins', 'spec.cors.allowHeaders'].flatMap((list) =>
    repeated(textsAt(config, list), ({ value }) => value.toLowerCase()).map(
      ({ item: { path, value }, earlier }): ConfigProblem => ({
        code: 'config-conflict',
        path,
        message: `the same item stands in two places: ${code(earlier.path)} and ${code(path)}`,
        found: quote(value),
        expected: 'each item once; upper and lower case are the same',
        fix: 'remove one of the two',
      }),
    ),
  );
}
