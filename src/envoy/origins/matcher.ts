/**
 * The origin matchers of a CORS policy.
 *
 * Sources: Envoy's `type.matcher.v3.StringMatcher` (`ignore_case` has no effect on `safe_regex`); `allow_origin` and
 * `allow_origin_regex`, which Envoy had before 1.16.
 */
import { getIn, type Json } from '../../yaml/json.ts';
import { fieldsAt, isTrue, type Path, viewOf } from '../proto-json.ts';
import { compileExpression, type Matches } from './re2.ts';

const LIST = 'allow_origin_string_match';

/** One matcher of a CORS policy. */
export interface OriginMatcher {
  /** Where it stands in its policy: `['allow_origin_string_match', 0]`. */
  path: Path;
  /** As it is written: `prefix: https://`. */
  text: string;
  form: 'exact' | 'prefix' | 'suffix' | 'contains' | 'safe_regex';
  value: string;
  /** Whether it takes an origin, as a whole. */
  matches: Matches;
}

/** Every matcher that can be read; malformed expressions, which Envoy refuses, and custom matchers are left out. */
export function originMatchersOf(policy: Json | undefined): OriginMatcher[] {
  return writtenMatchers(policy).flatMap(readMatcher);
}

/** Every expression of a policy as it is written, whether it can be read or not. */
export function originExpressionsOf(policy: Json | undefined): { path: Path; regex: string }[] {
  return writtenMatchers(policy).flatMap(({ path, json }) => {
    const regex = expressionOf(json);
    return regex === undefined ? [] : [{ path, regex }];
  });
}

/** Whether a policy has an origin matcher whose reach nobody can tell from here. */
export function hasUnreadableMatcher(policy: Json | undefined): boolean {
  return writtenMatchers(policy).some(
    (written) => written.isCurrent && readMatcher(written).length === 0,
  );
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

interface WrittenMatcher {
  path: Path;
  json: Json;
  /** Of today's list. */
  isCurrent: boolean;
}

/** The matchers of a policy in the form of today's list, with those of the fields before it. */
function writtenMatchers(policy: Json | undefined): WrittenMatcher[] {
  const listed = (key: string, formOf: (value: Json) => Json) =>
    fieldsAt(policy, [key]).flatMap(({ path, value: values }) =>
      (Array.isArray(values) ? values : []).map((value, index) => ({
        path: [...path, index],
        json: formOf(viewOf(value)),
        isCurrent: key === LIST,
      })),
    );
  return [
    ...listed(LIST, (matcher) => matcher),
    ...listed('allow_origin', (exact) => ({ exact })),
    ...listed('allow_origin_regex', (regex) => ({ regex })),
  ];
}

function expressionOf(json: Json): string | undefined {
  const regex = getIn(json, ['safe_regex', 'regex']) ?? getIn(json, ['regex']);
  return typeof regex === 'string' ? regex : undefined;
}

function readMatcher({ path, json }: WrittenMatcher): OriginMatcher[] {
  const regex = expressionOf(json);
  if (regex !== undefined) {
    const matches = compileExpression(regex);
    const text = `safe_regex: ${regex}`;
    return matches ? [{ path, text, form: 'safe_regex', value: regex, matches }] : [];
  }
  const ignoresCase = isTrue(getIn(json, ['ignore_case']));
  const fold = (text: string) => (ignoresCase ? text.toLowerCase() : text);
  return (['exact', 'prefix', 'suffix', 'contains'] as const).flatMap((form) => {
    const value = getIn(json, [form]);
    if (typeof value !== 'string') return [];
    const matches = (origin: string) => TESTS[form](fold(origin), fold(value));
    return [{ path, text: `${form}: ${value}`, form, value, matches }];
  });
}
