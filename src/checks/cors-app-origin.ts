import type { Located } from '../envoy/bootstrap.ts';
import {
  hasUnreadableMatcher,
  letsIn,
  originExpressionsOf,
  originMatchersOf,
} from '../envoy/origins/matcher.ts';
import { refusedBecause } from '../envoy/origins/refused.ts';
import { originOf } from '../net/origins.ts';
import { type ApiVirtualHost, apiManagers, effective } from '../surface/cors-policies.ts';
import { placeholderIn } from '../surface/placeholders.ts';
import { expectedPort, type PublicSide, publicSide, uiPorts } from '../surface/public-side.ts';
import type { Surface } from '../surface/surface.ts';
import type { JsonObject } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import { type Check, type FindingDetails, inDocument } from './check.ts';
import { type InPolicy, inPolicies } from './shared/cors-policies.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: "CORS does not let the app's own origin in",
  why: "The browser refuses the answers to the page's own calls with a CORS error.",
  mend: "add the app entry's origin to the allowed origins",
  find: (view) => [...withoutAppOrigin(view), ...inPolicies(view, refusedExpressions)],
};

function withoutAppOrigin(view: Surface): FindingDetails[] {
  // Pages come from the UI's own entry where it has one, else through Envoy.
  const side = publicSide(view, 'ui', 'envoy');
  if (!side) return [];
  return apiManagers(view).flatMap(({ hosts }) =>
    hosts.flatMap((host) => onHost(host, side, view)),
  );
}

function onHost(host: ApiVirtualHost, side: PublicSide, view: Surface): FindingDetails[] {
  const seen = new Set<string>();
  return [
    ...switchedOff(host),
    ...host.chains.flatMap((chain): FindingDetails[] => {
      const policy = effective(chain, (candidate) => hasOrigins(candidate)) ?? chain[0];
      const path = toPath(policy?.path ?? host.host.path);
      if (seen.has(path)) return [];
      seen.add(path);
      const missing = policy
        ? refusedOrigins(policy, side, view)
        : side.hosts.map((name) => candidatesOf(name, side, view)[0] ?? name);
      if (missing.length === 0) return [];
      const shown = missing.map((origin) => `\`${origin}\``).join(' and ');
      return [
        inDocument(host.target, {
          path: policy ? `${path}.allow_origin_string_match` : path,
          message: policy
            ? `${shown} ${missing.length > 1 ? 'are' : 'is'} not let in`
            : `there is no CORS policy, so that ${shown} ${missing.length > 1 ? 'are' : 'is'} not let in`,
          mend: `add ${missing.map((origin) => `\`exact: ${origin}\``).join(', ')}`,
        }),
      ];
    }),
  ];
}

function switchedOff({ isOff, host, target }: ApiVirtualHost): FindingDetails[] {
  if (!isOff) return [];
  return [
    inDocument(target, {
      path: toPath(host.path),
      message: `CORS is switched off for calls of the API in virtual host ${String(host.value['name'])}: no origin is let in`,
      mend: 'take `disabled: true`, or `filter_enabled` with 0 %, away',
    }),
  ];
}

function refusedOrigins(policy: Located, side: PublicSide, view: Surface): string[] {
  const matchers = originMatchersOf(policy.value);
  const isExplained = matchers.some(({ value }) => placeholderIn(value) !== undefined);
  if (isExplained || hasUnreadableMatcher(policy.value)) return [];
  return side.hosts
    .filter((name) => !name.startsWith('*.'))
    .flatMap((name) => {
      const candidates = candidatesOf(name, side, view);
      const isLetIn = candidates.some((origin) =>
        matchers.some((matcher) => letsIn(matcher, origin)),
      );
      return isLetIn ? [] : candidates.slice(0, 1);
    });
}

/** The origins that pages under a name may have, the likeliest first. */
function candidatesOf(name: string, side: PublicSide, view: Surface): string[] {
  const schemes = side.scheme === 'either' ? (['https', 'http'] as const) : [side.scheme];
  const ports = side.port === undefined ? uiPorts(view) : [];
  return schemes.flatMap((scheme) =>
    [expectedPort(side, scheme), ...ports].map((port) => originOf(scheme, name, port)),
  );
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
