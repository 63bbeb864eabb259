/**
 * The matchers of Envoy's CORS policies for the allowed origins.
 *
 * Source: Envoy's `type.matcher.v3.StringMatcher`: `exact`, or `safe_regex`, which matches the whole origin.
 */
import type { Settings } from '../config/settings.ts';
import { type Path, viewOf } from '../envoy/proto-json.ts';
import { equalJson, getIn, isObject, type Json, type JsonObject } from '../yaml/json.ts';
import type { EnvoyDraft } from './envoy-draft.ts';

/** Item by item, so that the comments beside those that stay are kept. */
export function writeOrigins(draft: EnvoyDraft, path: Path, settings: Settings): void {
  const field = settings.hosts.ui[0].from;
  draft.removeTwin(path, field);
  const old = draft.get(path);
  const matchers = originMatchers(settings, viewOf(old));
  if (!Array.isArray(old) || old.length === 0) {
    draft.set(path, matchers, field);
    return;
  }
  for (const [index, matcher] of matchers.entries()) {
    const place = [...path, index];
    const origin = settings.origins[index]?.from ?? field;
    if (index >= old.length) draft.insert(path, index, matcher, origin);
    else if (haveSameKeys(old[index], matcher)) draft.reconcile(place, matcher, origin);
    else draft.set(place, matcher, origin);
  }
  for (let index = old.length - 1; index >= matchers.length; index -= 1)
    draft.remove([...path, index], field);
}

function haveSameKeys(left: Json | undefined, right: JsonObject): boolean {
  return isObject(left) && equalJson(Object.keys(left).sort(), Object.keys(right).sort());
}

/** One matcher for each origin, in the form that the policy already uses: exact, or a regular expression. */
export function originMatchers(settings: Settings, written: Json | undefined): JsonObject[] {
  const old = Array.isArray(written) ? written.filter(isObject) : [];
  const isExactForm = old.some((matcher) => 'exact' in matcher);
  // Envoys before 1.27 ask for the engine's name beside the expression.
  const engine = old.map((matcher) => getIn(matcher, ['safe_regex', 'google_re2'])).find(isObject);
  return settings.origins.map(({ origin, regex }, index): JsonObject => {
    const form = isExactForm && !origin.includes('*') ? 'exact' : 'safe_regex';
    const matcher: JsonObject =
      form === 'exact'
        ? { exact: origin }
        : { safe_regex: { ...(engine ? { google_re2: engine } : {}), regex } };
    const ignoreCase =
      getIn(old[index], [form]) === undefined ? undefined : old[index]?.['ignore_case'];
    return ignoreCase === undefined ? matcher : { ...matcher, ignore_case: ignoreCase };
  });
}
