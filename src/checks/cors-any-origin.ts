import { strangerLetIn } from '../envoy/origins/look-alikes.ts';
import { originMatchersOf } from '../envoy/origins/matcher.ts';
import type { Check } from './check.ts';
import { inPolicies } from './shared/cors-policies.ts';

const EXPLAINED: Readonly<Record<string, string>> = {
  '*': ', which stands for every site',
  null: ', which every sandboxed page sends',
};

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'CORS lets every site in',
  why: 'An origin matcher that matches the literal `*` matches all origins. Any page that a user visits can then call the API, with credentials as that user.',
  fix: 'list the origins of the app, each in full',
  find: (surface) =>
    inPolicies(surface, (policy) =>
      originMatchersOf(policy).flatMap((matcher) => {
        const stranger = strangerLetIn(matcher);
        if (stranger === undefined) return [];
        const message = `\`${matcher.text}\` lets \`${stranger}\` in${EXPLAINED[stranger] ?? ''}`;
        return [{ path: matcher.path, message }];
      }),
    ),
};
