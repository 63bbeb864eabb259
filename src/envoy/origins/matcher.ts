/**
 * The origin matchers of a CORS policy, each as one expression that has to match the whole origin.
 *
 * Sources: Envoy's `type.matcher.v3.StringMatcher` (`ignore_case` has no effect on `safe_regex`); `allow_origin` and
 * `allow_origin_regex`, which Envoy had before 1.16.
 */
import { getIn, isObject, type Json } from '../../yaml/json.ts';
import {
  ANYTHING,
  type ExpressionNode,
  literalExpression,
  matchesWhole,
  readExpression,
} from './expression.ts';

export interface OriginMatcher {
  /** Where it stands in its policy: `['allow_origin_string_match', 0]`. */
  path: readonly (string | number)[];
  /** As it is written: `prefix: https://`. */
  text: string;
  form: 'exact' | 'prefix' | 'suffix' | 'contains' | 'safe_regex';
  value: string;
  expression: ExpressionNode;
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
export function letsIn({ expression }: OriginMatcher, origin: string): boolean {
  return matchesWhole(expression, '*') || matchesWhole(expression, origin);
}

function readMatcher(value: Json, path: readonly (string | number)[]): OriginMatcher[] {
  if (!isObject(value)) return [];
  const ignoreCase = value['ignore_case'] === true;
  const regex = getIn(value, ['safe_regex', 'regex']) ?? value['regex'];
  if (typeof regex === 'string') {
    const expression = readExpression(regex);
    const text = `safe_regex: ${regex}`;
    return expression ? [{ path, text, form: 'safe_regex', value: regex, expression }] : [];
  }
  return (['exact', 'prefix', 'suffix', 'contains'] as const).flatMap((form) => {
    const written = value[form];
    if (typeof written !== 'string') return [];
    const literal = literalExpression(written, ignoreCase);
    const before = form === 'suffix' || form === 'contains' ? [ANYTHING] : [];
    const after = form === 'prefix' || form === 'contains' ? [ANYTHING] : [];
    const expression: ExpressionNode = { kind: 'sequence', items: [...before, literal, ...after] };
    return [{ path, text: `${form}: ${written}`, form, value: written, expression }];
  });
}
