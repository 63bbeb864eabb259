/** `hosts`, `tls.secrets` → the routes and Gateways of a base that is on the Gateway API already, where the config says nothing of entries. */
import type { PublicRole } from '../config/public-hosts.ts';
import type { PublicHost } from '../config/settings.ts';
import { getIn, isObject, type JsonObject } from '../json.ts';
import { Draft } from '../resources/edit.ts';
import type { Resource } from '../resources/resource.ts';
import { list } from '../resources/workloads.ts';
import { listenerName } from './gateway-names.ts';
import { fromDrafts, type Rule } from './rule.ts';

const ROLES: readonly PublicRole[] = ['api', 'app'];

export const routes: Rule = ({ settings, inventory }) => {
  const gateways = new Map(inventory.gateways.map((gateway) => [gateway, new Draft(gateway)]));
  const drafts = ROLES.flatMap((role) => {
    const found = role === 'api' ? inventory.apiRoutes : inventory.appRoutes;
    const isOurs = settings.entries[role].gateway !== undefined;
    if (isOurs || found.length === 0) return [];
    const hosts = role === 'api' ? settings.apiHosts : settings.appHosts;
    const written = new Set(found.flatMap(hostnamesOf));
    for (const draft of gateways.values()) writeListeners(draft, written, hosts);
    return found.map((route) => writeHostnames(route, hosts));
  });
  return fromDrafts([...drafts, ...gateways.values()]);
};

function hostnamesOf(route: Resource): string[] {
  const hostnames = getIn(route.json, ['spec', 'hostnames']);
  return Array.isArray(hostnames) ? hostnames.map(String) : [];
}

function writeHostnames(route: Resource, hosts: readonly PublicHost[]): Draft {
  const draft = new Draft(route);
  const wanted = hosts.map(({ host }) => host);
  draft.reconcile(['spec', 'hostnames'], wanted, hosts.at(-1)?.from ?? '');
  return draft;
}

/** A listener of the role's host serves the new host; an alias gets a copy of it, with a certificate of its own. */
function writeListeners(
  draft: Draft,
  written: ReadonlySet<string>,
  hosts: readonly PublicHost[],
): void {
  const path = ['spec', 'listeners'];
  const listeners = list(draft.get(path));
  const [main, ...aliases] = hosts.map(({ host }) => host);
  const isOld = (listener: JsonObject) => written.has(String(listener['hostname']));
  const wanted = listeners.flatMap((listener): JsonObject[] => {
    if (!isOld(listener)) return [listener];
    const hostname = String(listener['hostname']);
    // On a second run the copies are there: each is brought up to date by the one that it was copied from.
    if (hostname !== main && aliases.includes(hostname) && listeners.some(isMain(main)))
      return [];
    return hosts.map((host, index) => ({
      ...withHost(listener, host),
      ...(index === 0 ? {} : { name: copyName(listener, host) }),
    }));
  });
  if (listeners.some(isOld)) draft.reconcile(path, wanted, hosts[0]?.from ?? '');
}

function isMain(main: string | undefined): (listener: JsonObject) => boolean {
  return (listener) => listener['hostname'] === main;
}

function copyName(listener: JsonObject, { host }: PublicHost): string {
  const protocol = listener['protocol'] === 'HTTP' ? 'http' : 'https';
  return listenerName(protocol, host);
}

function withHost(listener: JsonObject, { host, secretName }: PublicHost): JsonObject {
  const references = list(getIn(listener, ['tls', 'certificateRefs']));
  const tls = listener['tls'];
  if (!isObject(tls) || references.length === 0 || secretName === undefined)
    return { ...listener, hostname: host };
  const [first] = references;
  return {
    ...listener,
    hostname: host,
    tls: { ...tls, certificateRefs: [{ ...first, name: secretName }] },
  };
}
