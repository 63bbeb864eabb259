/** Origins that Envoy's CORS policies let in and should not. */

import { lookAlikesLetIn, strangerLetIn } from '../envoy/origins/look-alikes.ts';
import { type OriginMatcher, originMatchersOf } from '../envoy/origins/matcher.ts';
import { apiManagers } from '../surface/cors-policies.ts';
import { toPath } from '../yaml/path.ts';
import { documentFinding, type Finding, type Search } from './shared/catalogue.ts';

const origins: Search = (view) =>
  apiManagers(view)
    .flatMap(({ hosts }) => hosts)
    .flatMap(({ target, policies }) => {
      // A route table's policy belongs to each of its virtual hosts.
      return policies.flatMap((policy) =>
        originMatchersOf(policy.value).flatMap((matcher): Finding[] => {
          const found = judge(matcher);
          const path = toPath([...policy.path, ...matcher.path]);
          return found ? [documentFinding(found.code, target, { ...found, path })] : [];
        }),
      );
    })
    .filter((found, index, all) => index === all.findIndex((other) => isSame(found, other)));

function judge(matcher: OriginMatcher) {
  const stranger = strangerLetIn(matcher);
  if (stranger !== undefined)
    return {
      code: 'cors-any-origin' as const,
      message: `\`${matcher.text}\` lets \`${stranger}\` in${EXPLAINED[stranger] ?? ''}`,
    };
  const lookAlikes = lookAlikesLetIn(matcher);
  if (lookAlikes.length === 0) return undefined;
  return {
    code: 'cors-loose-origin' as const,
    message: `\`${matcher.text}\` lets ${lookAlikes.map((origin) => `\`${origin}\``).join(', ')} in`,
  };
}

const EXPLAINED: Readonly<Record<string, string>> = {
  '*': ', which stands for every site',
  null: ', which every sandboxed page sends',
};

function isSame(left: Finding, right: Finding): boolean {
  return (
    left.path === right.path &&
    left.resource?.name === right.resource?.name &&
    left.resource?.namespace === right.resource?.namespace
  );
}

export const ENVOY_ORIGIN_CHECKS: readonly Search[] = [origins];
