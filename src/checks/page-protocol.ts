import { type Located, objectIn, objectsIn, weightedClusters } from '../envoy/bootstrap.ts';
import { type BrowserProtocol, protocolsOf, translatorsOff } from '../envoy/http-filters.ts';
import { routesTaking } from '../envoy/route-match.ts';
import { virtualHostFor } from '../envoy/virtual-hosts.ts';
import { calledHosts } from '../surface/base-paths.ts';
import { type ApiManager, apiManagers } from '../surface/envoy-api.ts';
import { callHeaders, callUrls } from '../surface/envoy-calls.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { pageIn } from '../surface/page-protocol.ts';
import type { Surface } from '../surface/surface.ts';
import { toPointer } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { transcoderFaults } from './shared/transcoder.ts';

const FILTERS: Readonly<Record<BrowserProtocol, string>> = {
  'gRPC-Web': 'envoy.filters.http.grpc_web',
  Connect: 'envoy.filters.http.connect_grpc_bridge',
  JSON: 'envoy.filters.http.grpc_json_transcoder',
};

/** Source: docs/upstream-programs.md, "Which page needs which Envoy". */
export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'Envoy does not translate what the page speaks',
  why: 'No page can speak gRPC itself. Pages of Michelangelo spoke gRPC-Web until May 2026, Connect until July 2026, and speak JSON since: without the filter that fits, the API server answers every call of the page with 415.',
  fix: 'put the filter that the page needs between cors and router: `grpc_web`, `connect_grpc_bridge` or `grpc_json_transcoder`',
  find: (surface) => {
    const managers = apiManagers(surface);
    // Behind another port of the same Envoy, other clients may speak gRPC.
    const isTranslated = managers.some(({ manager }) => protocolsOf(manager)?.size !== 0);
    return managers.flatMap((api) => {
      const { target, manager } = api;
      const spoken = protocolsOf(manager);
      if (spoken === undefined || (spoken.size === 0 && isTranslated)) return [];
      const fault = spoken.size === 0 ? withoutAny(surface) : unfit(spoken, surface);
      return fault
        ? [inDocument(target, [...manager.path, 'http_filters'], fault)]
        : [...switchedOff(api, surface), ...transcoderFaults(api, surface)];
    });
  },
};

/** Where the filters are there, and a route or a virtual host that takes the page's calls switches them off. */
function switchedOff({ target, manager, hosts }: ApiManager, surface: Surface): Fault[] {
  const table = objectIn(manager, ['route_config']);
  const all = objectsIn(manager, ['route_config', 'virtual_hosts']);
  const called = calledHosts(surface).flatMap((host) => virtualHostFor(all, host) ?? []);
  const found = hosts.map(({ host, routes }) => {
    const own = objectsIn(host, ['routes']);
    const taking = callUrls(surface).flatMap((url) => {
      const [first] = routesTaking(own, url, callHeaders(surface));
      return routes.find((route) => first && isSame(route, first)) ?? [];
    });
    const owners = taking.flatMap((route) => {
      const weighted = weightedClusters(route);
      const said = [route, host, ...table];
      return weighted.length > 0 ? weighted.map((cluster) => [cluster, ...said]) : [said];
    });
    const lost = owners.find((each) => protocolsOf(manager, each)?.size === 0);
    return {
      isTaking: taking.length > 0,
      isCalled: called.length === 0 || called.some((one) => isSame(one, host)),
      at: lost && translatorsOff(manager, lost),
    };
  });
  // Another virtual host may be there for other clients.
  if (called.length === 0 && found.some(({ isTaking, at }) => isTaking && !at)) return [];
  return found.flatMap(({ at, isCalled }) => {
    if (!at || !isCalled) return [];
    const message = `${String(at.path.at(-1))} is switched off here, and nothing else translates calls of browsers to gRPC`;
    const { severity } = withoutAny(surface);
    return [inDocument(target, at.path, { severity, message, fix: 'take this entry away' })];
  });
}

function isSame(one: Located, other: Located): boolean {
  return toPointer(one.path) === toPointer(other.path);
}

function withoutAny(surface: Surface): Fault {
  const page = pageIn(surface);
  const isPageHere = surface.uis.length > 0;
  return {
    severity: isPageHere ? undefined : 'warning',
    message: `among the filters is none that translates calls of browsers to gRPC${page ? `, and the page (${page.image}) speaks ${page.protocols.join(' or ')}` : ''}${isPageHere ? '' : ': that is right only where no page calls this Envoy'}`,
    ...(page ? { fix: fixFor(page.protocols) } : {}),
  };
}

function unfit(spoken: ReadonlySet<BrowserProtocol>, surface: Surface): Fault | undefined {
  const page = pageIn(surface);
  if (!page || page.protocols.some((one) => spoken.has(one))) return undefined;
  const { protocols, image, isUpstream } = page;
  const own = [...spoken].map((one) => FILTERS[one].split('.').at(-1)).join(' and ');
  return {
    // A tag of another registry may stand for another page.
    severity: isUpstream ? undefined : 'warning',
    message: `the page (${image}) speaks ${protocols.join(' or ')}, and Envoy has ${own} alone${isUpstream ? '' : ', if the tag is that of the release'}`,
    fix: `${fixFor(protocols)}, or take an image of the page that speaks ${[...spoken].join(' or ')}`,
  };
}

function fixFor(protocols: readonly BrowserProtocol[]): string {
  const filters = protocols.map((one) => `\`${FILTERS[one]}\``).join(' or ');
  const more = protocols.includes('JSON')
    ? ' with the descriptors of the API (component json-transcoder)'
    : '';
  const which =
    protocols.length > 1
      ? ": the content-type of the page's calls in the browser's network tab says which"
      : '';
  return `add ${filters}${more} before the router${which}`;
}
