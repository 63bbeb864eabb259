/** Whether anything leads browsers to the page: an entry to its own Service, or a route of Envoy. */
import {
  clusterNames,
  clustersOfRoute,
  connectionManagers,
  routesOf,
  virtualHosts,
} from '../../envoy/bootstrap.ts';
import { adminClusters } from '../../envoy/stats.ts';
import { typeOfService } from '../../manifests/service.ts';
import { getIn, type JsonObject } from '../../yaml/json.ts';
import { envoyApi } from '../envoy-api.ts';
import { otherEntries } from '../other-entries.ts';
import { type DocumentTarget, jsonOf } from '../parts.ts';
import type { Surface } from '../surface.ts';
import type { Fault } from './fault.ts';

/**
 * The page's Service, where nothing leads to it. Silent where that cannot be seen: without the page's Service or Envoy, with routes that
 * somebody hands to Envoy, and where an entry leads to a Service of another stream.
 */
export function uiNotServed(surface: Surface): Fault[] {
  const { uiServices, envoys, entries, settings } = surface;
  const [service] = uiServices;
  const isAbsent = settings?.absent.has('ui-entry') || settings?.absent.has('ui');
  if (!service || isAbsent || envoys.length === 0) return [];
  const isOpen =
    mayHaveAnotherOrigin(surface) &&
    uiServices.some((one) => ['LoadBalancer', 'NodePort'].includes(typeOfService(one)));
  const isReached =
    surface.entriesOf('ui').length > 0 || otherEntries(surface).some(({ role }) => role === 'ui');
  const isDangling = entries.some(({ paths }) =>
    paths.some(({ role, backend }) => role === undefined && backend.service === undefined),
  );
  if (isOpen || isReached || isDangling) return [];
  if (!envoys.every((target) => leadsToApiAlone(target, surface))) return [];
  return [
    {
      resource: service,
      message: `nothing leads to the page's Service ${service.name}: no entry, and every route of Envoy goes to the API server`,
      fix: 'add an Ingress or a route to it, on the host of the app beside the calls or on a host of its own (`spec.hosts.ui`); or let Envoy lead to it what is not a call; or list ui-entry in `spec.absent` where the page is served elsewhere',
    },
  ];
}

/**
 * Whether a page that its Service alone shows to the outside can call: nodes and load balancers are not the app's host, where that leads to
 * Envoy, and Envoy lets in no other origin than the config knows. Without a config nobody can tell.
 */
function mayHaveAnotherOrigin(surface: Surface): boolean {
  const { settings } = surface;
  if (!settings || settings.hasPageHost || surface.entriesOf('envoy').length === 0) return true;
  const own = new Set(settings.hosts.ui.map(({ from }) => from));
  return settings.origins.some(({ from }) => !own.has(from));
}

function leadsToApiAlone(target: DocumentTarget, surface: Surface): boolean {
  const json = jsonOf(target);
  const api = clusterNames(envoyApi(target, surface).clusters);
  const areKnown = connectionManagers(json).every(
    (manager) => virtualHosts(json, manager).length > 0,
  );
  const isOfApi = (route: JsonObject) => {
    const names = clustersOfRoute(route);
    return names.length > 0 && names.every((name) => api.has(name));
  };
  const own = adminClusters(json);
  // An answer of its own, at a path for probes, serves no page; metrics do not either.
  const isBeside = (route: JsonObject) => {
    if (route['route'] === undefined) return getIn(route, ['match', 'prefix']) !== '/';
    const names = clustersOfRoute(route);
    return names.length > 0 && names.every((name) => own.includes(name));
  };
  const routes = routesOf(json).map(({ value }) => value);
  return (
    areKnown && routes.some(isOfApi) && routes.every((route) => isOfApi(route) || isBeside(route))
  );
}
