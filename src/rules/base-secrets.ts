/**
 * The Secrets of certificates as the base names them, where the config names none: what runs today goes on with them.
 *
 * It is read once, before the first rule, and a second run reads the same.
 */
import { aliasSecretName, PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import { hostRoles, type PublicHost, type Settings } from '../config/settings.ts';
import { secretNameOf } from '../manifests/certificate.ts';
import { certificateRefsOf, hostnameOf, listenersOf } from '../manifests/gateway.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { hostnamesOf, isRedirect, parentsTo } from '../manifests/route.ts';
import { mainHost } from '../surface/main-host.ts';
import { oldHostsOf } from '../surface/old-hosts.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, type JsonObject, list, strings } from '../yaml/json.ts';
import { asksForCertificates, secretsOfOthers } from './cert-manager.ts';
import { hostsOfParts, type IngressPart, ingressParts } from './ingress-part.ts';
import { coversHost, hostsOf, isNeededByOthers, secretOf } from './ingress-tls.ts';

/** A Secret of the base; without a name where a TLS block leaves the choice to the controller. */
interface BaseSecret {
  name: string | undefined;
}

/** The Secret that serves a host today; undefined where nothing does. */
type Lookup = (host: string) => BaseSecret | undefined;

/** Hosts of the settings with the base's Secrets. */
export function withBaseSecrets(settings: Settings, surface: Surface): Settings {
  if (settings.tlsMode === 'external' || settings.tlsMode === 'none') return settings;
  const roles = hostRoles(settings);
  const lookups = roles.map((role) => lookupFor(role, settings, surface));
  const found = roles.map((role, index) =>
    mainSecret(role, settings, lookups[index], takenBy(role, settings, surface)),
  );
  const mains = needApart(found, settings) ? roles.map((role) => settings.hosts[role][0]) : found;
  const [api, app, ui] = roles.map((role, index) => {
    const [, ...aliases] = settings.hosts[role];
    const main = mains[index] ?? settings.hosts[role][0];
    // One Secret for two hosts is a wildcard certificate: it serves the aliases as well.
    const isShared =
      settings.tlsMode === 'secret' && hasTwin(main, mains) && main.secretName !== undefined;
    const rest = aliases.map((alias) => aliasSecret(alias, main, isShared, lookups[index]));
    return [apartFrom(rest, main, role, settings, surface), ...rest] as [
      PublicHost,
      ...PublicHost[],
    ];
  });
  if (!api || !app) return settings;
  return { ...settings, hosts: { api, app, ui: ui ?? app } };
}

/** The old host stays as an alias at a Gateway, with the Secret that serves it today: the new one gets one of its own, as each listener has. */
function apartFrom(
  aliases: readonly PublicHost[],
  main: PublicHost,
  role: PublicRole,
  { tlsMode, entries }: Settings,
  surface: Surface,
): PublicHost {
  const { secretName, secretFrom } = main;
  const isRouted = entries[role].gateway !== undefined || surface.ingressesOf(role).length === 0;
  if (tlsMode === 'secret' || !isRouted || secretFrom !== 'spec.tls.mode') return main;
  if (secretName === undefined || !aliases.some((alias) => alias.secretName === secretName))
    return main;
  return { ...main, secretName: aliasSecretName(secretName, main.host) };
}

/** Whether another host has the same Secret. */
function hasTwin(main: PublicHost, mains: readonly PublicHost[]): boolean {
  return mains.some((other) => other !== main && other.secretName === main.secretName);
}

/** Two listeners that share a certificate lose HTTP/2 in some implementations: an issuer then makes one for each. */
function needApart(mains: readonly PublicHost[], { tlsMode, entries }: Settings): boolean {
  const isRouted = PUBLIC_ROLES.some((role) => entries[role].gateway !== undefined);
  return tlsMode !== 'secret' && isRouted && mains.some((main) => hasTwin(main, mains));
}

function mainSecret(
  role: PublicRole,
  settings: Settings,
  lookup: Lookup | undefined,
  taken: readonly string[],
): PublicHost {
  const [main] = settings.hosts[role];
  // A name that is written wins.
  if (main.secretFrom !== 'spec.tls.mode') return main;
  const secretName = chosen(lookup?.(main.host), main.secretName, settings, role);
  const isTaken = secretName !== undefined && taken.includes(secretName);
  return { ...main, secretName: isTaken ? aliasSecretName(secretName, main.host) : secretName };
}

/** Secrets of others' hosts on the Ingress of a role, where an issuer is asked anew. */
function takenBy(role: PublicRole, settings: Settings, surface: Surface): string[] {
  const parts = ingressParts(settings, surface);
  if (settings.tlsMode === 'secret') return [];
  return parts
    .filter((part) => part.role === role && !asksForCertificates(part.resource))
    .flatMap(({ resource }) => secretsOfOthers(resource, parts, surface));
}

/** The base's name; none where the base leaves it open and nothing has to be asked for it. */
function chosen(
  found: BaseSecret | undefined,
  otherwise: string | undefined,
  { tlsMode, entries }: Settings,
  role: PublicRole,
): string | undefined {
  const isOpen = tlsMode === 'secret' && entries[role].gateway === undefined;
  return found && (found.name !== undefined || isOpen) ? found.name : otherwise;
}

function aliasSecret(
  alias: PublicHost,
  main: PublicHost,
  isShared: boolean,
  lookup: Lookup | undefined,
): PublicHost {
  const isWritten = alias.secretFrom.endsWith('.secretName');
  if (isWritten) return alias;
  const found = lookup?.(alias.host);
  if (found?.name !== undefined) return { ...alias, secretName: found.name };
  const { secretName } = main;
  if (secretName === undefined || isShared) return { ...alias, secretName };
  return { ...alias, secretName: aliasSecretName(secretName, alias.host) };
}

/** An Ingress first: while an entry moves, it is what serves. */
function lookupFor(role: PublicRole, settings: Settings, surface: Surface): Lookup | undefined {
  // Envoy's certificate is not an entry's.
  if (role === 'app' && settings.terminateAt === 'envoy') return undefined;
  const parts = ingressParts(settings, surface);
  const lookups = parts
    .filter((each) => each.role === role)
    .map((part) => inIngress(part, parts, settings, surface));
  if (lookups.length > 0) return (host) => lookups.flatMap((lookup) => lookup(host) ?? [])[0];
  const inListeners = inGateways(role, settings, surface);
  const inOthers = inCertificates(role, settings, surface);
  return (host) => inListeners?.(host) ?? inOthers(host);
}

function inIngress(
  part: IngressPart,
  parts: readonly IngressPart[],
  settings: Settings,
  surface: Surface,
): Lookup {
  const { resource, main, role } = part;
  const blocks = list(getIn(resource.json, ['spec', 'tls']));
  const own = hostsOfParts(parts, surface);
  const isNewlyAsked = settings.tlsMode !== 'secret' && !asksForCertificates(resource);
  const secretAt = (block: JsonObject | undefined) => block && { name: secretOf(block) };
  return (wanted) => {
    const isMain = wanted === settings.hosts[role][0].host;
    const host = isMain ? (main ?? wanted) : wanted;
    // Rules for every host: a block names the host that clients call.
    const called = isMain && host === '' ? oldHostsOfRole(role, settings, surface) : [host];
    const exact = blocks.find((block) => hostsOf(block).some((name) => called.includes(name)));
    // An issuer that is asked anew must not overwrite what somebody else put there for another host.
    const isOfOthers = (block: JsonObject) =>
      isNewlyAsked && !hostsOf(block).every((name) => own.has(name));
    if (exact && !called.includes('')) return isOfOthers(exact) ? undefined : secretAt(exact);
    const covering = blocks.find((block) =>
      hostsOf(block).some((pattern) => {
        if (!coversHost(pattern, host)) return false;
        if (pattern === '') return isMain && resourceIsOwn(part, own);
        // Who makes the Secrets makes one certificate for the hosts of all; an issuer makes one for each.
        const isForAll = settings.tlsMode === 'secret' || coversHost(pattern, wanted);
        return isForAll || !isNeededByOthers(pattern, own, surface);
      }),
    );
    return secretAt(covering);
  };
}

/** Of a Gateway elsewhere, or an entry of another kind, nothing tells the Secret but a Certificate for the very host. */
function inCertificates(role: PublicRole, settings: Settings, surface: Surface): Lookup {
  const isHere = (certificate: Resource) => {
    const served = surface.serviceOf(role);
    return served === undefined || sameNamespace(certificate.namespace, served.namespace);
  };
  return (wanted) => {
    const isMain = wanted === settings.hosts[role][0].host;
    const called = [wanted, ...(isMain ? oldHostsOfRole(role, settings, surface) : [])];
    const [name] = surface.manifests
      .find(['Certificate'], called)
      .filter((certificate) => isHere(certificate) && secretNameOf(certificate) !== '')
      .filter(({ json }) =>
        strings(getIn(json, ['spec', 'dnsNames'])).some((host) => called.includes(host)),
      )
      .map(secretNameOf);
    return name === undefined ? undefined : { name };
  };
}

function oldHostsOfRole(role: PublicRole, settings: Settings, surface: Surface): string[] {
  const { parts } = oldHostsOf(surface, settings);
  return [...parts].flatMap(([host, part]) => (part === role ? [host] : []));
}

/** A block without hosts stands for every rule of its Ingress. */
function resourceIsOwn({ resource }: IngressPart, own: ReadonlySet<string>): boolean {
  return list(getIn(resource.json, ['spec', 'rules'])).every(({ host }) =>
    own.has(typeof host === 'string' ? host : ''),
  );
}

function inGateways(role: PublicRole, settings: Settings, surface: Surface): Lookup | undefined {
  const routes = surface.routesOf(role).filter((route) => !isRedirect(route));
  const main = mainHost(
    routes.flatMap(hostnamesOf),
    settings.hosts[role].map(({ host }) => host),
  );
  if (main === undefined) return undefined;
  const listeners = surface.gateways.flatMap((gateway) => {
    const sections = routes
      .flatMap((route) => parentsTo(route, gateway))
      .map(({ sectionName }) => sectionName);
    return listenersOf(gateway).filter(
      ({ json }) => sections.includes(json['name']) || sections.includes(undefined),
    );
  });
  return (wanted) => {
    const host = wanted === settings.hosts[role][0].host ? main : wanted;
    const found = listeners.find(
      ({ json }) => hostnameOf(json) === host && certificateRefsOf(json).length > 0,
    );
    return found && { name: certificateRefsOf(found.json)[0]?.name };
  };
}
