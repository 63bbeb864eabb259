import { originMatchersOf } from '../envoy/origins/matcher.ts';
import { samplesOf, textOf } from '../envoy/origins/samples.ts';
import { isTemplated } from '../net/addresses.ts';
import { originOf } from '../net/origins.ts';
import { matchesWildcard } from '../net/wildcards.ts';
import { lacksTls } from '../surface/entry-tls.ts';
import { corsPolicies } from '../surface/envoy-api.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import { jsonOf } from '../surface/parts.ts';
import { placeholderIn } from '../surface/placeholders.ts';
import {
  expectedPort,
  isExplained,
  isPublicPort,
  type PublicSide,
  publicSide,
  serves,
  workerPorts,
} from '../surface/public-side.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn } from '../yaml/json.ts';
import { type Check, type FindingDetails, inDocument } from './check.ts';

export const check: Check = {
  family: 'Places that have to agree',
  severity: 'error',
  title: "The UI's apiBaseUrl is not that of the app",
  why: 'The page calls a host that no entry leads to Envoy, or with the wrong scheme or port: every call fails.',
  mend: "set `apiBaseUrl` to the app entry's origin",
  find: (view) =>
    view.uis.flatMap((target): FindingDetails[] => {
      const written = getIn(jsonOf(target), ['apiBaseUrl']);
      const message = judge(written, view);
      if (!message) return withoutTls(String(written), view, target);
      const side = publicSide(view, 'envoy');
      const mend = side && `write \`${publicOrigin(side)}\``;
      return [inDocument(target, { path: 'apiBaseUrl', message, mend })];
    }),
};

function judge(written: unknown, view: Surface): string | undefined {
  if (typeof written !== 'string') return 'apiBaseUrl is no text';
  // A path alone is called at the origin that served the page.
  const isRelative = written === '' || /^\/(?!\/)/.test(written);
  const isPrefixed = isRelative && written.length > 1;
  if (isPrefixed && !isTemplated(written) && placeholderIn(written) === undefined)
    return `the path ${written} comes in front of every call, and Envoy's routes begin at /`;
  if (isRelative || isTemplated(written) || placeholderIn(written) !== undefined) return undefined;
  if (!/^https?:\/\//i.test(written) || !URL.canParse(written))
    return 'apiBaseUrl is not a URL with http or https';
  const url = new URL(written);
  if (url.pathname !== '/')
    return `the path ${url.pathname} comes in front of every call, and Envoy's routes begin at /`;
  const side = publicSide(view, 'envoy');
  if (!side || isExplained(view, url.hostname)) return undefined;
  if (!serves(side, url.hostname))
    return `${url.hostname} is not the host of an entry that leads to Envoy (${side.hosts.join(', ')})`;
  const scheme = url.protocol === 'http:' ? 'http' : 'https';
  if (side.scheme !== 'either' && scheme !== side.scheme)
    return `${url.hostname} is served over ${side.scheme}, and the URL says ${scheme}`;
  const port = url.port === '' ? (scheme === 'http' ? 80 : 443) : Number(url.port);
  const isConfirmed = () => workerPorts(view).includes(port) || isLetIn(view, url.origin);
  if (isPublicPort(side, scheme, port, isConfirmed)) return undefined;
  return `port ${port} is not that of the entry for ${url.hostname}, which is ${expectedPort(side, scheme)}`;
}

/** The URL says https, and every entry of its host lacks the TLS that it should have. */
function withoutTls(written: string, view: Surface, target: DocumentTarget): FindingDetails[] {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url?.protocol !== 'https:') return [];
  const entries = view
    .entriesOf('envoy')
    .filter(({ paths }) =>
      paths.some(
        ({ role, host }) => role === 'envoy' && matchesWildcard(host, url.hostname, 'any'),
      ),
    );
  const [first] = entries;
  if (!first || !entries.every((entry) => lacksTls(entry, view))) return [];
  const { kind, name } = first.resource;
  return [
    inDocument(target, {
      path: 'apiBaseUrl',
      message: `the URL says https, and ${kind} ${name}, which serves ${url.hostname}, has no TLS`,
      mend: `give ${kind} ${name} its TLS block or an HTTPS listener`,
    }),
  ];
}

/** Whether CORS names an origin, its port included: a second place that says the same. */
function isLetIn(view: Surface, origin: string): boolean {
  return corsPolicies(view)
    .flatMap(({ policy }) => originMatchersOf(policy.value))
    .flatMap(samplesOf)
    .some((sample) => textOf(sample) === origin && sample.every(({ isWild }) => !isWild));
}

function publicOrigin(side: PublicSide): string {
  const scheme = side.scheme === 'http' ? 'http' : 'https';
  return originOf(scheme, side.hosts[0] ?? '', expectedPort(side, scheme));
}
