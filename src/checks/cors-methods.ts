/**
 * Methods that CORS allows, and what answers when a browser asks for them.
 *
 * Sources: WHATWG Fetch, "CORS-safelisted method" (GET, HEAD and POST pass whatever the list says) and "CORS-preflight fetch"; Envoy's
 * cors_filter.cc: the policy is that of the route which takes the OPTIONS request.
 */
import { objectsIn } from '../envoy/bootstrap.ts';
import { isSwitchedOn } from '../envoy/cors.ts';
import { routesTaking } from '../envoy/route-match.ts';
import { type ApiVirtualHost, apiVirtualHosts } from '../surface/envoy-api.ts';
import { callUrls, PREFLIGHT } from '../surface/envoy-calls.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { crossingFrom } from '../surface/page-origin.ts';
import { publicSide } from '../surface/public-side.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, isObject, toPointer } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { inPolicies } from './shared/cors-policies.ts';

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'CORS leaves the method of calls out',
  why: 'Before a call to another origin the browser asks with OPTIONS, and a route with the policy has to take that. Every call of the page is a POST: browsers send it whatever `allow_methods` says, others that read the list do not.',
  fix: 'let the route take OPTIONS as well, and list `GET, POST, OPTIONS` in `allow_methods`',
  find: (surface) => [
    ...inPolicies(surface, ({ allow_methods: written }) => {
      const methods = asText(written ?? '')
        .toUpperCase()
        .split(/[\s,]+/)
        .filter(Boolean);
      if (methods.length === 0 || methods.includes('*') || methods.includes('POST')) return [];
      return [
        {
          path: ['allow_methods'],
          message: `allow_methods is ${methods.join(', ')}, and every call of the page is a POST: browsers send it nevertheless, clients that read the list do not`,
          fix: 'add `POST`',
        },
      ];
    }).map((fault): Fault => ({ ...fault, severity: 'warning' })),
    ...apiVirtualHosts(surface).flatMap((host) => withoutPreflight(host, surface)),
  ],
};

/** Where a page calls another origin, and no route with a policy takes what its browser asks first. */
function withoutPreflight(api: ApiVirtualHost, surface: Surface): Fault[] {
  const { host, calls, target, hasOwn } = api;
  const pages = publicSide(surface, 'ui', 'envoy')?.hosts ?? [];
  const isCrossing = pages.some((page) => crossingFrom(page, surface) === 'cross');
  const isAllowed = calls.some((call) => isSwitchedOn(call) && call.chain.length > 0);
  const routes = objectsIn(host, ['routes']);
  if (!isCrossing || !isAllowed || routes.length === 0 || isObject(host.value['matcher']))
    return [];
  const asked = callUrls(surface).map((url) => ({
    url,
    taking: routesTaking(routes, url, PREFLIGHT),
  }));
  const leading = new Set(api.routes.map(({ path }) => toPointer(path)));
  const isAnswered = asked.some(({ taking }) =>
    taking.some(({ path }) => hasOwn || leading.has(toPointer(path))),
  );
  const [first] = api.routes;
  if (isAnswered || !first) return [];
  const { url, taking } = asked.at(-1) ?? { url: '', taking: [] };
  return [
    inDocument(target, [...first.path, 'match'], {
      message: `no route to the API takes what browsers ask first, OPTIONS ${url}${taking.length > 0 ? ', and the one that does has no CORS policy' : ''}: no call of the page at another origin gets through`,
      fix: 'take the condition for the method away, or put the policy at the virtual host and a route for OPTIONS beside it',
    }),
  ];
}
