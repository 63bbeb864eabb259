/** Whether CORS lets the pages in that the app's entries serve. */

import type { Located } from '../../envoy/bootstrap.ts';
import { hasUnreadableMatcher, letsIn, originMatchersOf } from '../../envoy/origins/matcher.ts';
import { originOf } from '../../net/origins.ts';
import { type ApiVirtualHost, apiManagers, effective } from '../../surface/cors-policies.ts';
import { placeholderIn } from '../../surface/placeholders.ts';
import { expectedPort, type PublicSide, publicSide, uiPorts } from '../../surface/public-side.ts';
import type { ManifestView } from '../../surface/view.ts';
import { toPath } from '../../yaml/path.ts';
import { documentFinding, type Finding, type Search } from '../shared/catalogue.ts';

export const corsAppOrigin: Search = (view) => {
  // Pages come from the UI's own entry where it has one, else through Envoy.
  const side = publicSide(view, 'ui', 'envoy');
  if (!side) return [];
  return apiManagers(view).flatMap(({ hosts }) =>
    hosts.flatMap((host) => onHost(host, side, view)),
  );
};

function onHost(host: ApiVirtualHost, side: PublicSide, view: ManifestView): Finding[] {
  const seen = new Set<string>();
  return [
    ...switchedOff(host),
    ...host.chains.flatMap((chain): Finding[] => {
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
        documentFinding('cors-app-origin', host.target, {
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

function switchedOff({ isOff, host, target }: ApiVirtualHost): Finding[] {
  if (!isOff) return [];
  return [
    documentFinding('cors-app-origin', target, {
      path: toPath(host.path),
      message: `CORS is switched off for calls of the API in virtual host ${String(host.value['name'])}: no origin is let in`,
      mend: 'take `disabled: true`, or `filter_enabled` with 0 %, away',
    }),
  ];
}

function refusedOrigins(policy: Located, side: PublicSide, view: ManifestView): string[] {
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
function candidatesOf(name: string, side: PublicSide, view: ManifestView): string[] {
  const schemes = side.scheme === 'either' ? (['https', 'http'] as const) : [side.scheme];
  const ports = side.port === undefined ? uiPorts(view) : [];
  return schemes.flatMap((scheme) =>
    [expectedPort(side, scheme), ...ports].map((port) => originOf(scheme, name, port)),
  );
}

function hasOrigins(policy: Located['value']): boolean {
  return originMatchersOf(policy).length > 0 || hasUnreadableMatcher(policy);
}
