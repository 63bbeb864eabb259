import { hostOfUrl, isTemplated } from '../net/addresses.ts';
import { parseUrl } from '../net/url.ts';
import { getIn, strings } from '../yaml/json.ts';
import { once } from './once.ts';
import { jsonOf } from './parts.ts';

/**
 * What pages put in front of the paths of their calls: empty for nothing, `/api`; each once. Nothing where no page is here, or where one
 * cannot be read.
 */
export const basePathsOf = once(({ uis }): string[] => {
  const written = uis.map((ui) => getIn(jsonOf(ui), ['apiBaseUrl']));
  const found = written.map((text) => {
    if (typeof text !== 'string' || isTemplated(text)) return undefined;
    const path = text === '' || text.startsWith('/') ? text : parseUrl(text)?.pathname;
    return path?.replace(/\/$/, '');
  });
  if (found.some((path) => path === undefined)) return [];
  return [...new Set(found.flatMap((path) => path ?? []))];
});

/** The hosts that pages call, in lower case; none where a page calls the one that it is opened under. */
export const calledHosts = once(({ uis }): string[] => {
  const written = strings(uis.map((ui) => getIn(jsonOf(ui), ['apiBaseUrl']) ?? null));
  return [...new Set(written.flatMap((text) => hostOfUrl(text)?.toLowerCase() ?? []))];
});
