/** Hosts that Envoy serves for somebody else: a virtual host beside those of the API has them as a domain, and does not lead to the page. */
import { clustersOfRoute, objectsIn, virtualHosts } from '../envoy/bootstrap.ts';
import { strings, toPointer } from '../yaml/json.ts';
import { apiManagers } from './envoy-api.ts';
import { once } from './once.ts';
import { jsonOf } from './parts.ts';
import { upstreamsIn } from './upstreams.ts';

/** In lower case, without a port. */
export const sitesOfOthers = once((surface): ReadonlySet<string> => {
  const { manifests, uiServices } = surface;
  const found = apiManagers(surface).flatMap(({ target, manager, hosts }) => {
    const own = new Set(hosts.map(({ host }) => toPointer(host.path)));
    const pages = upstreamsIn(target, manifests)
      .filter(({ service }) => service && uiServices.includes(service))
      .map(({ cluster }) => cluster);
    return virtualHosts(jsonOf(target), manager).filter(
      (host) =>
        !own.has(toPointer(host.path)) &&
        !objectsIn(host, ['routes'])
          .flatMap(({ value }) => clustersOfRoute(value))
          .some((cluster) => pages.includes(cluster)),
    );
  });
  return new Set(
    found
      .flatMap(({ value }) => strings(value['domains']))
      .map((domain) => domain.toLowerCase().replace(/:(?:\d+|\*)$/, '')),
  );
});
