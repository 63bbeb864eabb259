/** Which endpoints of an API cluster are the API server's, where a cluster has several. */

import type { Located } from '../envoy/bootstrap.ts';
import { joinHostPort } from '../net/addresses.ts';
import { asText } from '../yaml/json.ts';

/** An endpoint with the address that it is to have if it is the API server's. */
export interface Endpoint extends Located {
  wanted: { host: string; port: number };
}

/** The host of an endpoint as it is written; empty where it is not a string. */
export function addressOf({ value }: Located): string {
  return typeof value['address'] === 'string' ? value['address'] : '';
}

/**
 * The endpoints to write, and those that have to stay as they are without anybody knowing what they are. The only endpoint of a
 * cluster is the API server's whatever it names. Of several, those that name its Service; two that differ never become the same.
 * @param isApi - whether an address is that of the API server's Service
 * @param isOther - whether an endpoint is that of another Service of this build, which keeps its own
 */
export function sortEndpoints(
  endpoints: readonly Endpoint[],
  isApi: (address: string) => boolean,
  isOther: (endpoint: Endpoint) => boolean,
  isGiven: boolean,
): { own: Endpoint[]; strange: Endpoint[] } {
  // A config that gives the address means the only endpoint, even where it names another Service.
  if (endpoints.length === 1 && isGiven) return { own: [...endpoints], strange: [] };
  const unclaimed = endpoints.filter((endpoint) => !isOther(endpoint));
  if (endpoints.length === 1) return { own: unclaimed, strange: [] };
  const sources = new Map(
    unclaimed
      .filter((endpoint) => written(endpoint) === wanted(endpoint))
      .map((endpoint) => [wanted(endpoint), written(endpoint)]),
  );
  const own = unclaimed.filter((endpoint) => {
    if (!isApi(addressOf(endpoint)) && written(endpoint) !== wanted(endpoint)) return false;
    const source = sources.get(wanted(endpoint)) ?? written(endpoint);
    sources.set(wanted(endpoint), source);
    return source === written(endpoint);
  });
  return { own, strange: unclaimed.filter((endpoint) => !own.includes(endpoint)) };
}

/** `host:port` as it stands there. */
export function written(endpoint: Endpoint): string {
  return joinHostPort(addressOf(endpoint), asText(endpoint.value['port_value']));
}

function wanted({ wanted: { host, port } }: Endpoint): string {
  return joinHostPort(host, port);
}
