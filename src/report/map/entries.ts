/** From public hosts through Ingresses, Gateways and their routes to Services. */

import { publicHostsOf } from '../../config/settings.ts';
import { certificateRefsOf, gatewayClassOf } from '../../manifests/gateway.ts';
import { tlsBlocksOf } from '../../manifests/ingress.ts';
import { parentsOf } from '../../manifests/route.ts';
import { servicePort } from '../../manifests/service.ts';
import { listenerPort } from '../../surface/addresses.ts';
import { isToldTls } from '../../surface/backend-tls.ts';
import type { Entry, EntryPath } from '../../surface/entry.ts';
import { entryTlsFault } from '../../surface/faults/backend-tls.ts';
import { backendFault } from '../../surface/faults/backends.ts';
import { routeFaults } from '../../surface/faults/gateway-references.ts';
import { isToldGrpc } from '../../surface/grpc-backend.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText } from '../../yaml/json.ts';
import { linkToService } from './services.ts';
import { hostId, idOf, type MapDraft, type MapLink } from './traffic-map.ts';

/** Adds them to the draft, with the links that are broken. */
export function drawEntries(draft: MapDraft): void {
  const { surface } = draft;
  for (const entry of surface.entries) {
    if (entry.paths.length > 0) drawEntry(draft, entry);
    // A redirect leads to no Service: it is drawn where it is attached to nothing.
    else if (entry.form === 'route' && routeFaults(entry.resource, surface).length > 0)
      gatewayNodes(draft, entry);
  }
}

function drawEntry(draft: MapDraft, entry: Entry): void {
  const { surface } = draft;
  const { resource, paths, form } = entry;
  const doors = form === 'ingress' ? [ingressNode(draft, entry)] : gatewayNodes(draft, entry);
  for (const host of new Set(paths.map((path) => path.host)))
    for (const door of doors) drawHost(draft, entry, host, door);
  for (const entryPath of paths) {
    const { path, backend } = entryPath;
    if (backend.kind !== 'Service') continue;
    const { name, service, port } = backend;
    linkToService(draft, {
      ...spokenTo(entry, entryPath, surface),
      from: idOf(resource),
      name,
      service,
      port,
      fault: backendFault(entry, entryPath, surface) ?? entryTlsFault(entry, entryPath, surface),
      purpose: path === '/' ? undefined : path,
    });
  }
}

function drawHost(draft: MapDraft, entry: Entry, host: string, door: string): void {
  const { surface } = draft;
  const tls = entry.tlsPlace !== 'none';
  const port = String(publicPort(surface, entry, host, tls));
  const to = draft.node(hostId(host), {
    kind: 'host',
    title: isAlias(surface, host) ? 'Public host, alias' : 'Public host',
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

function publicPort({ settings }: Surface, entry: Entry, host: string, tls: boolean): number {
  const own = settings && publicHostsOf(settings);
  if (own?.some((one) => one.host === host)) return settings?.port ?? 0;
  return listenerPort(entry, tls) ?? (tls ? 443 : 80);
}

function isAlias({ settings }: Surface, host: string): boolean {
  const hosts = Object.values(settings?.hosts ?? {});
  return hosts.some(([, ...aliases]) => aliases.some((one) => one.host === host));
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
function gatewayNodes(draft: MapDraft, entry: Entry): string[] {
  const { surface } = draft;
  const { resource, tlsPlace, listeners } = entry;
  const { kind, name } = resource;
  const isPassed = tlsPlace === 'envoy';
  const link = {
    to: draft.node(idOf(resource), { kind: 'route', title: kind, name }),
    protocol: isPassed ? 'TLS' : entry.roles.has('api') ? 'gRPC' : 'HTTP',
    tls: isPassed,
  };
  const faults = routeFaults(resource, surface);
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
  const foreign = parentsOf(resource).flatMap((parent) => {
    const gateway = asText(parent['name']);
    const namespace = asText(parent['namespace'] ?? resource.namespace);
    const isElsewhere =
      (parent['kind'] ?? 'Gateway') === 'Gateway' &&
      !surface.manifests.named('Gateway', gateway, namespace) &&
      !faults.some((fault) => fault.gateway === gateway);
    if (!isElsewhere) return [];
    const from = draft.node(`Gateway ${namespace}/${gateway}`, {
      kind: 'entry',
      title: 'Gateway, made elsewhere',
      name: gateway,
      details: namespace === resource.namespace ? [] : [`in ${namespace}`],
      endsTls: surface.settings?.scheme !== 'http' && !isPassed,
    });
    draft.link({ ...link, from });
    return [from];
  });
  return [...own, ...broken, ...foreign];
}

function secretLines(names: readonly string[]): string[] {
  return names.filter(Boolean).map((name) => `Secret ${name}`);
}

/** `gRPC` where HTTP/2 is asked for, else what requests of browsers go on as. */
function spokenTo(
  entry: Entry,
  path: EntryPath,
  surface: Surface,
): Pick<MapLink, 'protocol' | 'tls'> {
  if (entry.tlsPlace === 'envoy') return { protocol: 'TLS', tls: true };
  const { service, port } = path.backend;
  const appProtocol = (service && servicePort(service, port)?.appProtocol) ?? '';
  const tls = isToldTls(entry, path, surface);
  // Of an unknown controller, its marks are unknown too.
  const isUnknown = entry.form === 'ingress' && entry.controllers.length === 0;
  const isGrpc = isUnknown
    ? /h2c|grpc/.test(appProtocol)
    : isToldGrpc(entry, path, surface.manifests);
  // A Gateway and its backend agree on HTTP/2 by themselves.
  const isAgreed = entry.form === 'route' && path.role === 'api';
  if (tls) return { protocol: isGrpc || isAgreed ? 'gRPC' : 'HTTPS', tls };
  return { protocol: isGrpc ? 'gRPC, h2c' : 'HTTP/1.1', tls };
}
