/** Links to addresses that stand in configs: a Service of this stream, a public host, or something outside. */
import { readAddress } from '../../net/addresses.ts';
import { parseServiceAddress } from '../../net/service-address.ts';
import type { Fault } from '../../surface/faults/fault.ts';
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
  /** What it is, where it is not in these manifests; `Outside` where nothing is known. */
  title?: string;
  /** What the checks find wrong with the address. */
  fault?: Fault | undefined;
}

/** Draws a call to an address. */
export function callAddress(draft: MapDraft, view: Surface, call: Call): void {
  const { address, port, namespace, title = 'Outside', fault, ...rest } = call;
  const link = { ...rest, port: port?.toString(), broken: fault?.message };
  if (isServed(view, address)) {
    draft.link({ ...link, to: hostId(address) });
    return;
  }
  const parsed = parseServiceAddress(address);
  const home = parsed?.namespace ?? namespace;
  const service = parsed && view.manifests.named('Service', parsed.name, home);
  if (service) {
    linkToService(draft, view, { ...rest, name: service.name, service, port, fault });
    return;
  }
  const name = address || 'no address';
  const to = fault
    ? draft.missing(parsed ? 'Service' : 'Host', name)
    : draft.node(`outside ${name}:${port}`, { kind: 'outside', title, name });
  draft.link({ ...link, to });
}

/** The workflow engine and the object store that a config names. */
export function callExternal(
  draft: MapDraft,
  view: Surface,
  { from, namespace }: Pick<Call, 'from' | 'namespace'>,
  json: Json | undefined,
  engineKey: string,
): void {
  const call = (written: string, tls: boolean, protocol: string, title: string) => {
    const { host, port } = readAddress(written) ?? { host: written, port: undefined };
    const address = { address: host, port: port ?? (tls ? 443 : 80), namespace };
    if (written) callAddress(draft, view, { from, ...address, protocol, tls, title });
  };
  const provider = String(getIn(json, [engineKey, 'provider']) ?? '');
  const useTls = getIn(json, [engineKey, 'useTLS']) === true;
  const engine = `Workflow engine${provider && `, ${provider.toLowerCase()}`}`;
  call(String(getIn(json, [engineKey, 'host']) ?? ''), useTls, 'gRPC', engine);
  const store = String(getIn(json, ['minio', 'awsEndpointUrl']) ?? '');
  const isSecure = getIn(json, ['minio', 'secure']) !== false;
  call(store, isSecure, isSecure ? 'HTTPS' : 'HTTP', 'Object store');
}
