import { type Located, objectsIn, portsOfManagers } from '../envoy/bootstrap.ts';
import { ignoresPort, isServerName, serverNames, virtualHostFor } from '../envoy/virtual-hosts.ts';
import { sameNamespace } from '../manifests/manifests.ts';
import { remembered } from '../maps.ts';
import { isTemplated } from '../net/addresses.ts';
import { addressesOf } from '../surface/addresses.ts';
import { calledHosts } from '../surface/base-paths.ts';
import type { PublicAddress } from '../surface/entry.ts';
import { type ApiManager, apiManagers } from '../surface/envoy-api.ts';
import { isMisplaced } from '../surface/faults/entry-host.ts';
import { type Fault, inDocument } from '../surface/faults/fault.ts';
import { jsonOf } from '../surface/parts.ts';
import { isExplained } from '../surface/public-side.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, type JsonObject, strings, toPointer } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Envoy',
  severity: 'error',
  title: "Envoy has no virtual host, or no filter chain, for the app's host",
  why: 'Envoy answers 404 to a request whose host is not among the `domains` of a virtual host, and ends a TLS connection whose server name no filter chain has.',
  fix: "add the app's host to `domains`, or to `server_names`",
  find: (surface) =>
    apiManagers(surface).flatMap((api) => {
      const addresses = addressesAt(api, surface);
      const hosts = objectsIn(api.manager, ['route_config', 'virtual_hosts']);
      const fault =
        onServerNames(api, addresses) ??
        (hosts.length > 0 ? onDomains(api, hosts, addresses, surface) : undefined);
      return fault ? [fault] : [];
    }),
};

/** Hosts at which this Envoy is reached: of those that are known, and that nothing on the way changes. */
function addressesAt({ target }: ApiManager, surface: Surface): PublicAddress[] {
  const { namespace } = target.resource;
  return addressesOf('envoy', surface).filter(
    ({ host, entry }) =>
      !host.startsWith('*') &&
      !isTemplated(host) &&
      !isExplained(surface, host) &&
      !isMisplaced(entry.resource, host, surface) &&
      !changesHost(entry.resource.json) &&
      entry.paths.some(
        ({ role, backend, host: own }) =>
          role === 'envoy' && own === host && sameNamespace(backend.namespace, namespace),
      ),
  );
}

/** Marks, and filters of routes, by which an entry gives requests another host; asked for each of its hosts. */
function changesHost(json: JsonObject): boolean {
  return remembered(changing, json, () => saysAnotherHost(json));
}

const changing = new WeakMap<JsonObject, boolean>();

function saysAnotherHost(json: JsonObject): boolean {
  return /upstream-vhost|rewrite-?host|host-rewrite|preserve-host":"false|set-?host|"urlRewrite":\{[^}]*"hostname"|passHostHeader|configuration-snippet|location-snippets/i.test(
    JSON.stringify(json),
  );
}

/** Only TLS that comes to Envoy untouched has the host's own server name. */
function onServerNames(
  { target, manager }: ApiManager,
  addresses: readonly PublicAddress[],
): Fault | undefined {
  const known = serverNames(jsonOf(target), manager);
  const passed = addresses.filter(({ entry }) => entry.tlsPlace === 'envoy');
  const lost = hostsOf(passed).filter(
    (host) => !known?.names.some((name) => isServerName(name, host)),
  );
  if (!known || lost.length === 0) return undefined;
  return inDocument(target, [...known.first.path, 'filter_chain_match', 'server_names'], {
    message: `no filter chain has the server name ${lost.join(', ')}: there are ${known.names.join(', ')}`,
    fix: `add ${lost.join(', ')} to \`server_names\``,
  });
}

function onDomains(
  api: ApiManager,
  hosts: readonly Located[],
  addresses: readonly PublicAddress[],
  surface: Surface,
): Fault | undefined {
  const { target, manager } = api;
  const [first] = api.hosts;
  const place = [...(first?.host.path ?? manager.path), 'domains'];
  const domains = hosts.flatMap(({ value }) => strings(value['domains']));
  const isTaken = (authority: string) => virtualHostFor(hosts, authority) !== undefined;
  const lost = addresses.filter(({ host, port }) => !isTaken(host) && !isTaken(`${host}:${port}`));
  if (lost.length > 0)
    return inDocument(target, place, {
      message: `no virtual host takes ${hostsOf(lost).join(', ')}: there ${domains.length > 1 ? 'are' : 'is'} ${domains.join(', ')}`,
      fix: `add ${hostsOf(lost).join(', ')} to \`domains\``,
    });
  const [listens] = portsOfManagers(jsonOf(target), [manager]);
  const withPort = addresses.filter(
    ({ host, port, scheme }) =>
      port !== undefined &&
      port !== (scheme === 'https' ? 443 : 80) &&
      !ignoresPort(manager, port, listens) &&
      !isTaken(`${host}:${port}`),
  );
  if (withPort.length > 0) {
    const names = withPort.map(({ host, port }) => `${host}:${port}`);
    return inDocument(target, place, {
      severity: 'warning',
      message: `clients name ${names.join(', ')}, and no virtual host takes it with its port, unless the entry takes the port away`,
      fix: `add ${names.join(', ')} to \`domains\`, or set \`strip_any_host_port: true\` of the connection manager`,
    });
  }
  return elsewhere(api, hosts, addresses, surface);
}

/** A virtual host that takes the host of the page's calls and leads none to the API, beside one that does. */
function elsewhere(
  { target, hosts: leading }: ApiManager,
  hosts: readonly Located[],
  addresses: readonly PublicAddress[],
  surface: Surface,
): Fault | undefined {
  const called = calledHosts(surface);
  const places = new Set(leading.map(({ host }) => toPointer(host.path)));
  for (const host of hostsOf(addresses).filter((one) => called.includes(one.toLowerCase()))) {
    const taking = virtualHostFor(hosts, host);
    const [other] = leading;
    if (!taking || !other || places.has(toPointer(taking.path))) continue;
    return inDocument(target, [...taking.path, 'domains'], {
      message: `virtual host ${asText(taking.value['name'])} takes ${host}, and has no route to the API; ${asText(other.host.value['name'])} has one, for ${strings(other.host.value['domains']).join(', ')}`,
      fix: `add ${host} to \`domains\` of ${asText(other.host.value['name'])}`,
    });
  }
  return undefined;
}

function hostsOf(addresses: readonly PublicAddress[]): string[] {
  return [...new Set(addresses.map(({ host }) => host))];
}
