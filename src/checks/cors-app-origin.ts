import type { Located } from '../envoy/bootstrap.ts';
import { isSwitchedOn, policiesThatCount } from '../envoy/cors.ts';
import {
  hasUnreadableMatcher,
  letsIn,
  originExpressionsOf,
  originMatchersOf,
} from '../envoy/origins/matcher.ts';
import { refusedBecause } from '../envoy/origins/re2.ts';
import { type ApiVirtualHost, apiVirtualHosts } from '../surface/envoy-api.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { placeholderIn } from '../surface/placeholders.ts';
import { originsOf, type PublicSide, publicSide, uiPorts } from '../surface/public-side.ts';
import type { Surface } from '../surface/surface.ts';
import type { JsonObject } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { type InPolicy, inPolicies } from './shared/cors-policies.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: "CORS does not let the app's own origin in",
  why: "The browser refuses the answers to the page's own calls with a CORS error.",
  mend: "add the app entry's origin to the allowed origins",
  find: (surface) => {
    // Pages come from the UI's own entry where it has one, else through Envoy.
    const side = publicSide(surface, 'ui', 'envoy');
    return [
      ...(side ? apiVirtualHosts(surface).flatMap((host) => onHost(host, side, surface)) : []),
      ...inPolicies(surface, refusedExpressions, () => true),
    ];
  },
};

function onHost(host: ApiVirtualHost, side: PublicSide, surface: Surface): Fault[] {
  const found = policiesThatCount(host.calls, hasOrigins).flatMap((policy): Fault[] => {
    const missing = policy
      ? refusedOrigins(policy, side, surface)
      : side.hosts.map((name) => originsOf(side, name)[0] ?? name);
    if (missing.length === 0) return [];
    const shown = `${missing.map((origin) => `\`${origin}\``).join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not let in`;
    const mend = `add ${missing.map((origin) => `\`exact: ${origin}\``).join(', ')}`;
    if (!policy) return [withoutPolicy(host, shown, mend)];
    const path = [...policy.path, 'allow_origin_string_match'];
    return [inDocument(host.target, path, { message: shown, mend })];
  });
  return [...switchedOff(host), ...found];
}

function withoutPolicy(
  { target, host, filterName, policies }: ApiVirtualHost,
  shown: string,
  mend: string,
): Fault {
  const unread = policies.find(({ isRead, isDeprecated }) => !isRead && !isDeprecated);
  if (!unread) {
    const message = `there is no CORS policy, so that ${shown}`;
    return inDocument(target, host.path, { message, mend });
  }
  return inDocument(target, unread.path, {
    message: `the cors filter is named ${filterName}, and reads no policy under another name, so that ${shown}`,
    mend: `put the policy under \`${filterName}\``,
  });
}

function switchedOff({ calls, host, target }: ApiVirtualHost): Fault[] {
  if (calls.every(isSwitchedOn)) return [];
  return [
    inDocument(target, host.path, {
      message: `CORS is switched off for calls of the API in virtual host ${String(host.value['name'])}: no origin is let in`,
      mend: 'take `disabled: true`, or `filter_enabled` with 0 %, away',
    }),
  ];
}

function refusedOrigins(policy: Located, side: PublicSide, surface: Surface): string[] {
  const matchers = originMatchersOf(policy.value);
  const isExplained = matchers.some(({ value }) => placeholderIn(value) !== undefined);
  if (isExplained || hasUnreadableMatcher(policy.value)) return [];
  const ports = side.port === undefined ? uiPorts(surface) : [];
  return side.hosts
    .filter((name) => !name.startsWith('*.'))
    .flatMap((name) => {
      const candidates = originsOf(side, name, ports);
      const isLetIn = candidates.some((origin) =>
        matchers.some((matcher) => letsIn(matcher, origin)),
      );
      return isLetIn ? [] : candidates.slice(0, 1);
    });
}

function hasOrigins(policy: Located['value']): boolean {
  return originMatchersOf(policy).length > 0 || hasUnreadableMatcher(policy);
}

/** Expressions that keep Envoy from starting. */
function refusedExpressions(policy: JsonObject): InPolicy[] {
  return originExpressionsOf(policy).flatMap(({ path, regex }) => {
    const reason = refusedBecause(regex);
    if (reason === undefined) return [];
    const message = `Envoy will not start with \`${regex}\`, which RE2 refuses: ${reason}`;
    return [
      { path, message, mend: 'write the origin as `exact`, or as an expression of RE2 alone' },
    ];
  });
}
