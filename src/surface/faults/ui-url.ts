/** Whether the UI calls the origin that leads to Envoy. */
import { routesOf } from '../../envoy/bootstrap.ts';
import { originMatchersOf } from '../../envoy/origins/matcher.ts';
import { samplesOf, textOf } from '../../envoy/origins/samples.ts';
import { isTemplated } from '../../net/addresses.ts';
import { parseUrl } from '../../net/url.ts';
import { asText, getIn, strings } from '../../yaml/json.ts';
import { addressesOf, isReachedAt } from '../addresses.ts';
import type { Entry } from '../entry.ts';
import { lacksTls } from '../entry-tls.ts';
import { corsPolicies } from '../envoy-api.ts';
import { otherEntries } from '../other-entries.ts';
import { lacksHost } from '../other-hosts.ts';
import { type DocumentTarget, jsonOf } from '../parts.ts';
import { CALL, takes } from '../path-match.ts';
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
import { pathOfCallsAt } from '../rewrites.ts';
import { rewritten } from '../rewritten-path.ts';
import type { Surface } from '../surface.ts';
import { type Fault, inDocument } from './fault.ts';

/** What is wrong with the `apiBaseUrl` of a UI: no entry leads its calls to Envoy. */
export function uiFault(target: DocumentTarget, surface: Surface): Fault | undefined {
  const written = getIn(jsonOf(target), ['apiBaseUrl']);
  const fault = judge(written, surface) ?? withoutTls(asText(written), surface);
  return fault && inDocument(target, ['apiBaseUrl'], fault);
}

function judge(written: unknown, surface: Surface): Fault | undefined {
  const side = publicSide(surface, 'envoy');
  const wrong = (message: string): Fault => ({
    message,
    fix: side && `write \`${originsOf(side, side.hosts[0] ?? '')[0]}\``,
  });
  if (typeof written !== 'string') return wrong('apiBaseUrl is not a string');
  if (isTemplated(written) || placeholderIn(written) !== undefined) return undefined;
  // A path alone is called at the origin that served the page.
  if (written === '' || /^\/(?!\/)/.test(written)) return pathFault(written, undefined, surface);
  const url = /^https?:\/\//i.test(written) ? parseUrl(written) : undefined;
  if (!url) return wrong('apiBaseUrl is not a URL with http or https');
  if (!side || isExplained(surface, url.hostname))
    return besideOthers(url.hostname, surface) ?? pathFault(url.pathname, url.hostname, surface);
  // What an entry's host will be is not known yet.
  if (!serves(side, url.hostname) && side.hosts.some(isTemplated)) return undefined;
  if (!serves(side, url.hostname)) {
    const { message, fix } = wrong(
      `${url.hostname} is not the host of an entry that leads to Envoy (${side.hosts.join(', ')})`,
    );
    return { message, fix: `${fix}; where ${url.hostname} is meant, give it to the entry` };
  }
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

/** Of entries of other kinds the hosts alone are read. */
function besideOthers(host: string, surface: Surface): Fault | undefined {
  const other = lacksHost('app', host, surface);
  return (
    other && {
      severity: 'warning',
      message: `${host} is not among the hosts of ${other.label}, which leads to Envoy: ${other.hosts.join(', ')}`,
      fix: 'write the same host in both',
    }
  );
}

/**
 * A path comes in front of every call. The function keeps it, because it belongs to the base's own routing: it is right where an
 * entry leads it to Envoy and takes it away, or Envoy knows it, and nobody can tell where there is no entry in these manifests.
 */
function pathFault(path: string, host: string | undefined, surface: Surface): Fault | undefined {
  const isMeant = (own: string, entry: Entry) =>
    host === undefined || own === '' || isReachedAt({ host: own, entry }, host);
  if (path.length <= 1) return withoutPath(pathOfCallsAt(surface, isMeant));
  const wanted = path.replace(/\/$/, '');
  const url = `${wanted}${CALL}`;
  const ways = surface
    .entriesOf('envoy')
    .flatMap((entry) =>
      entry.paths
        .filter((one) => one.role === 'envoy' && isMeant(one.host, entry))
        .map((one) => ({ entry, one, isTaken: takes(entry, one, url) })),
    );
  if (isKnownToEnvoy(wanted, surface)) return undefined;
  if (ways.length === 0) return pathAtService(path, host, surface);
  const led = ways.filter(({ isTaken }) => isTaken !== false);
  const arrived = led.map(({ entry, one, isTaken }) => {
    const { path: changed, place } = rewritten(entry, one, url, surface.manifests);
    // Where nothing changes the path, it does not matter how the entry's own is read.
    return isTaken || place === undefined ? changed : undefined;
  });
  const isRight = (text: string | undefined) =>
    text === undefined ||
    text === CALL ||
    (text.endsWith(CALL) && isKnownToEnvoy(text.slice(0, -CALL.length), surface));
  // What Envoy knows cannot be seen without its config.
  const isSeen = surface.envoys.length > 0;
  const isMentioned = led.some(({ one }) => one.path !== '/');
  if (arrived.some(isRight) || (isMentioned && !isSeen)) return undefined;
  if (led.length > 0 && !isSeen)
    return {
      severity: 'warning',
      message: `every call starts with the path ${path}, which no entry names: it is right only where Envoy, which is not in these manifests, knows it`,
      fix: 'remove the path in the base, or let Envoy route it',
    };
  if (led.length > 0)
    return {
      message:
        arrived[0] === url
          ? `every call starts with the path ${path}, which its entry leads to Envoy and does not take away, and no route of Envoy begins with it`
          : `every call starts with the path ${path}, and its entry makes ${arrived[0]} of ${url}`,
      fix: 'let the entry rewrite the path to /, or let Envoy route it',
    };
  return {
    message: `every call starts with the path ${path}, but no entry leads that path to Envoy`,
    fix: 'remove the path in the base, or add an entry that leads it to Envoy and rewrites it to /',
  };
}

/** A Service that is the entry by itself changes no path. */
function pathAtService(
  path: string,
  host: string | undefined,
  surface: Surface,
): Fault | undefined {
  const found = otherEntries(surface).filter(({ role }) => role === 'app');
  const [service] = found.filter(({ hosts }) => host !== undefined && hosts.includes(host));
  const isAlone = found.every(({ resource }) => resource.kind === 'Service');
  if (!service || !isAlone || surface.envoys.length === 0) return undefined;
  return {
    message: `every call starts with the path ${path}, which Service ${service.resource.name} leads to Envoy as it is, and no route of Envoy begins with it`,
    fix: 'remove the path in the base, or let Envoy route it',
  };
}

/** Calls without a path go to whatever has the rest of the host: the page, where one host serves both. */
function withoutPath(needed: string | undefined): Fault | undefined {
  return needed === undefined
    ? undefined
    : {
        message: `the URL has no path, but entries lead calls to Envoy under ${needed} alone`,
        fix: `add \`${needed}\` to the URL, or let an entry lead calls to Envoy without it`,
      };
}

/** Whether a route of Envoy begins with a path, or is told by an expression. */
function isKnownToEnvoy(path: string, { envoys }: Surface): boolean {
  return envoys
    .flatMap((target) => routesOf(jsonOf(target)))
    .some(({ value }) => {
      const match = getIn(value, ['match']);
      const texts = strings(
        ['prefix', 'path', 'path_separated_prefix'].map((key) => getIn(match, [key])),
      );
      return (
        texts.some((text) => text.startsWith(path)) || getIn(match, ['safe_regex']) !== undefined
      );
    });
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
    fix: `give ${kind} ${name} its TLS block or an HTTPS listener`,
  };
}

/** Whether CORS names an origin, its port included: a second place that says the same. */
function isLetIn(surface: Surface, origin: string): boolean {
  return corsPolicies(surface)
    .flatMap(({ policy }) => originMatchersOf(policy.value))
    .flatMap(samplesOf)
    .some((sample) => textOf(sample) === origin && sample.every(({ isWild }) => !isWild));
}
