import { policiesThatCount } from '../envoy/cors.ts';
import { protocolsOf } from '../envoy/http-filters.ts';
import { EVERY_PAGE, pageHeaders } from '../envoy/page-headers.ts';
import { isTrue } from '../envoy/proto-json.ts';
import { type ApiManager, apiManagers } from '../surface/envoy-api.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { crossingFrom } from '../surface/page-origin.ts';
import { pageIn, pageProtocol } from '../surface/page-protocol.ts';
import { publicSide } from '../surface/public-side.ts';
import type { Surface } from '../surface/surface.ts';
import type { JsonObject } from '../yaml/json.ts';
import type { Check } from './check.ts';

/** The list of upstream's chart since July 2026: a page of unknown age may send any of them. */
const OF_ANY = ['x-grpc-web', 'x-user-agent', 'x-user-email', 'x-user-name'];

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: 'CORS refuses headers that the page sends',
  why: 'Before a call to another origin the browser asks whether its headers are allowed, and makes none where one of them is not.',
  fix: 'add the headers to `allow_headers`',
  find: (surface) => apiManagers(surface).flatMap((manager) => onManager(manager, surface)),
};

function onManager(api: ApiManager, surface: Surface): Fault[] {
  const { certain, likely } = headersOf(api, surface);
  const calls = api.hosts.flatMap((host) => host.calls);
  return policiesThatCount(calls, (policy) => allowedBy(policy).length > 0).flatMap((policy) => {
    if (!policy) return [];
    const allowed = allowedBy(policy.value);
    // Browsers take the star for a name where credentials are sent.
    if (allowed.includes('*') && !isTrue(policy.value['allow_credentials'])) return [];
    const isMissing = (name: string) => !allowed.includes(name);
    const missing = certain.filter(isMissing);
    const doubtful = likely.filter(isMissing);
    if (missing.length + doubtful.length === 0) return [];
    const all = [...missing, ...doubtful];
    const verb = all.length > 1 ? 'are' : 'is';
    const path = [...policy.path, 'allow_headers'];
    return [
      inDocument(api.target, path, {
        ...judged(`${all.join(', ')} ${verb} not allowed`, missing.length > 0, surface),
        fix: `add \`${all.join(', ')}\` to \`allow_headers\``,
      }),
    ];
  });
}

/** An error where the page calls another origin and certainly sends one of them. */
function judged(message: string, isCertain: boolean, surface: Surface): Fault {
  const hosts = publicSide(surface, 'ui', 'envoy')?.hosts ?? [];
  const isCrossing = hosts.some((host) => crossingFrom(host, surface) === 'cross');
  if (isCrossing && isCertain) return { message };
  const doubt = isCrossing
    ? ', which matters where the image of the page sends them'
    : ', which matters as soon as a page calls from another origin';
  return { severity: 'warning', message: `${message}${doubt}` };
}

/** What the page is known to send, and what it may send. */
function headersOf(
  { manager }: ApiManager,
  surface: Surface,
): { certain: readonly string[]; likely: readonly string[] } {
  const spoken = protocolsOf(manager);
  const page = pageProtocol(surface);
  // One that Envoy does not understand has a finding of its own.
  if (page && (spoken?.has(page) ?? true)) return { certain: pageHeaders(page), likely: [] };
  const [only, ...others] = spoken ?? [];
  if (only !== undefined && others.length === 0 && only !== 'JSON')
    return { certain: pageHeaders(only), likely: [] };
  return { certain: EVERY_PAGE, likely: only === 'JSON' && !pageIn(surface) ? OF_ANY : [] };
}

function allowedBy({ allow_headers: value }: JsonObject): string[] {
  const text = typeof value === 'string' ? value : '';
  return text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
}
