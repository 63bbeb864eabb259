/** From public hosts through Ingresses, Gateways and their routes to Services. */

import type { PublicHost } from '../../config/settings.ts';
import type { Entry } from '../../surface/entry.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, list } from '../../yaml/json.ts';
import { spokenTo } from './backend-protocol.ts';
import { hostId, idOf } from './ids.ts';
import { linkToService } from './services.ts';
import type { MapDraft } from './traffic-map.ts';

export function drawEntries(draft: MapDraft, view: Surface): void {
  for (const entry of view.entries) if (entry.paths.length > 0) drawEntry(draft, view, entry);
}

function drawEntry(draft: MapDraft, view: Surface, entry: Entry): void {
  const { resource, paths, form } = entry;
  const doors = form === 'ingress' ? [ingressNode(draft, entry)] : gatewayNodes(draft, view, entry);
  for (const host of new Set(paths.map((path) => path.host)))
    for (const door of doors) drawHost(draft, view, entry, { host, door });
  for (const entryPath of paths) {
    const { path, backend } = entryPath;
    if (backend.kind !== 'Service') continue;
    linkToService(draft, view, {
      ...backend,
      ...spokenTo(entry, entryPath, view),
      from: idOf(resource),
      purpose: path === '/' ? undefined : path,
    });
  }
}

function drawHost(
  draft: MapDraft,
  view: Surface,
  entry: Entry,
  { host, door }: { host: string; door: string },
): void {
  const tls = entry.tlsPlace !== 'none';
  const port = String(publicPort(view, entry, host, tls));
  const to = draft.node(hostId(host), {
    kind: 'host',
    title: isAlias(view, host) ? 'Public host, alias' : 'Public host',
    name: host || 'any host',
  });
  const isApi = entry.roles.has('api');
  if (entry.roles.size > 0) {
    const name = isApi ? 'gRPC clients' : 'Browsers';
    const from = draft.node(`client ${name}`, { kind: 'client', title: 'Clients', name });
    const protocol = isApi ? 'gRPC' : tls ? 'HTTPS' : 'HTTP';
    draft.link({ from, to, protocol, port, tls });
  }
  const protocol = tls ? 'TLS' : isApi ? 'gRPC' : 'HTTP';
  draft.link({ from: to, to: door, protocol, port, tls });
}

function publicPort(view: Surface, { listeners }: Entry, host: string, tls: boolean): number {
  const { settings } = view;
  const own = settings && [...settings.apiHosts, ...settings.appHosts];
  if (own?.some((one) => one.host === host)) return settings?.port ?? 0;
  const protocols = tls ? ['HTTPS', 'TLS'] : ['HTTP'];
  const found = listeners.find(({ json }) => protocols.includes(String(json['protocol'])));
  return Number(found?.json['port'] ?? (tls ? 443 : 80));
}

function isAlias({ settings }: Surface, host: string): boolean {
  const isAmong = ([, ...aliases]: readonly PublicHost[]) =>
    aliases.some((one) => one.host === host);
  return settings !== undefined && (isAmong(settings.apiHosts) || isAmong(settings.appHosts));
}

function ingressNode(draft: MapDraft, entry: Entry): string {
  const { resource, tlsPlace, className } = entry;
  const secrets = list(getIn(resource.json, ['spec', 'tls'])).map(({ secretName }) => secretName);
  return draft.node(idOf(resource), {
    kind: 'entry',
    title: ['Ingress', className && `class ${className}`].filter(Boolean).join(', '),
    name: resource.name,
    details: [
      ...(tlsPlace === 'envoy' ? ['passes TLS through'] : secretLines(secrets)),
      ...(tlsPlace === 'external' ? [ELSEWHERE] : []),
    ],
    endsTls: tlsPlace === 'entry' || tlsPlace === 'external',
  });
}

const ELSEWHERE = 'or in front of it';

/** The Gateways of a route, each with its class and Secrets, and the way from them to the route. */
function gatewayNodes(draft: MapDraft, view: Surface, entry: Entry): string[] {
  const { resource, tlsPlace, listeners, hasForeignGateway } = entry;
  const route = draft.node(idOf(resource), {
    kind: 'route',
    title: resource.kind,
    name: resource.name,
  });
  const isPassed = tlsPlace === 'envoy';
  const protocol = isPassed ? 'TLS' : entry.roles.has('api') ? 'gRPC' : 'HTTP';
  const own = [...new Set(listeners.map(({ gateway }) => gateway))].map((gateway) => {
    const secrets = listeners
      .filter((listener) => listener.gateway === gateway)
      .flatMap(({ json }) => list(getIn(json, ['tls', 'certificateRefs'])));
    return draft.node(idOf(gateway), {
      kind: 'entry',
      title: `Gateway, class ${getIn(gateway.json, ['spec', 'gatewayClassName'])}`,
      name: gateway.name,
      details: isPassed
        ? [`passes TLS of ${entry.hosts.join(', ')} through`]
        : secretLines(secrets.map(({ name }) => name)),
      endsTls: tlsPlace === 'entry',
    });
  });
  for (const from of own) draft.link({ from, to: route, protocol, tls: isPassed });
  const foreign = hasForeignGateway ? foreignGateways(view, entry) : [];
  const others = foreign.map(({ name, namespace, isMeant }) => {
    const link = { to: route, protocol, tls: isPassed };
    const details = namespace === resource.namespace ? [] : [`in ${namespace}`];
    if (!isMeant) {
      const from = draft.missing('Gateway', name);
      draft.link({ ...link, from, broken: `there is no Gateway ${name}` });
      return from;
    }
    const from = draft.node(`Gateway ${namespace}/${name}`, {
      kind: 'entry',
      title: 'Gateway, made elsewhere',
      name,
      details,
      endsTls: view.settings?.scheme !== 'http' && !isPassed,
    });
    draft.link({ ...link, from });
    return from;
  });
  return [...own, ...others];
}

/** Gateways that are not in this stream: the platform's, or ones that nobody made. */
function foreignGateways({ settings, manifests }: Surface, { resource }: Entry) {
  const given = [settings?.entries.api, settings?.entries.app].flatMap(
    (entry) => entry?.gateway?.value.parentRefs ?? [],
  );
  return list(getIn(resource.json, ['spec', 'parentRefs'])).flatMap((parent) => {
    const name = String(parent['name']);
    const namespace = String(parent['namespace'] ?? resource.namespace);
    if (manifests.named('Gateway', name, namespace)) return [];
    const isMeant = namespace !== resource.namespace || given.some((one) => one.name === name);
    return [{ name, namespace, isMeant }];
  });
}

function secretLines(names: readonly unknown[]): string[] {
  return names.flatMap((name) => (typeof name === 'string' ? [`Secret ${name}`] : []));
}

/** Whether a host leads anywhere on this map. */
export function isServed(view: Surface, host: string): boolean {
  return view.entries.some(({ hosts, paths }) =>
    [...hosts, ...paths.map((path) => path.host)].includes(host),
  );
}
