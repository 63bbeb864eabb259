/** Whether the UI calls the origin that leads to Envoy. */
import { originMatchersOf } from '../../envoy/origins/matcher.ts';
import { samplesOf, textOf } from '../../envoy/origins/samples.ts';
import { isTemplated } from '../../net/addresses.ts';
import { parseUrl } from '../../net/url.ts';
import { getIn } from '../../yaml/json.ts';
import { addressesOf, isReachedAt } from '../addresses.ts';
import { lacksTls } from '../entry-tls.ts';
import { corsPolicies } from '../envoy-api.ts';
import { type DocumentTarget, jsonOf } from '../parts.ts';
import { placeholderIn } from '../placeholders.ts';
import {
  expectedPort,
  isExplained,
  isPublicPort,
  originsOf,
  publicSide,
  serves,
  workerPorts,
} from '../public-side.ts';
import type { Surface } from '../surface.ts';
import { type Fault, inDocument } from './fault.ts';

/** What is wrong with the `apiBaseUrl` of a UI: no entry leads its calls to Envoy. */
export function uiFault(target: DocumentTarget, surface: Surface): Fault | undefined {
  const written = getIn(jsonOf(target), ['apiBaseUrl']);
  const fault = judge(written, surface) ?? withoutTls(String(written), surface);
  return fault && inDocument(target, ['apiBaseUrl'], fault);
}

function judge(written: unknown, surface: Surface): Fault | undefined {
  const side = publicSide(surface, 'envoy');
  const wrong = (message: string): Fault => ({
    message,
    mend: side && `write \`${originsOf(side, side.hosts[0] ?? '')[0]}\``,
  });
  if (typeof written !== 'string') return wrong('apiBaseUrl is not a string');
  if (isTemplated(written) || placeholderIn(written) !== undefined) return undefined;
  // A path alone is called at the origin that served the page.
  if (written === '' || /^\/(?!\/)/.test(written)) return pathFault(written, undefined, surface);
  const url = /^https?:\/\//i.test(written) ? parseUrl(written) : undefined;
  if (!url) return wrong('apiBaseUrl is not a URL with http or https');
  if (!side || isExplained(surface, url.hostname))
    return pathFault(url.pathname, url.hostname, surface);
  if (!serves(side, url.hostname))
    return wrong(
      `${url.hostname} is not the host of an entry that leads to Envoy (${side.hosts.join(', ')})`,
    );
  const scheme = url.protocol === 'http:' ? 'http' : 'https';
  if (side.scheme !== 'either' && scheme !== side.scheme)
    return wrong(`${url.hostname} is served over ${side.scheme}, but the URL says ${scheme}`);
  const port = url.port === '' ? (scheme === 'http' ? 80 : 443) : Number(url.port);
  const isConfirmed = () => workerPorts(surface).includes(port) || isLetIn(surface, url.origin);
  if (!isPublicPort(side, scheme, port, isConfirmed))
    return wrong(
      `port ${port} is not that of the entry for ${url.hostname}, which is ${expectedPort(side, scheme)}`,
    );
  return pathFault(url.pathname, url.hostname, surface);
}

/**
 * A path comes in front of every call. The function keeps it, because it belongs to the base's own routing: it is right where an
 * entry leads it to Envoy and takes it away, and nobody can tell where there is no entry in these manifests.
 */
function pathFault(path: string, host: string | undefined, surface: Surface): Fault | undefined {
  if (path.length <= 1) return undefined;
  const entries = surface
    .entriesOf('envoy')
    .flatMap((entry) =>
      entry.paths.filter(
        (one) =>
          one.role === 'envoy' &&
          (host === undefined || one.host === '' || isReachedAt({ host: one.host, entry }, host)),
      ),
    );
  const isLed = entries.some((entry) => entry.path !== '/' && entry.path.startsWith(path));
  if (entries.length === 0 || isLed) return undefined;
  return {
    message: `every call starts with the path ${path}, but no entry leads that path to Envoy`,
    mend: 'remove the path in the base, or add an entry that leads it to Envoy and rewrites it to /',
  };
}

/** The URL says https, and every entry of its host lacks the TLS that it should have. */
function withoutTls(written: string, surface: Surface): Fault | undefined {
  const url = parseUrl(written);
  if (url?.protocol !== 'https:') return undefined;
  const entries = addressesOf('envoy', surface)
    .filter((address) => isReachedAt(address, url.hostname))
    .map(({ entry }) => entry);
  const [first] = entries;
  if (!first || !entries.every((entry) => lacksTls(entry, surface))) return undefined;
  const { kind, name } = first.resource;
  return {
    message: `the URL says https, but ${kind} ${name}, which serves ${url.hostname}, has no TLS`,
    mend: `give ${kind} ${name} its TLS block or an HTTPS listener`,
  };
}

/** Whether CORS names an origin, its port included: a second place that says the same. */
function isLetIn(surface: Surface, origin: string): boolean {
  return corsPolicies(surface)
    .flatMap(({ policy }) => originMatchersOf(policy.value))
    .flatMap(samplesOf)
    .some((sample) => textOf(sample) === origin && sample.every(({ isWild }) => !isWild));
}
