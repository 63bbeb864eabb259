/**
 * The origin matchers of a CORS policy.
 *
 * Sources: Envoy's `type.matcher.v3.StringMatcher` (`ignore_case` has no effect on `safe_regex`); `allow_origin` and
 * `allow_origin_regex`, which Envoy had before 1.16.
 */
import { getIn, isObject, type Json } from '../../yaml/json.ts';
import { compileExpression, type Matches } from './re2.ts';

export interface OriginMatcher {
  /** Where it stands in its policy: `['allow_origin_string_match', 0]`. */
  path: readonly (string | number)[];
  /** As it is written: `prefix: https://`. */
  text: string;
  form: 'exact' | 'prefix' | 'suffix' | 'contains' | 'safe_regex';
  value: string;
  /** Whether it takes an origin, as a whole. */
  matches: Matches;
}

/** Every matcher that can be read; malformed expressions, which Envoy refuses, and custom matchers are left out. */
export function originMatchersOf(policy: Json | undefined): OriginMatcher[] {
  const listed = (key: string) => {
    const value = getIn(policy, [key]);
    return Array.isArray(value) ? value : [];
  };
  return [
    ...listed('allow_origin_string_match').flatMap((value, index) =>
      readMatcher(value, ['allow_origin_string_match', index]),
    ),
    ...listed('allow_origin').flatMap((exact, index) =>
      readMatcher({ exact }, ['allow_origin', index]),
    ),
    ...listed('allow_origin_regex').flatMap((regex, index) =>
      readMatcher({ safe_regex: { regex } }, ['allow_origin_regex', index]),
    ),
  ];
}

/** Every expression of a policy as it is written, whether it can be read or not. */
export function originExpressionsOf(
  policy: Json | undefined,
): { path: readonly (string | number)[]; regex: string }[] {
  return ['allow_origin_string_match', 'allow_origin_regex'].flatMap((key) => {
    const value = getIn(policy, [key]);
    return (Array.isArray(value) ? value : []).flatMap((item, index) => {
      const regex =
        typeof item === 'string'
          ? item
          : (getIn(item, ['safe_regex', 'regex']) ?? getIn(item, ['regex']));
      return typeof regex === 'string' ? [{ path: [key, index], regex }] : [];
    });
  });
}

/** Whether a policy has an origin matcher whose reach nobody can tell from here. */
export function hasUnreadableMatcher(policy: Json | undefined): boolean {
  const written = getIn(policy, ['allow_origin_string_match']);
  return Array.isArray(written) && written.some((value) => readMatcher(value, []).length === 0);
}

/** Whether Envoy lets an origin in: a matcher of the literal `*` stands for all. */
export function letsIn({ matches }: OriginMatcher, origin: string): boolean {
  return matches('*') || matches(origin);
}

/** The forms that are no expressions. */
const TESTS = {
  exact: (origin, value) => origin === value,
  prefix: (origin, value) => origin.startsWith(value),
  suffix: (origin, value) => origin.endsWith(value),
  contains: (origin, value) => origin.includes(value),
} as const satisfies Record<string, (origin: string, value: string) => boolean>;

function readMatcher(json: Json, path: readonly (string | number)[]): OriginMatcher[] {
  if (!isObject(json)) return [];
  const regex = getIn(json, ['safe_regex', 'regex']) ?? json['regex'];
  if (typeof regex === 'string') {
    const matches = compileExpression(regex);
    const text = `safe_regex: ${regex}`;
    return matches ? [{ path, text, form: 'safe_regex', value: regex, matches }] : [];
  }
  const fold = (text: string) => (json['ignore_case'] === true ? text.toLowerCase() : text);
  return (['exact', 'prefix', 'suffix', 'contains'] as const).flatMap((form) => {
    const value = json[form];
    if (typeof value !== 'string') return [];
    const matches = (origin: string) => TESTS[form](fold(origin), fold(value));
    return [{ path, text: `${form}: ${value}`, form, value, matches }];
  });
}
