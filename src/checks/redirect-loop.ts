/** Redirects that lead back to where they come from. */

import type { TlsPlace } from '../controllers/controller.ts';
import { CONTROLLERS } from '../controllers/index.ts';
import { type Located, objectsIn, virtualHosts } from '../envoy/bootstrap.ts';
import { isEnum, isTrue, numberOf } from '../envoy/proto-json.ts';
import { takesHost } from '../manifests/gateway.ts';
import { rulesOf } from '../manifests/route.ts';
import { hostOfUrl } from '../net/addresses.ts';
import { parseUrl } from '../net/url.ts';
import type { Entry } from '../surface/entry.ts';
import { apiManagers } from '../surface/envoy-api.ts';
import { endsTls } from '../surface/envoy-tls-listener.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, type Json, list } from '../yaml/json.ts';
import type { Check } from './check.ts';

const KEYS = Object.values(CONTROLLERS).flatMap(({ redirectsAll }) => redirectsAll ?? []);

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A redirect that leads back to itself',
  why: 'The browser is sent to the address that it asked for, follows a few times, and gives up: ERR_TOO_MANY_REDIRECTS. Where TLS ends in front of a program, every request comes to that program as plain HTTP.',
  fix: 'redirect to HTTPS in one place, where plain HTTP comes in: at the entry, or on the port-80 listener alone',
  find: (surface) => [
    ...inEnvoy(surface),
    ...surface.entries.flatMap((entry) => [
      ...ofRoute(entry, surface),
      ...ofIngress(entry, surface),
    ]),
  ],
};

/** Where TLS has ended before Envoy. */
const BEFORE: readonly TlsPlace[] = ['entry', 'external'];

/** A route of Envoy to HTTPS, where the entry before it ends TLS. */
function inEnvoy(surface: Surface): Fault[] {
  const entries = surface.entriesOf('envoy').filter(({ tlsPlace }) => BEFORE.includes(tlsPlace));
  const [entry] = entries;
  if (!entry || endsTls(surface)) return [];
  const before = `TLS ends at ${entry.resource.kind} ${entry.resource.name}${entry.tlsPlace === 'external' ? ', or in front of it' : ''}: every request is redirected to where it came from`;
  return apiManagers(surface).flatMap(({ target, manager }) => {
    const hosts = virtualHosts(jsonOf(target), manager);
    const routes = hosts
      .flatMap((host) => objectsIn(host, ['routes']))
      .filter(({ value }) => {
        const isToHttps =
          getIn(value, ['redirect', 'https_redirect']) === true ||
          getIn(value, ['redirect', 'scheme_redirect']) === 'https';
        // One that looks at x-forwarded-proto first does not loop.
        const isAsked = list(getIn(value, ['match', 'headers'])).length > 0;
        const isElsewhere = getIn(value, ['redirect', 'host_redirect']) !== undefined;
        return isToHttps && !isAsked && !isElsewhere;
      })
      .map(({ path }) =>
        inDocument(target, path, {
          message: `Envoy redirects to https, and ${before}`,
          fix: 'take this route away: the entry redirects',
        }),
      );
    const demanding = hosts
      .filter(({ value: { require_tls: demand } }) => isDemanded(demand) && !trustsEntry(manager))
      .map(({ path }) =>
        inDocument(target, [...path, 'require_tls'], {
          message: `require_tls redirects what Envoy takes for plain HTTP, and ${before}; with \`use_remote_address\` Envoy does not believe the x-forwarded-proto that the entry sends`,
          fix: 'take `require_tls` away: the entry redirects; or set `xff_num_trusted_hops: 1`',
        }),
      );
    return [...routes, ...demanding];
  });
}

function isDemanded(demand: Json | undefined): boolean {
  return demand !== undefined && (isEnum(demand, 'ALL', 2) || isEnum(demand, 'EXTERNAL_ONLY', 1));
}

/** Whether Envoy goes by the entry's x-forwarded-proto (tried with Envoy 1.40). */
function trustsEntry({ value }: Located): boolean {
  return !isTrue(value['use_remote_address']) || (numberOf(value['xff_num_trusted_hops']) ?? 0) > 0;
}

/** A route that redirects to HTTPS on the listener that has it already, or to its own host. */
function ofRoute({ resource, form, listeners, hosts }: Entry, surface: Surface): Fault[] {
  if (form !== 'route' || resource.kind !== 'HTTPRoute') return [];
  const secure = listeners.find(
    ({ json }) => json['protocol'] === 'HTTPS' && takesHost(json, hosts),
  );
  return rulesOf(resource).flatMap((rule, index) =>
    list(rule['filters']).flatMap((filter): Fault[] => {
      const to = getIn(filter, ['requestRedirect']);
      if (to === undefined || list(rule['backendRefs']).length > 0) return [];
      const host = getIn(to, ['hostname']);
      const isSameHost =
        host === undefined || (hosts.length > 0 && hosts.every((own) => own === host));
      const isChanged = ['port', 'path'].some((key) => getIn(to, [key]) !== undefined);
      const isHttps = getIn(to, ['scheme']) === 'https';
      const narrow = list(rule['matches']).some((match) => getIn(match, ['headers']) !== undefined);
      if (!secure || !isSameHost || isChanged || narrow || (!isHttps && host === undefined))
        return [];
      const others = surface.entries.filter(
        (other) =>
          other.resource !== resource &&
          other.paths.length > 0 &&
          other.listeners.some(({ json }) => json === secure.json) &&
          other.hosts.some((own) => hosts.includes(own)),
      );
      const beside = others
        .map(({ resource: { kind, name } }) => ` beside ${kind} ${name}`)
        .join('');
      return [
        {
          resource,
          path: `spec.rules[${index}].filters`,
          message: `the redirect to https is attached to the HTTPS listener ${asText(secure.json['name'])} of Gateway ${secure.gateway.name} as well${beside}: requests that came with TLS are redirected to themselves`,
          fix: 'name the port-80 listener in `parentRefs[].sectionName`',
        },
      ];
    }),
  );
}

/** An annotation that sends every request to another URL, which is its own, or leads back. */
function ofIngress(entry: Entry, surface: Surface): Fault[] {
  return KEYS.flatMap((key): Fault[] => {
    const url = targetOf(entry, key);
    const host = url && hostOfUrl(url);
    if (!host) return [];
    const place = `metadata.annotations[${key}]`;
    const isOwn = entry.hosts.includes(host) && (parseUrl(url)?.pathname ?? '/').length <= 1;
    if (isOwn)
      return [{ resource: entry.resource, path: place, message: `it redirects ${host} to ${url}` }];
    const back = surface.entries.find(
      (other) =>
        other !== entry &&
        other.hosts.includes(host) &&
        KEYS.some((name) => entry.hosts.includes(hostOfUrl(targetOf(other, name) ?? '') ?? '')),
    );
    if (!back) return [];
    const message = `it redirects to ${host}, and Ingress ${back.resource.name} redirects ${host} back`;
    return [{ resource: entry.resource, path: place, message }];
  });
}

function targetOf({ resource }: Entry, key: string): string | undefined {
  return resource.annotation(key);
}
