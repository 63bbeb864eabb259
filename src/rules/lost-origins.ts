/**
 * Origins that a CORS policy of the base lets in, and that the config does not: another product, or a partner, may need them.
 *
 * Expressions are not tried, only read: the function does without RE2.
 */
import type { Settings } from '../config/settings.ts';
import { fieldsAt, viewOf } from '../envoy/proto-json.ts';
import { hostOfUrl } from '../net/addresses.ts';
import { jsonOf } from '../surface/parts.ts';
import { placeholderIn } from '../surface/placeholders.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, type Json, type JsonObject, leavesOf } from '../yaml/json.ts';

const LISTS = ['allow_origin_string_match', 'allow_origin', 'allow_origin_regex'];

/** The hosts under which the base's app, or its page, is opened: what its entries and the UI's config say. */
export function appHosts(surface: Surface): string[] {
  const entries = [...surface.entriesOf('envoy'), ...surface.entriesOf('ui')];
  const urls = surface.uis.map((target) => asText(getIn(jsonOf(target), ['apiBaseUrl'])));
  const hosts = [
    ...entries.flatMap((entry) => entry.hosts),
    ...urls.flatMap((url) => hostOfUrl(url) ?? []),
  ];
  return [...new Set(hosts)];
}

/**
 * The origins that go, and the expressions, as they are written.
 * @param known - hosts of the base's app; without any, the only origin of a policy is the app's
 */
export function lostOrigins(
  policy: JsonObject,
  settings: Settings,
  known: readonly string[],
): string[] {
  const matchers = LISTS.flatMap((list) => fieldsAt(policy, [list]))
    .flatMap(({ value }) => (Array.isArray(value) ? value : []))
    .map((matcher) => readMatcher(viewOf(matcher)));
  if (known.length === 0 && matchers.length < 2) return [];
  const hosts = [...known, ...settings.hosts.ui.map(({ host }) => host)];
  const lost = matchers.filter(({ text }) => !isKept(text, hosts, settings));
  return [...new Set(lost.map(({ shown }) => shown))];
}

/** What a matcher looks for, the only text in it, and the same with its form. */
function readMatcher(matcher: Json): { text: string; shown: string } {
  const [{ path, value } = { path: [], value: '' }] = leavesOf(matcher);
  const [form = 'exact'] = path;
  return { text: value, shown: form === 'exact' ? value : `${form}: ${value}` };
}

function isKept(text: string, hosts: readonly string[], { origins }: Settings): boolean {
  const plain = text.replaceAll('[.]', '.').replaceAll('\\', '').toLowerCase();
  return (
    placeholderIn(text) !== undefined ||
    hosts.some((host) => plain.includes(host.replace(/^\*/, '')) || isPartOf(plain, host)) ||
    origins.some(
      ({ origin, regex }) =>
        text === regex || new RegExp(`^(?:${regex})$`).test(text) || plain === origin,
    )
  );
}

/** A suffix of the host's origin, or a beginning of it that goes beyond the scheme. */
function isPartOf(text: string, host: string): boolean {
  const isMoreThanScheme = !'https://'.startsWith(text) && !'http://'.startsWith(text);
  return host.endsWith(text) || (isMoreThanScheme && `https://${host}`.startsWith(text));
}
