import { lookAlikesLetIn, strangerLetIn } from '../envoy/origins/look-alikes.ts';
import { originMatchersOf } from '../envoy/origins/matcher.ts';
import type { Check } from './check.ts';
import { inPolicies } from './shared/cors-policies.ts';

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'CORS lets look-alikes in',
  why: 'Dots that are not escaped match any character, and an expression that is open at either end matches longer names: a site that somebody else can register is let in.',
  fix: 'escape every dot as `\\.`, write the scheme and the whole host, and a port where there is one; `exact` needs no escapes',
  find: (surface) =>
    inPolicies(surface, (policy) =>
      originMatchersOf(policy).flatMap((matcher) => {
        // One that lets everybody in has a code of its own.
        const origins = strangerLetIn(matcher) === undefined ? lookAlikesLetIn(matcher) : [];
        if (origins.length === 0) return [];
        const shown = origins.map((origin) => `\`${origin}\``).join(', ');
        return [{ path: matcher.path, message: `\`${matcher.text}\` lets ${shown} in` }];
      }),
    ),
};
