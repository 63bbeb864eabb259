/**
 * Whether the conditions of a route for headers hold.
 *
 * Source: Envoy's `config.route.v3.HeaderMatcher` and `type.matcher.v3.StringMatcher`; `:method` is a header, too. One that is absent fulfils
 * no condition but an inverted one, unless `treat_missing_header_as_empty` is set.
 */
import { asText, getIn, type Json, type JsonObject, objectAt } from '../yaml/json.ts';
import { isTrue } from './proto-json.ts';

/** By name in lower case, the values of which a header has one; none where it is absent. What is not listed is not known. */
export type KnownHeaders = Readonly<Record<string, readonly string[]>>;

/** Undefined where one is up to a header that is not known, or cannot be read. */
export function takesHeaders(
  matchers: readonly JsonObject[],
  known: KnownHeaders,
): boolean | undefined {
  const answers = matchers.map((matcher) => holds(matcher, known));
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

/** Those of the conditions that certainly do not hold, or are up to something that is not known. */
export function unmetHeaders(matchers: readonly JsonObject[], known: KnownHeaders): JsonObject[] {
  return matchers.filter((matcher) => holds(matcher, known) !== true);
}

function holds(matcher: JsonObject, known: KnownHeaders): boolean | undefined {
  const values = known[asText(matcher['name']).toLowerCase()];
  if (values === undefined) return undefined;
  const possible =
    values.length > 0 || !isTrue(matcher['treat_missing_header_as_empty']) ? values : [''];
  const isInverted = isTrue(matcher['invert_match']);
  const answers = (possible.length > 0 ? possible : [undefined]).map((value) => {
    const isMet = meets(matcher, value);
    return isMet === undefined ? undefined : isMet !== isInverted;
  });
  return answers.every((answer) => answer === answers[0]) ? answers[0] : undefined;
}

/** How the deprecated fields are called in `string_match`. */
const FORMER: Readonly<Record<string, string>> = {
  exact_match: 'exact',
  prefix_match: 'prefix',
  suffix_match: 'suffix',
  contains_match: 'contains',
  safe_regex_match: 'safe_regex',
};

function meets(matcher: JsonObject, value: string | undefined): boolean | undefined {
  const present = matcher['present_match'];
  if (present !== undefined) return isTrue(present) === (value !== undefined);
  if (value === undefined) return false;
  const former = Object.entries(FORMER).find(([key]) => matcher[key] !== undefined);
  if (former) return meetsText({ [former[1]]: matcher[former[0]] as Json }, value);
  if (matcher['range_match'] !== undefined) return undefined;
  const text = objectAt(matcher, ['string_match']);
  // Without any condition the header has to be there.
  return Object.keys(text).length === 0 ? true : meetsText(text, value);
}

function meetsText(matcher: JsonObject, value: string): boolean | undefined {
  const isCaseless = isTrue(matcher['ignore_case']);
  const own = (text: string) => (isCaseless ? text.toLowerCase() : text);
  const given = own(value);
  const textAt = (key: string) => {
    const text = matcher[key];
    return typeof text === 'string' ? own(text) : undefined;
  };
  const [exact, prefix, suffix, inner] = ['exact', 'prefix', 'suffix', 'contains'].map(textAt);
  if (exact !== undefined) return given === exact;
  if (prefix !== undefined) return given.startsWith(prefix);
  if (suffix !== undefined) return given.endsWith(suffix);
  if (inner !== undefined) return given.includes(inner);
  const regex = getIn(matcher, ['safe_regex', 'regex']);
  if (typeof regex !== 'string') return undefined;
  try {
    return new RegExp(`^(?:${regex})$`).test(value);
  } catch {
    return undefined;
  }
}
