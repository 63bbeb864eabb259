/**
 * The parts of Michelangelo in a stream: documents, workloads and Services, several of each where there are several.
 *
 * The function's own inventory insists on one of each and on references that hold; here a Service whose selector is wrong is still
 * Envoy's, or nobody could say that it is wrong.
 */

import { connectionManagers, listenerPorts } from '../envoy/bootstrap.ts';
import type { Resource } from '../manifests/resource.ts';
import { type ResourceIndex, sameNamespace } from '../manifests/resource-index.ts';
import {
  isHeadless,
  list,
  mountsConfigMap,
  podTemplatePath,
  selects,
  servicePorts,
  WORKLOAD_KINDS,
} from '../manifests/workloads.ts';
import { getIn } from '../yaml/json.ts';
import {
  type DocumentTest,
  isControllerManager,
  isDataFile,
  isEnvoy,
  isUi,
  isWorker,
  mentions,
} from './document-roles.ts';
import { type DocumentTarget, upstreamHint } from './inventory.ts';
import { API_PORT, API_SERVICE, ROLES, type Role } from './roles.ts';

/** What a Service, and an entry that leads to it, is for. */
export type ServiceRole = 'api' | 'envoy' | 'ui';

export interface Parts {
  /** Envoy bootstraps, worker configs, UI configs and controller manager configs, each a key of a ConfigMap. */
  envoys: readonly DocumentTarget[];
  workers: readonly DocumentTarget[];
  uis: readonly DocumentTarget[];
  controllerManagers: readonly DocumentTarget[];
  /** Everything that has pods, of whatever program. */
  workloads: readonly Resource[];
  /** Every Service, of whatever program; those below are among them. */
  services: readonly Resource[];
  apiServices: readonly Resource[];
  envoyServices: readonly Resource[];
  uiServices: readonly Resource[];
}

/** The parsed document of a target. */
export function jsonOf({ resource, key }: DocumentTarget) {
  return resource.document(key)?.json;
}

export function findParts(index: ResourceIndex): Parts {
  const workloads = index.ofKind(...WORKLOAD_KINDS);
  const services = index.ofKind('Service');
  const configMaps = index.ofKind('ConfigMap');
  const apiServices = findApiServices(services, workloads);
  const hint = upstreamHint(apiServices[0], undefined);
  const routesToApi = isEnvoy(hint);
  const envoys = documents(
    configMaps,
    'envoy',
    (document) =>
      // One whose clusters are all wrong leads nowhere, and is still an Envoy.
      routesToApi(document) || connectionManagers(document.json).length > 0,
  );
  const uis = documents(configMaps, 'ui', isUi);
  return {
    envoys,
    workers: documents(configMaps, 'worker', isWorker),
    uis,
    controllerManagers: documents(configMaps, 'controller-manager', isControllerManager),
    workloads,
    services,
    apiServices,
    envoyServices: findEnvoyServices(services, workloads, envoys),
    uiServices: servicesOf(services, mounting(workloads, uis)),
  };
}

/** The workloads whose pods a Service picks, in a namespace that can be its own. */
export function selectedBy(service: Resource, workloads: readonly Resource[]): Resource[] {
  return workloads.filter(
    (workload) =>
      selects(service, workload) ||
      (service.namespace !== workload.namespace &&
        sameNamespace(service.namespace, workload.namespace) &&
        selectsLabels(service, workload)),
  );
}

/** The workloads that mount one of the documents. */
export function mounting(
  workloads: readonly Resource[],
  targets: readonly DocumentTarget[],
): Resource[] {
  return workloads.filter((workload) =>
    targets.some(({ resource }) => mountsConfigMap(workload, resource)),
  );
}

/** The containers of a workload's pods, init containers aside. */
export function containersOf(workload: Resource) {
  return list(getIn(workload.json, [...podTemplatePath(workload), 'spec', 'containers']));
}

function selectsLabels(service: Resource, workload: Resource): boolean {
  const selector = getIn(service.json, ['spec', 'selector']) ?? {};
  const labels = getIn(workload.json, [...podTemplatePath(workload), 'metadata', 'labels']) ?? {};
  const pairs = Object.entries(selector);
  return pairs.length > 0 && pairs.every(([key, value]) => getIn(labels, [key]) === value);
}

function documents(
  configMaps: readonly Resource[],
  role: Role,
  test: DocumentTest,
): DocumentTarget[] {
  const isMentioned = mentions(ROLES[role].words);
  const others = configMaps.some((resource) => resource.role === role)
    ? configMaps.filter((resource) => resource.role === role)
    : configMaps.filter((resource) => resource.role === '');
  return others.flatMap((resource) =>
    resource
      .documentKeys(isMentioned)
      .filter(isDataFile)
      .filter((key) => {
        const document = resource.document(key);
        return document !== undefined && document.problem === undefined && test(document);
      })
      .map((key) => ({ resource, key })),
  );
}

function findApiServices(
  services: readonly Resource[],
  workloads: readonly Resource[],
): Resource[] {
  const ways: ((service: Resource) => boolean)[] = [
    ({ role }) => role === 'api-server',
    (service) => servicePorts(service).some(isApiPort) || service.originalName === API_SERVICE,
    (service) => selectedBy(service, workloads).some(listensOnApiPort),
    ({ name }) => isNamedLike(name, API_SERVICE),
  ];
  const reachable = services.filter((service) => !isHeadless(service));
  return firstFound(ways, reachable, 'api-server');
}

function isApiPort({ port, targetPort }: { port: number; targetPort: number | string }): boolean {
  return port === API_PORT || targetPort === API_PORT;
}

function listensOnApiPort(workload: Resource): boolean {
  const ports = containersOf(workload).flatMap((container) => list(container['ports']));
  return ports.some((port) => port['containerPort'] === API_PORT);
}

function findEnvoyServices(
  services: readonly Resource[],
  workloads: readonly Resource[],
  envoys: readonly DocumentTarget[],
): Resource[] {
  const ports = new Set(envoys.flatMap((target) => listenerPorts(jsonOf(target))));
  const isOnListener = (service: Resource) =>
    servicePorts(service).some(({ port, targetPort }) =>
      [port, targetPort].some((number) => ports.has(Number(number))),
    );
  const owners = new Set(mounting(workloads, envoys));
  const ways: ((service: Resource) => boolean)[] = [
    ({ role }) => role === 'envoy',
    (service) => selectedBy(service, workloads).some((workload) => owners.has(workload)),
    (service) =>
      selectedBy(service, workloads).length === 0 &&
      (isOnListener(service) || /(?:^|-)envoy(?:-|$)/.test(service.name)),
  ];
  return firstFound(ways, services, 'envoy');
}

function servicesOf(services: readonly Resource[], workloads: readonly Resource[]): Resource[] {
  return services.filter((service) => selectedBy(service, workloads).length > 0);
}

/** What the first way that finds any finds; a label for another role takes a Service out. */
function firstFound(
  ways: readonly ((service: Resource) => boolean)[],
  services: readonly Resource[],
  role: Role,
): Resource[] {
  const free = services.filter((service) => service.role === '' || service.role === role);
  for (const way of ways) {
    const found = free.filter(way);
    if (found.length > 0) return found;
  }
  return [];
}

/** `michelangelo-apiserver` in `prod-michelangelo-apiserver-v2`. */
function isNamedLike(name: string, wanted: string): boolean {
  return `-${name}-`.includes(`-${wanted}-`);
}
