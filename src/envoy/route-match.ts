/**
 * Which requests a route takes, by their path and by headers that are known.
 *
 * Source: Envoy's `config.route.v3.RouteMatch`: the first route that matches counts; `safe_regex` has to match the whole path;
 * `path_separated_prefix` goes by elements; `grpc` matches `application/grpc` alone, and not gRPC-Web (tried with Envoy 1.40).
 */
import { getIn, isObject, type JsonObject, list, objectAt } from '../yaml/json.ts';
import type { Located } from './bootstrap.ts';
import { isEnum, numberOf } from './proto-json.ts';
import { type KnownHeaders, takesHeaders } from './route-headers.ts';

/** Further conditions: a route that has one takes a part of what its path says. */
const CONDITIONS = ['query_parameters', 'tls_context', 'dynamic_metadata', 'filter_state'];

/**
 * Whether a route takes a call of a browser; undefined where that is up to more than what is known of it, or cannot be read.
 * @param url - a path without a query
 * @param headers - what is known of its headers
 */
export function takesCall(
  { value }: Located,
  url: string,
  headers: KnownHeaders = {},
): boolean | undefined {
  const match = objectAt(value, ['match']);
  if (match['grpc'] !== undefined) return false;
  const isTaken = takesPath(match, url);
  const answers = [isTaken, takesHeaders(list(match['headers']), headers)];
  // What is known of headers is of calls, which have no query.
  if (Object.keys(headers).length > 0 && asksForQuery(match)) return false;
  const share = shareOf(match);
  // A key may be set to something else while Envoy runs.
  const isFixed = getIn(match, ['runtime_fraction', 'runtime_key']) === undefined;
  if (answers.includes(false) || (share === 0 && isFixed)) return false;
  if (share < 1 || !isFixed) return undefined;
  if (CONDITIONS.some((key) => match[key] !== undefined)) return undefined;
  return answers.includes(undefined) ? undefined : true;
}

/** How much of what matches a route takes, from 0 to 1. Source: Envoy's `type.v3.FractionalPercent`, in hundredths unless it says otherwise. */
export function shareOf(match: JsonObject): number {
  const fraction = getIn(match, ['runtime_fraction', 'default_value']);
  if (!isObject(fraction)) return 1;
  const { numerator = 0, denominator = null } = fraction;
  const isMillion = isEnum(denominator, 'MILLION', 2);
  const whole = isMillion ? 1e6 : isEnum(denominator, 'TEN_THOUSAND', 1) ? 1e4 : 100;
  return Math.min((numberOf(numerator) ?? whole) / whole, 1);
}

/** Whether a route takes requests with a query alone. Source: Envoy's `config.route.v3.QueryParameterMatcher`. */
export function asksForQuery(match: JsonObject): boolean {
  return list(match['query_parameters']).some(({ present_match: present }) => present !== false);
}

function takesPath(match: JsonObject, url: string): boolean | undefined {
  const isCaseless = match['case_sensitive'] === false;
  const own = (text: string) => (isCaseless ? text.toLowerCase() : text);
  const textAt = (key: string) => {
    const text = match[key];
    return typeof text === 'string' ? own(text) : undefined;
  };
  const path = own(url);
  const prefix = textAt('prefix');
  if (prefix !== undefined) return path.startsWith(prefix);
  const exact = textAt('path');
  if (exact !== undefined) return path === exact;
  const folder = textAt('path_separated_prefix');
  if (folder !== undefined) return path === folder || path.startsWith(`${folder}/`);
  const regex = getIn(match, ['safe_regex', 'regex']);
  if (typeof regex !== 'string') return match['connect_matcher'] === undefined ? undefined : false;
  try {
    return new RegExp(`^(?:${regex})$`).test(url);
  } catch {
    return undefined;
  }
}

/** The routes of a list that may take a call: up to the first that certainly does, with it. */
export function routesTaking(
  routes: readonly Located[],
  url: string,
  headers?: KnownHeaders,
): Located[] {
  const found: Located[] = [];
  for (const route of routes) {
    const isTaken = takesCall(route, url, headers);
    if (isTaken !== false) found.push(route);
    if (isTaken === true) break;
  }
  return found;
}
