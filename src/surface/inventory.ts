/** Who plays which role in this build, and every problem met while looking. */

import { endpointsOf, listenerPorts, objectsAt, type UpstreamHint } from '../envoy/bootstrap.ts';
import type { Problem } from '../errors.ts';
import { Candidates } from '../manifests/candidates.ts';
import type { Chunk } from '../manifests/chunk.ts';
import { type Resource, ROLE_LABEL } from '../manifests/resource.ts';
import { findGateways, findRoutes } from '../manifests/routes.ts';
import { isAddressOf } from '../manifests/service-address.ts';
import {
  isHeadless,
  list,
  mountsConfigMap,
  selects,
  servicePorts,
  WORKLOAD_KINDS,
} from '../manifests/workloads.ts';
import { getIn } from '../yaml/json.ts';
import { apiServicePort } from './api-service.ts';
import {
  type DocumentTest,
  declares,
  hasTopLevel,
  isControllerManager,
  isDataFile,
  isEnvoy,
  isUi,
  isWorker,
  mentions,
} from './document-roles.ts';
import { labelProblems } from './role-labels.ts';
import {
  ambiguousDocuments,
  ambiguousRole,
  brokenDocument,
  labelledInVain,
  missingRole,
} from './role-problems.ts';
import { API_PORT, API_SERVICE, ENVOY_SERVICE, ROLES, type Role } from './roles.ts';

/** A document inside a ConfigMap that plays a role. */
export interface DocumentTarget {
  resource: Resource;
  /** Key of `data`. */
  key: string;
}

export interface Inventory {
  apiServer: Resource | undefined;
  envoy: DocumentTarget | undefined;
  workers: DocumentTarget[];
  ui: DocumentTarget | undefined;
  controllerManager: DocumentTarget | undefined;
  /** Services of this build that Envoy's clusters name, the UI's for instance. */
  upstreamServices: Resource[];
  apiEntry: Resource | undefined;
  appEntry: Resource | undefined;
  /** Gateway API routes that lead to the API server, and to Envoy. */
  apiRoutes: Resource[];
  appRoutes: Resource[];
  /** Gateways that these routes attach to. */
  gateways: Resource[];
  /** Services that lead to Envoy's pods; the first is the one that entries use. */
  envoyServices: Resource[];
  /** Workloads that mount Envoy's document, and those that mount a worker's. */
  envoyWorkloads: Resource[];
  workerWorkloads: Resource[];
  /** Names of the Services that lead to the API server and to Envoy, as entries may spell them. */
  backends: { api: ReadonlySet<string>; app: ReadonlySet<string> };
}

/**
 * How Envoy's bootstrap may name the API server of an inventory.
 * @param given - `spec.envoy.upstream`
 */
export function upstreamHint(
  apiServer: Resource | undefined,
  given: UpstreamHint['given'],
): UpstreamHint {
  const port = apiServer && apiServicePort(apiServer);
  const numbers = port ? [port.port, Number(port.targetPort)] : [];
  return {
    serviceNames: [...(apiServer?.names ?? []), API_SERVICE],
    ports: [...new Set([API_PORT, ...numbers.filter(Number.isInteger)])],
    given,
  };
}

/**
 * Looks for every role. Problems about roles that the config lists as absent are left out.
 * @param upstream - `spec.envoy.upstream`
 */
export function takeInventory(
  chunks: readonly Chunk[],
  absent: ReadonlySet<string>,
  upstream?: UpstreamHint['given'],
): { inventory: Inventory; candidates: Candidates; problems: Problem[] } {
  const candidates = new Candidates(chunks);
  const search = new RoleSearch(candidates, absent, upstream);
  const inventory = search.run();
  return { inventory, candidates, problems: [...candidates.problems, ...search.problems] };
}

class RoleSearch {
  readonly candidates: Candidates;
  readonly problems: Problem[] = [];
  readonly #absent: ReadonlySet<string>;
  readonly #upstream: UpstreamHint['given'];
  /** Roles with a problem of their own: what depends on them cannot be told. */
  readonly #failed = new Set<Role>();

  constructor(
    candidates: Candidates,
    absent: ReadonlySet<string>,
    upstream: UpstreamHint['given'],
  ) {
    this.candidates = candidates;
    this.#absent = absent;
    this.#upstream = upstream;
  }

  run(): Inventory {
    for (const { role, problem } of labelProblems(this.candidates)) {
      this.problems.push(problem);
      if (role) this.#failed.add(role);
    }
    const apiServices = this.#services();
    const apiServer = this.#one('api-server', apiServices);
    const hint = upstreamHint(apiServer, this.#upstream);
    const envoy = this.#oneDocument('envoy', isEnvoy(hint), ['api-server']);
    const workers = this.#documents('worker', isWorker);
    if (workers.length === 0) this.#missing('worker', []);
    const ui = this.#oneDocument('ui', isUi);
    const controllerManager = this.#oneDocument('controller-manager', isControllerManager);
    const envoyWorkloads = envoy ? this.#mounting([envoy]) : [];
    const workerWorkloads = this.#mounting(workers);
    const envoyServices = this.#envoyServices(envoy, envoyWorkloads);
    const backends = {
      api: new Set([API_SERVICE, ...apiServices.flatMap(({ names }) => names)]),
      app: new Set([ENVOY_SERVICE, ...envoyServices.flatMap(({ names }) => names)]),
    };
    const apiEntry = this.#entry('api-entry', backends.api, ['api-server']);
    const appEntry = this.#entry('app-entry', backends.app, ['envoy']);
    const upstreamServices = this.#upstreamServices(envoy);
    const documents = { envoy, workers, ui, controllerManager };
    const workloads = { envoyServices, envoyWorkloads, workerWorkloads };
    const apiRoutes = findRoutes(this.candidates, backends.api);
    const appRoutes = findRoutes(this.candidates, backends.app);
    const gateways = findGateways(this.candidates, [...apiRoutes, ...appRoutes]);
    const entries = { apiEntry, appEntry, apiRoutes, appRoutes, gateways, backends };
    return { apiServer, ...documents, upstreamServices, ...workloads, ...entries };
  }

  /** Labelled resources where there are any, else what the search finds. */
  #resources(
    role: Role,
    words: readonly string[],
    test: (resource: Resource) => boolean,
  ): Resource[] {
    const found = this.candidates.find(ROLES[role].kinds, [...words, ROLE_LABEL]);
    const labelled = found.filter((resource) => resource.role === role);
    return labelled.length > 0
      ? labelled
      : found.filter((resource) => resource.role === '' && test(resource));
  }

  #services(): Resource[] {
    const { words } = ROLES['api-server'];
    const found = this.#resources('api-server', words, (service) => {
      const ports = servicePorts(service);
      const listens = ports.some(
        ({ port, targetPort }) => port === API_PORT || targetPort === API_PORT,
      );
      return listens || service.originalName === API_SERVICE;
    });
    // Finished output has lost the original names: prefixes and suffixes stand around them.
    const known =
      found.length > 0
        ? found
        : this.#resources('api-server', words, ({ name }) =>
            `-${name}-`.includes(`-${API_SERVICE}-`),
          );
    const reachable = known.filter((service) => !isHeadless(service));
    return reachable.length > 0 ? reachable : known;
  }

  #documents(role: Role, test: DocumentTest): DocumentTarget[] {
    const words = ROLES[role].words;
    const keysOf = (resource: Resource) => {
      const keys = resource.documentKeys(mentions(words));
      const playing = keys.filter((key) => this.#plays(resource, key, test));
      // A label says that the resource plays the role: a document that has its main key is then enough.
      const declaring = keys.filter((key) => this.#plays(resource, key, hasTopLevel(words)));
      return playing.length === 0 && resource.role === role ? declaring : playing;
    };
    const found = this.#resources(role, words, (resource) => keysOf(resource).length > 0);
    const targets = found.flatMap((resource) => keysOf(resource).map((key) => ({ resource, key })));
    const isFilled = targets.length > 0 && role !== 'worker';
    if (!isFilled) this.#reportBroken(role, words);
    return targets;
  }

  #plays(resource: Resource, key: string, test: DocumentTest): boolean {
    const document = resource.document(key);
    return document !== undefined && document.problem === undefined && test(document);
  }

  /** A document that would play a role if it could be read is a problem of its own. */
  #reportBroken(role: Role, words: readonly string[]): void {
    for (const resource of this.candidates.find(ROLES[role].kinds, words)) {
      if (resource.role !== '' && resource.role !== role) continue;
      for (const key of resource.documentKeys(declares(words)).filter(isDataFile)) {
        const problem = resource.document(key)?.problem;
        if (problem) this.#report(role, brokenDocument(role, resource, key, problem));
      }
    }
  }

  #mounting(targets: readonly DocumentTarget[]): Resource[] {
    const names = targets.flatMap(({ resource }) => resource.names);
    return this.candidates
      .find(WORKLOAD_KINDS, names)
      .filter((workload) => targets.some(({ resource }) => mountsConfigMap(workload, resource)));
  }

  #envoyServices(envoy: DocumentTarget | undefined, workloads: readonly Resource[]): Resource[] {
    const labelled = this.candidates
      .find(['Service'], [ROLE_LABEL])
      .filter(({ role }) => role === 'envoy');
    if (labelled.length > 0 || !envoy) return labelled;
    const services = this.candidates.find(['Service'], ['selector']);
    const selecting = services.filter((service) =>
      workloads.some((workload) => selects(service, workload)),
    );
    const ports = listenerPorts(envoy.resource.document(envoy.key)?.json);
    const found =
      selecting.length > 0
        ? selecting
        : services.filter((service) =>
            servicePorts(service).some(({ targetPort }) => ports.includes(Number(targetPort))),
          );
    return [...found].sort((left, right) => Number(isHeadless(left)) - Number(isHeadless(right)));
  }

  #upstreamServices(envoy: DocumentTarget | undefined): Resource[] {
    const json = envoy?.resource.document(envoy.key)?.json;
    const clusters = objectsAt(json, ['static_resources', 'clusters']);
    const endpoints = clusters.flatMap((cluster) => endpointsOf(json, cluster));
    const addresses = endpoints.map(({ value }) => String(value['address']));
    const names = addresses.map((address) => address.split('.')[0] ?? '');
    return this.candidates
      .find(['Service'], names)
      .filter((service) => addresses.some((address) => isAddressOf(service, address)));
  }

  #entry(
    role: 'api-entry' | 'app-entry',
    backends: ReadonlySet<string>,
    needed: readonly Role[],
  ): Resource | undefined {
    const found = this.#resources(role, [...backends], (ingress) =>
      ingressBackends(ingress).some((name) => backends.has(name)),
    );
    // A base that is on the Gateway API already has routes instead.
    const isRouted = found.length === 0 && findRoutes(this.candidates, backends).length > 0;
    return isRouted ? undefined : this.#one(role, found, needed);
  }

  #oneDocument(
    role: Role,
    test: DocumentTest,
    needed: readonly Role[] = [],
  ): DocumentTarget | undefined {
    const found = this.#documents(role, test);
    const resources = [...new Set(found.map(({ resource }) => resource))];
    const resource = this.#one(role, resources, needed);
    const targets = found.filter((target) => target.resource === resource);
    if (targets.length > 1) this.#report(role, ambiguousDocuments(role, targets));
    return targets.length === 1 ? targets[0] : undefined;
  }

  #one(role: Role, found: readonly Resource[], needed: readonly Role[] = []): Resource | undefined {
    if (found.length === 0) this.#missing(role, needed);
    if (found.length > 1) this.#report(role, ambiguousRole(role, found));
    return found.length === 1 ? found[0] : undefined;
  }

  /** A role that nothing plays, unless another problem is the cause: one mistake gives one problem. */
  #missing(role: Role, needed: readonly Role[]): void {
    const { kinds, words } = ROLES[role];
    const dependsOnFailed = needed.some((other) => this.#failed.has(other));
    const isConsequence =
      this.#failed.has(role) ||
      this.candidates.isBroken(kinds, words) ||
      (dependsOnFailed && this.candidates.has(kinds, words));
    if (isConsequence) {
      this.#failed.add(role);
      return;
    }
    const labelled = this.candidates
      .find(kinds, [ROLE_LABEL])
      .find((resource) => resource.role === role);
    const looked = this.candidates.labels(kinds);
    this.#report(role, labelled ? labelledInVain(role, labelled) : missingRole(role, looked));
  }

  #report(role: Role, problem: Problem): void {
    this.#failed.add(role);
    if (!this.#absent.has(role)) this.problems.push(problem);
  }
}

/** The names of all Services that an Ingress leads to. */
export function ingressBackends(ingress: Resource): string[] {
  const rules = list(getIn(ingress.json, ['spec', 'rules']));
  const paths = rules.flatMap((rule) => list(getIn(rule, ['http', 'paths'])));
  const names = [
    getIn(ingress.json, ['spec', 'defaultBackend', 'service', 'name']),
    ...paths.map((path) => getIn(path, ['backend', 'service', 'name'])),
  ];
  return names.filter((name): name is string => typeof name === 'string');
}
