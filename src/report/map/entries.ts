/** From public hosts through Ingresses, Gateways and their routes to Services. */

import type { PublicHost } from '../../config/settings.ts';
import { certificateRefsOf, gatewayClassOf } from '../../manifests/gateway.ts';
import { tlsBlocksOf } from '../../manifests/ingress.ts';
import { parentsOf } from '../../manifests/route.ts';
import { listenerPort } from '../../surface/addresses.ts';
import type { Entry } from '../../surface/entry.ts';
import { backendFault } from '../../surface/faults/backends.ts';
import { routeFaults } from '../../surface/faults/gateway-references.ts';
import type { Surface } from '../../surface/surface.ts';
import { spokenTo } from './backend-protocol.ts';
import { hostId, idOf } from './ids.ts';
import { linkToService } from './services.ts';
import type { MapDraft } from './traffic-map.ts';

export function drawEntries(draft: MapDraft, view: Surface): void {
  for (const entry of view.entries) {
    const isRoute = entry.form === 'route';
    if (entry.paths.length > 0) drawEntry(draft, view, entry);
    // A redirect leads to no Service: it is drawn where it is attached to nothing.
    else if (isRoute && routeFaults(entry.resource, view).length > 0)
      gatewayNodes(draft, view, entry);
  }
}

function drawEntry(draft: MapDraft, view: Surface, entry: Entry): void {
  const { resource, paths, form } = entry;
  const doors = form === 'ingress' ? [ingressNode(draft, entry)] : gatewayNodes(draft, view, entry);
  for (const host of new Set(paths.map((path) => path.host)))
    for (const door of doors) drawHost(draft, view, entry, { host, door });
  for (const entryPath of paths) {
    const { path, backend } = entryPath;
    if (backend.kind !== 'Service') continue;
    const { name, service, port } = backend;
    linkToService(draft, view, {
      ...spokenTo(entry, entryPath, view),
      from: idOf(resource),
      name,
      service,
      port,
      fault: backendFault(entry, entryPath, view),
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

function publicPort(view: Surface, entry: Entry, host: string, tls: boolean): number {
  const { settings } = view;
  const own = settings && Object.values(settings.hosts).flat();
  if (own?.some((one) => one.host === host)) return settings?.port ?? 0;
  return listenerPort(entry, tls) ?? (tls ? 443 : 80);
}

function isAlias({ settings }: Surface, host: string): boolean {
  const isAmong = ([, ...aliases]: readonly PublicHost[]) =>
    aliases.some((one) => one.host === host);
  return settings !== undefined && Object.values(settings.hosts).some(isAmong);
}

function ingressNode(draft: MapDraft, entry: Entry): string {
  const { resource, tlsPlace, className } = entry;
  const secrets = tlsBlocksOf(resource).map(({ secretName }) => secretName);
  return draft.node(idOf(resource), {
    kind: 'entry',
    title: ['Ingress', className && `class ${className}`].filter(Boolean).join(', '),
    name: resource.name,
    details: [
      ...(tlsPlace === 'envoy' ? ['passes TLS through'] : secretLines(secrets)),
      ...(tlsPlace === 'external' ? ['or in front of it'] : []),
    ],
    endsTls: tlsPlace === 'entry' || tlsPlace === 'external',
  });
}

/** The Gateways of a route, each with its class and Secrets, and the way from them to the route. */
function gatewayNodes(draft: MapDraft, view: Surface, entry: Entry): string[] {
  const { resource, tlsPlace, listeners } = entry;
  const { kind, name } = resource;
  const isPassed = tlsPlace === 'envoy';
  const link = {
    to: draft.node(idOf(resource), { kind: 'route', title: kind, name }),
    protocol: isPassed ? 'TLS' : entry.roles.has('api') ? 'gRPC' : 'HTTP',
    tls: isPassed,
  };
  const faults = routeFaults(resource, view);
  const own = [...new Set(listeners.map(({ gateway }) => gateway))].map((gateway) => {
    const secrets = listeners
      .filter((listener) => listener.gateway === gateway)
      .flatMap(({ json }) => certificateRefsOf(json));
    const details = isPassed
      ? [`passes TLS of ${entry.hosts.join(', ')} through`]
      : secretLines(secrets.map((secret) => secret.name));
    const title = `Gateway, class ${gatewayClassOf(gateway)}`;
    const node = { kind: 'entry', title, name: gateway.name, details } as const;
    return draft.node(idOf(gateway), { ...node, endsTls: tlsPlace === 'entry' });
  });
  for (const from of own) draft.link({ ...link, from });
  const broken = faults.map(({ gateway, message }) => {
    const from = draft.missing('Gateway', gateway);
    draft.link({ ...link, from, broken: message });
    return from;
  });
  const foreign = parentsOf(resource)
    .filter((parent) => (parent['kind'] ?? 'Gateway') === 'Gateway')
    .map((parent) => ({
      gateway: String(parent['name']),
      namespace: String(parent['namespace'] ?? resource.namespace),
    }))
    .filter(
      ({ gateway, namespace }) =>
        !view.manifests.named('Gateway', gateway, namespace) &&
        !faults.some((fault) => fault.gateway === gateway),
    )
    .map(({ gateway, namespace }) => {
      const from = draft.node(`Gateway ${namespace}/${gateway}`, {
        kind: 'entry',
        title: 'Gateway, made elsewhere',
        name: gateway,
        details: namespace === resource.namespace ? [] : [`in ${namespace}`],
        endsTls: view.settings?.scheme !== 'http' && !isPassed,
      });
      draft.link({ ...link, from });
      return from;
    });
  return [...own, ...broken, ...foreign];
}

function secretLines(names: readonly string[]): string[] {
  return names.filter(Boolean).map((name) => `Secret ${name}`);
}

/** Whether a host leads anywhere on this map. */
export function isServed(view: Surface, host: string): boolean {
  return view.entries.some(({ hosts, paths }) =>
    [...hosts, ...paths.map((path) => path.host)].includes(host),
  );
}
