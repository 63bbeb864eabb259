/** Who plays which role in this build, and every problem met while looking. */
import type { Problem } from '../errors.ts';
import { getIn, isObject } from '../json.ts';
import { Candidates } from './candidates.ts';
import type { Chunk } from './chunk.ts';
import { type EmbeddedDocument, topLevel } from './embedded-document.ts';
import {
  apiClusters,
  clusterNames,
  connectionManagers,
  endpointsOf,
  firstLabel,
  leadsTo,
  listenerPorts,
  objectsAt,
  type UpstreamHint,
  virtualHosts,
} from './envoy-config.ts';
import { type Resource, ROLE_LABEL } from './resource.ts';
import { ambiguousRole, brokenDocument, missingRole } from './role-problems.ts';
import { API_PORT, API_SERVICE, ENVOY_SERVICE, ROLES, type Role } from './roles.ts';
import {
  isHeadless,
  list,
  mountsConfigMap,
  selects,
  servicePorts,
  WORKLOAD_KINDS,
} from './workloads.ts';

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
  /** Names of the Services that lead to the API server and to Envoy, as entries may spell them. */
  backends: { api: ReadonlySet<string>; app: ReadonlySet<string> };
}

/** How Envoy's bootstrap may name the API server of an inventory. */
export function upstreamHint(apiServer: Resource | undefined): UpstreamHint {
  const ports = apiServer ? servicePorts(apiServer) : [];
  const numbers = ports.flatMap(({ port, targetPort }) => [port, Number(targetPort)]);
  return {
    serviceNames: [...(apiServer?.names ?? []), API_SERVICE],
    ports: [...new Set([API_PORT, ...numbers.filter(Number.isInteger)])],
  };
}

/** Looks for every role. Problems about roles that the config lists as absent are left out. */
export function takeInventory(
  chunks: readonly Chunk[],
  absent: ReadonlySet<string>,
): { inventory: Inventory; problems: Problem[] } {
  const search = new RoleSearch(new Candidates(chunks), absent);
  const inventory = search.run();
  return { inventory, problems: [...search.candidates.problems, ...search.problems] };
}

class RoleSearch {
  readonly candidates: Candidates;
  readonly problems: Problem[] = [];
  readonly #absent: ReadonlySet<string>;

  constructor(candidates: Candidates, absent: ReadonlySet<string>) {
    this.candidates = candidates;
    this.#absent = absent;
  }

  run(): Inventory {
    const apiServices = this.#services();
    const apiServer = this.#one('api-server', apiServices, (resource) => resource);
    const hint = upstreamHint(apiServer);
    const envoy = this.#one('envoy', this.#documents('envoy', isEnvoy(hint)), ofTarget);
    const workers = this.#documents('worker', isWorker);
    if (workers.length === 0) this.#missing('worker');
    const ui = this.#one('ui', this.#documents('ui', isUi), ofTarget);
    const controllers = this.#documents('controller-manager', isControllerManager);
    const controllerManager = this.#one('controller-manager', controllers, ofTarget);
    const backends = {
      api: new Set([API_SERVICE, ...apiServices.flatMap(({ names }) => names)]),
      app: this.#envoyServiceNames(envoy),
    };
    const apiEntry = this.#entry('api-entry', backends.api);
    const appEntry = this.#entry('app-entry', backends.app);
    const upstreamServices = this.#upstreamServices(envoy);
    const documents = { envoy, workers, ui, controllerManager };
    return { apiServer, ...documents, upstreamServices, apiEntry, appEntry, backends };
  }

  /** Labelled resources where there are any, else what the search finds. */
  #resources(role: Role, words: readonly string[], test: (resource: Resource) => boolean): Resource[] {
    const found = this.candidates.find(ROLES[role].kinds, [...words, ROLE_LABEL]);
    const labelled = found.filter((resource) => resource.role === role);
    return labelled.length > 0
      ? labelled
      : found.filter((resource) => resource.role === '' && test(resource));
  }

  #services(): Resource[] {
    const found = this.#resources('api-server', ROLES['api-server'].words, (service) => {
      const ports = servicePorts(service);
      const listens = ports.some(({ port, targetPort }) => port === API_PORT || targetPort === API_PORT);
      return listens || service.originalName === API_SERVICE;
    });
    const reachable = found.filter((service) => !isHeadless(service));
    return reachable.length > 0 ? reachable : found;
  }

  #documents(role: Role, test: (document: EmbeddedDocument) => boolean): DocumentTarget[] {
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

  #plays(resource: Resource, key: string, test: (document: EmbeddedDocument) => boolean): boolean {
    const document = resource.document(key);
    return document !== undefined && document.problem === undefined && test(document);
  }

  /** A document that would play a role if it could be read is a problem of its own. */
  #reportBroken(role: Role, words: readonly string[]): void {
    if (this.#absent.has(role)) return;
    for (const resource of this.candidates.find(ROLES[role].kinds, words)) {
      if (resource.role !== '' && resource.role !== role) continue;
      for (const key of resource.documentKeys(declares(words))) {
        const problem = resource.document(key)?.problem;
        if (problem) this.problems.push(brokenDocument(role, resource, key, problem));
      }
    }
  }

  #envoyServiceNames(envoy: DocumentTarget | undefined): Set<string> {
    const labelled = this.candidates
      .find(['Service'], [ROLE_LABEL])
      .filter(({ role }) => role === 'envoy');
    const services = labelled.length > 0 ? labelled : this.#servicesOf(envoy);
    return new Set([ENVOY_SERVICE, ...services.flatMap(({ names }) => names)]);
  }

  #servicesOf(envoy: DocumentTarget | undefined): Resource[] {
    if (!envoy) return [];
    const workloads = this.candidates
      .find(WORKLOAD_KINDS, envoy.resource.names)
      .filter((workload) => mountsConfigMap(workload, envoy.resource));
    const services = this.candidates.find(['Service'], ['selector']);
    const selecting = services.filter((service) =>
      workloads.some((workload) => selects(service, workload)),
    );
    if (selecting.length > 0) return selecting;
    const ports = listenerPorts(envoy.resource.document(envoy.key)?.json);
    return services.filter((service) =>
      servicePorts(service).some(({ targetPort }) => ports.includes(Number(targetPort))),
    );
  }

  #upstreamServices(envoy: DocumentTarget | undefined): Resource[] {
    const json = envoy?.resource.document(envoy.key)?.json;
    const clusters = objectsAt(json, ['static_resources', 'clusters']);
    const endpoints = clusters.flatMap((cluster) => endpointsOf(json, cluster));
    const names = endpoints.map(({ value }) => firstLabel(String(value['address'])));
    return this.candidates
      .find(['Service'], names)
      .filter((service) => service.names.some((name) => names.includes(name)));
  }

  #entry(role: 'api-entry' | 'app-entry', backends: ReadonlySet<string>): Resource | undefined {
    const found = this.#resources(role, [...backends], (ingress) =>
      ingressBackends(ingress).some((name) => backends.has(name)),
    );
    return this.#one(role, found, (resource) => resource);
  }

  #one<T>(role: Role, found: readonly T[], resourceOf: (item: T) => Resource): T | undefined {
    if (found.length === 0) this.#missing(role);
    if (found.length > 1) this.problems.push(ambiguousRole(role, found.map(resourceOf)));
    return found.length === 1 ? found[0] : undefined;
  }

  #missing(role: Role): void {
    const isExplained = this.problems.some(({ code, message }) => code === 'document-syntax' && message.includes(` ${role} `));
    if (this.#absent.has(role) || isExplained) return;
    const looked = this.candidates.labels(ROLES[role].kinds);
    this.problems.push(missingRole(role, looked));
  }
}

const ofTarget = (target: DocumentTarget) => target.resource;

function mentions(words: readonly string[]): (text: string) => boolean {
  return (text) => words.some((word) => text.includes(word));
}

/** Whether a text has one of the words as a key. */
function declares(words: readonly string[]): (text: string) => boolean {
  return (text) =>
    words.some((word) =>
      text.split('\n').some((line) => {
        const start = line.trimStart().replace(/^["'{ ]+/, '');
        return start.startsWith(word) && /^["']?\s*:/.test(start.slice(word.length));
      }),
    );
}

function isEnvoy(hint: UpstreamHint): (document: EmbeddedDocument) => boolean {
  return ({ json }) => {
    const clusters = clusterNames(apiClusters(json, hint));
    return connectionManagers(json)
      .flatMap((manager) => virtualHosts(json, manager))
      .some((host) => leadsTo(host.value, clusters));
  };
}

function hasTopLevel(words: readonly string[]): (document: EmbeddedDocument) => boolean {
  return (document) => words.some((word) => topLevel(document, word) !== undefined);
}

function isWorker(document: EmbeddedDocument): boolean {
  const worker = topLevel(document, 'worker');
  return isObject(worker) && Object.hasOwn(worker, 'address');
}

function isUi(document: EmbeddedDocument): boolean {
  return document.language === 'json' && topLevel(document, 'apiBaseUrl') !== undefined;
}

function isControllerManager(document: EmbeddedDocument): boolean {
  return topLevel(document, 'controllermgr') !== undefined;
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
