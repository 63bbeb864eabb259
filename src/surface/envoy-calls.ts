/** The paths under which calls of browsers reach Envoy. */
import { basePathsOf } from './base-paths.ts';
import { once } from './once.ts';
import { CALL } from './path-match.ts';

/** One call, as it is where an entry takes the page's own path away, and as the page sends it. */
export const callUrls = once((surface): string[] => [
  ...new Set(['', ...basePathsOf(surface)].map((path) => `${path}${CALL}`)),
]);
