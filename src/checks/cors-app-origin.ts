import type { Located } from '../envoy/bootstrap.ts';
import { isSwitchedOn, policiesThatCount } from '../envoy/cors.ts';
import {
  hasUnreadableMatcher,
  letsIn,
  originExpressionsOf,
  originMatchersOf,
} from '../envoy/origins/matcher.ts';
import { refusedBecause } from '../envoy/origins/re2.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import { type ApiVirtualHost, apiVirtualHosts } from '../surface/envoy-api.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { crossingFrom, isPageSeen } from '../surface/page-origin.ts';
import { placeholderIn } from '../surface/placeholders.ts';
import { originsOf, type PublicSide, publicSide, uiPorts } from '../surface/public-side.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, type JsonObject } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { type InPolicy, inPolicies } from './shared/cors-policies.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: "CORS does not let the page's origin in",
  why: 'The browser refuses the answers to calls of the page with a CORS error, where the page has another origin than the one that it calls.',
  fix: "add the page's origin to the allowed origins",
  find: (surface) => {
    // Pages come from the UI's own entry where it has one, else through Envoy.
    const side = publicSide(surface, 'ui', 'envoy');
    return [
      ...(side
        ? apiVirtualHosts(surface).flatMap((host) =>
            onHost(host, sideOf(host, side, surface), surface),
          )
        : []),
      ...inPolicies(surface, refusedExpressions, () => true),
    ];
  },
};

/** Of several releases in namespaces of their own, each page calls the Envoy of its own. */
function sideOf({ target }: ApiVirtualHost, side: PublicSide, surface: Surface): PublicSide {
  const home = target.resource.namespace;
  const isAlone = surface.envoys.every(({ resource }) => resource.namespace === home);
  if (isAlone) return side;
  const names = side.names.filter(
    (name) =>
      !('entry' in name) ||
      name.entry.paths.some(
        ({ host, role, backend }) =>
          role !== undefined && host === name.host && sameNamespace(backend.namespace, home),
      ),
  );
  const hosts = new Set(names.map(({ host }) => host.toLowerCase()));
  return { ...side, names, hosts: side.hosts.filter((host) => hosts.has(host)) };
}

/** An origin that is not let in, with the host of the page that it belongs to. */
interface Missing {
  name: string;
  origin: string;
}

function onHost(host: ApiVirtualHost, side: PublicSide, surface: Surface): Fault[] {
  if (side.hosts.length === 0) return [];
  const found = policiesThatCount(host.calls, hasOrigins).flatMap((policy): Fault[] => {
    // The origin of a page that is served from somewhere else cannot be seen here.
    if (policy && hasOrigins(policy.value) && !isPageSeen(surface)) return [];
    const missing = policy
      ? refusedOrigins(policy, side, surface)
      : side.hosts.map((name) => ({ name, origin: originsOf(side, name)[0] ?? name }));
    if (missing.length === 0) return [];
    const origins = missing.map(({ origin }) => origin);
    const shown = `${origins.map((origin) => `\`${origin}\``).join(' and ')} ${origins.length > 1 ? 'are' : 'is'} not let in`;
    const fix = `add ${origins.map((origin) => `\`exact: ${origin}\``).join(', ')}`;
    const hosts = missing.map(({ name }) => name);
    if (!policy) return [judged(withoutPolicy(host, shown, fix), hosts, surface)];
    const path = [...policy.path, 'allow_origin_string_match'];
    return [judged(inDocument(host.target, path, { message: shown, fix }), hosts, surface)];
  });
  return [...switchedOff(host).map((fault) => judged(fault, side.hosts, surface)), ...found];
}

/** An error where the page of one of the hosts calls another origin; else nothing fails for that reason today. */
function judged(fault: Fault, hosts: readonly string[], surface: Surface): Fault {
  const crossings = hosts.map((host) => crossingFrom(host, surface));
  if (crossings.includes('cross')) return fault;
  const why = crossings.includes('unknown')
    ? 'which matters where the page is served from there and calls another host'
    : 'which matters as soon as the page is opened at another origin than the one that it calls';
  return { ...fault, severity: 'warning', message: `${fault.message}, ${why}` };
}

function withoutPolicy(
  { target, host, filterName, policies }: ApiVirtualHost,
  shown: string,
  fix: string,
): Fault {
  const unread = policies.find(({ isRead, isDeprecated }) => !isRead && !isDeprecated);
  if (!unread) {
    const message = `there is no CORS policy, so that ${shown}`;
    return inDocument(target, host.path, { message, fix });
  }
  return inDocument(target, unread.path, {
    message: `the cors filter is named ${filterName}, and reads no policy under another name, so that ${shown}`,
    fix: `put the policy under \`${filterName}\``,
  });
}

function switchedOff({ calls, host, target }: ApiVirtualHost): Fault[] {
  if (calls.every(isSwitchedOn)) return [];
  return [
    inDocument(target, host.path, {
      message: `CORS is switched off for calls of the API in virtual host ${asText(host.value['name'])}: no origin is let in`,
      fix: 'take `disabled: true`, or `filter_enabled` with 0 %, away',
    }),
  ];
}

function refusedOrigins(policy: Located, side: PublicSide, surface: Surface): Missing[] {
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
      return isLetIn ? [] : candidates.slice(0, 1).map((origin) => ({ name, origin }));
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
      { path, message, fix: 'write the origin as `exact`, or as an expression of RE2 alone' },
    ];
  });
}
