/** Whether the page and its calls have one origin: the browser asks nothing of CORS then. */
import { hostOfUrl, isTemplated } from '../net/addresses.ts';
import { getIn, strings } from '../yaml/json.ts';
import { once } from './once.ts';
import { jsonOf } from './parts.ts';
import { publicSide, serves } from './public-side.ts';
import type { Surface } from './surface.ts';

/** `unknown` where the page is not in these manifests, or nobody can tell what it calls. */
type Crossing = 'cross' | 'same' | 'unknown';

/** Whether the manifests, or the config, show where the page is served. */
export const isPageSeen = once(
  (surface) =>
    surface.settings !== undefined || surface.uis.length > 0 || surface.entriesOf('ui').length > 0,
);

/** @param host - under which the page is opened, in lower case */
export function crossingFrom(host: string, surface: Surface): Crossing {
  const written = strings(surface.uis.map((ui) => getIn(jsonOf(ui), ['apiBaseUrl']) ?? null));
  if (written.length > 0) {
    const called = written.map((text) =>
      text === '' || /^\/(?!\/)/.test(text) ? host : hostOfUrl(text)?.toLowerCase(),
    );
    if (written.some(isTemplated) || called.some((each) => each === undefined)) return 'unknown';
    // Of several pages, those of other releases call other hosts.
    return called.includes(host) ? 'same' : 'cross';
  }
  const calls = publicSide(surface, 'envoy');
  if (!calls) return 'unknown';
  return serves(calls, host) ? 'same' : 'cross';
}
