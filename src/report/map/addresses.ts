/** Links to addresses that stand in configs: a Service of this stream, a public host, or something outside. */
import type { Resource } from '../../manifests/resource.ts';
import { serviceAt } from '../../manifests/service-address.ts';
import { readAddress } from '../../net/addresses.ts';
import { parseServiceAddress } from '../../net/service-address.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { peersOf } from '../../surface/peers.ts';
import { asText, getIn, type Json } from '../../yaml/json.ts';
import { linkToService } from './services.ts';
import { hostId, type MapDraft, type MapLink } from './traffic-map.ts';

interface Call extends Pick<MapLink, 'from' | 'protocol' | 'tls' | 'purpose'> {
  address: string;
  port: number | undefined;
  /** The resource that the address stands in. */
  home: Resource;
  /** What it is, where it is not in these manifests; `Outside` where nothing is known. */
  title?: string;
  /** What the checks find wrong with the address. */
  fault?: Fault | undefined;
}

/** Draws a call to an address. */
export function callAddress(draft: MapDraft, call: Call): void {
  const { address, port, home, title = 'Outside', fault, ...rest } = call;
  const link = { ...rest, port: port?.toString(), broken: fault?.message };
  if (draft.has(hostId(address))) {
    draft.link({ ...link, to: hostId(address) });
    return;
  }
  const parsed = parseServiceAddress(address);
  const service = serviceAt(address, home, draft.surface.manifests);
  if (service) {
    linkToService(draft, { ...rest, name: service.name, service, port, fault });
    return;
  }
  const name = address || 'no address';
  const to = fault
    ? draft.missing(parsed ? 'Service' : 'Host', name)
    : draft.node(`outside ${name}:${port}`, { kind: 'outside', title, name });
  draft.link({ ...link, to });
}

/** The address that stands at a place of a config; empty where there is none. */
export function addressAt(json: Json | undefined, path: readonly string[]) {
  const written = asText(getIn(json, path) ?? '');
  const { host, port } = readAddress(written) ?? { host: written, port: undefined };
  return { address: host, port };
}

/** The workflow engine and the object store that a config names. */
export function callPeers(
  draft: MapDraft,
  caller: Pick<Call, 'from' | 'home'>,
  json: Json | undefined,
): void {
  for (const { name, path, host: address, port, tls } of peersOf(json)) {
    const call = { ...caller, address, port, tls };
    if (name === 'object store') {
      callAddress(draft, { ...call, protocol: tls ? 'HTTPS' : 'HTTP', title: 'Object store' });
      continue;
    }
    const provider = asText(getIn(json, [...path.slice(0, -1), 'provider']) ?? '').toLowerCase();
    const title = `Workflow engine${provider && `, ${provider}`}`;
    callAddress(draft, { ...call, protocol: 'gRPC', title });
  }
}
