/** Links to addresses that stand in configs: a Service of this stream, a public host, or something outside. */

import { readAddress } from '../../net/addresses.ts';
import { parseServiceAddress } from '../../net/service-address.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, type Json } from '../../yaml/json.ts';
import { isServed } from './entries.ts';
import { hostId } from './ids.ts';
import { linkToService } from './services.ts';
import type { MapDraft, MapLink } from './traffic-map.ts';

export interface Call extends Pick<MapLink, 'from' | 'protocol' | 'tls' | 'purpose'> {
  address: string;
  port: number | undefined;
  /** Of the resource that the address stands in. */
  namespace: string;
}

/** Draws a call to an address that has to lead to something on this map. */
export function callAddress(draft: MapDraft, view: Surface, call: Call): void {
  const { address, port, namespace, ...link } = call;
  if (isServed(view, address)) {
    draft.link({ ...link, to: hostId(address), port: port?.toString() });
    return;
  }
  const service = parseServiceAddress(address);
  if (service) {
    const home = service.namespace ?? namespace;
    // A Service of another namespace is another team's: nothing of it is here.
    const isForeign = home !== namespace && !view.manifests.named('Service', service.name, home);
    if (!isForeign) {
      linkToService(draft, view, { ...link, name: service.name, namespace: home, port });
      return;
    }
  }
  if (service || isLiteral(address)) {
    const to = draft.node(`outside ${address}`, {
      kind: 'outside',
      title: 'Outside',
      name: address,
    });
    draft.link({ ...link, to, port: port?.toString() });
    return;
  }
  const to = draft.missing('Host', address || 'no address');
  draft.link({ ...link, to, port: port?.toString(), broken: `no entry serves ${address || 'it'}` });
}

function isLiteral(address: string): boolean {
  return /^[\d.]+$|:/.test(address);
}

/** The workflow engine and the object store that a config names, which are nobody's here. */
export function callExternal(
  draft: MapDraft,
  view: Surface,
  from: string,
  json: Json | undefined,
  engineKey: string,
): void {
  const engine = String(getIn(json, [engineKey, 'host']) ?? '');
  const provider = String(getIn(json, [engineKey, 'provider']) ?? '');
  const useTls = getIn(json, [engineKey, 'useTLS']) === true;
  if (engine)
    external(draft, view, {
      from,
      title: `Workflow engine${provider && `, ${provider.toLowerCase()}`}`,
      target: engine,
      protocol: 'gRPC',
      tls: useTls,
    });
  const store = String(getIn(json, ['minio', 'awsEndpointUrl']) ?? '');
  const isSecure = getIn(json, ['minio', 'secure']) !== false;
  if (store)
    external(draft, view, {
      from,
      title: 'Object store',
      target: store,
      protocol: isSecure ? 'HTTPS' : 'HTTP',
      tls: isSecure,
    });
}

function external(
  draft: MapDraft,
  view: Surface,
  call: { from: string; title: string; target: string; protocol: string; tls: boolean },
): void {
  const { from, title, target, protocol, tls } = call;
  const { host: name, port } = readAddress(target) ?? { host: target, port: undefined };
  const service = parseServiceAddress(name);
  const own = service && view.manifests.named('Service', service.name, service.namespace);
  const link = { from, protocol, tls };
  if (own) {
    linkToService(draft, view, {
      ...link,
      name: own.name,
      namespace: own.namespace,
      port,
    });
    return;
  }
  const to = draft.node(`outside ${name}:${port}`, { kind: 'outside', title, name });
  draft.link({ ...link, to, port: String(port ?? (tls ? 443 : 80)) });
}
