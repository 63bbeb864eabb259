/**
 * Redirects that lead to where nothing listens.
 *
 * Sources: Gateway API, HTTPRequestRedirectFilter (without a port the one that belongs to the scheme, or that of the listener); the
 * annotations of controllers by which they redirect every request.
 */
import { CONTROLLERS } from '../controllers/index.ts';
import { hostnamesOf, rulesOf } from '../manifests/route.ts';
import { hostOfUrl } from '../net/addresses.ts';
import { matchesWildcard } from '../net/wildcards.ts';
import type { Entry } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { isMisspelledName } from '../surface/near-names.ts';
import { once } from '../surface/once.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, isObject, type JsonObject, list, stringAt } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { openRedirects } from './shared/open-services.ts';

const KEYS = Object.values(CONTROLLERS).flatMap(({ redirectsAll }) => redirectsAll ?? []);

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A redirect to where nothing listens',
  why: 'The browser follows the redirect to a host or a port that no entry serves: the page does not open for whoever types its name.',
  fix: 'redirect to the host and the port of the entry, or leave them out: the host stays, and https means port 443',
  find: (surface) => [
    ...surface.entries.flatMap((entry) => [
      ...ofRoute(entry, surface),
      ...ofIngress(entry, surface),
    ]),
    ...openRedirects(surface),
  ],
};

/** Entries that lead to something of ours. */
const serving = once(({ entries }) => entries.filter(({ roles }) => roles.size > 0));

function ofRoute({ resource, hosts, listeners }: Entry, surface: Surface): Fault[] {
  if (resource.kind !== 'HTTPRoute') return [];
  return rulesOf(resource).flatMap((rule, index) =>
    list(rule['filters']).flatMap((filter, position): Fault[] => {
      const { requestRedirect: to } = filter;
      if (!isObject(to)) return [];
      const path = `spec.rules[${index}].filters[${position}].requestRedirect`;
      const written = stringAt(to, ['hostname']);
      const misspelled = written === '' ? undefined : nearHost(written, surface);
      if (misspelled)
        return [
          {
            resource,
            path: `${path}.hostname`,
            message: `it redirects to ${written}, which nothing here serves; ${misspelled} is served`,
            fix: `write \`${misspelled}\``,
          },
        ];
      const wanted = written === '' ? (hostnamesOf(resource).length > 0 ? hosts : []) : [written];
      return onPort(to, wanted, listeners, surface).map((fault) => ({
        resource,
        path: getIn(to, ['port']) === undefined ? `${path}.scheme` : `${path}.port`,
        ...fault,
      }));
    }),
  );
}

/** The ports that are known, of listeners for the host with the scheme, where every entry of the host shows them. */
function onPort(
  to: JsonObject,
  hosts: readonly string[],
  own: Entry['listeners'],
  surface: Surface,
): Omit<Fault, 'resource'>[] {
  const scheme = stringAt(to, ['scheme']);
  const { port: written } = to;
  if (scheme === '' && typeof written !== 'number') return [];
  const targets = serving(surface).filter(
    (entry) => entry.form === 'route' && entry.hosts.some((host) => hosts.includes(host)),
  );
  if (targets.length === 0 || targets.some(({ hasForeignGateway }) => hasForeignGateway)) return [];
  const secure = ['HTTPS', 'TLS'];
  const meant = scheme === '' ? own.map(({ json }) => asText(json['protocol'])) : [];
  const protocols =
    scheme === 'https' || meant.some((one) => secure.includes(one)) ? secure : ['HTTP'];
  const listeners = targets.flatMap((entry) => entry.listeners).map(({ json }) => json);
  const ports = [
    ...new Set(
      listeners
        .filter((json) => protocols.includes(asText(json['protocol'])))
        .map((json) => json['port']),
    ),
  ];
  const port = typeof written === 'number' ? written : scheme === 'https' ? 443 : 80;
  // The config says which port is the public one.
  if (ports.includes(port) || surface.settings?.port === port) return [];
  const url = `${scheme || (protocols === secure ? 'https' : 'http')}://${hosts[0]}:${port}`;
  if (ports.length === 0)
    return [
      {
        message: `it redirects to ${url}, and ${hosts[0]} is served by no listener with ${protocols.join(' or ')}`,
        fix: 'write `scheme: https`, and no port',
      },
    ];
  return [
    {
      message: `it redirects to ${url}, and the listener for the host is on port ${asText(ports)}`,
      fix:
        ports.includes(443) && scheme === 'https'
          ? 'take `port` away'
          : `write \`port: ${asText(ports[0])}\``,
    },
  ];
}

/** An annotation that sends every request to another host. */
function ofIngress({ resource, form }: Entry, surface: Surface): Fault[] {
  if (form !== 'ingress') return [];
  return KEYS.flatMap((key): Fault[] => {
    const url = resource.annotation(key);
    const host = url && hostOfUrl(url);
    const near = host ? nearHost(host, surface) : undefined;
    if (!near) return [];
    return [
      {
        resource,
        path: `metadata.annotations[${key}]`,
        message: `it redirects to ${host}, which nothing here serves; ${near} is served`,
        fix: `write \`${url?.replace(host ?? '', near)}\``,
      },
    ];
  });
}

/** A host of ours that another one is a slip of. */
function nearHost(host: string, surface: Surface): string | undefined {
  const hosts = serving(surface).flatMap((entry) => entry.hosts);
  if (hosts.some((own) => own === host || matchesWildcard(own, host, 'any'))) return undefined;
  return hosts.find((own) => isMisspelledName(own, host));
}
