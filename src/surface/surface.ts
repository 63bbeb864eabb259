/**
 * What is public in a stream of manifests, and who talks to whom: the one model that rules, checks, the map and the reports read.
 *
 * Everything is searched when it is first asked for, and kept. The function asks for what it writes to and leaves the rest of the
 * stream unread; checks see the whole of it. It holds every candidate of a role; `only` is the one where there is no choice.
 */

import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import type { Settings } from '../config/settings.ts';
import type { UpstreamHint } from '../envoy/api.ts';
import type { Chunk } from '../manifests/chunk.ts';
import type { IngressPath } from '../manifests/ingress.ts';
import { Manifests } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { WORKLOAD_KINDS } from '../manifests/workload.ts';
import { lazily, remembered } from '../maps.ts';
import { apiHint } from './api-hint.ts';
import { chosenApiService } from './api-service.ts';
import { type KnownBackends, knownBackends, roleOfBackend } from './backend.ts';
import { Belonging } from './belonging.ts';
import { findClients } from './clients.ts';
import type { Backend, Entry, ServiceRole } from './entry.ts';
import {
  chosenEnvoyService,
  type EnvoyPods,
  envoyPods,
  findEnvoyServices,
} from './envoy-service.ts';
import { ingressEntries, ingressesTo } from './ingress-entries.ts';
import { asOther, type OtherOverlay } from './other-overlay.ts';
import {
  type DocumentCandidate,
  type DocumentTarget,
  findApiServices,
  findDocuments,
  type ServiceCandidates,
} from './parts.ts';
import {
  API_SERVICE,
  type DocumentRole,
  ENVOY_SERVICE,
  SERVICE_ROLES,
  UI_SERVICE,
} from './roles.ts';
import { gatewaysOf, routeEntries, routesTo } from './route-entries.ts';
import { findTaskPods, TASK_PODS_CONFIG } from './task-pods.ts';
import { uiService } from './ui-service.ts';
import { type Upstream, upstreamsIn } from './upstreams.ts';

/** What is known beside the manifests themselves. */
interface SurfaceOptions {
  /** As messages call it: the overlay's path, the file's; `standard input` unless it is given. */
  name?: string;
  /** What the DomainConfig says; undefined where the manifests are not those of an overlay. */
  settings?: Settings | undefined;
  /** The cluster that they are for, by whatever name; undefined where nobody says. */
  cluster?: string | undefined;
  others?: readonly Surface[];
  /** Whether everything is looked at, other programs' entries included, and not only what can be ours. */
  isWhole?: boolean;
}

/**
 * What is known of one stream. Parts, Services and routes stay as they were found first, also where a rule has taken away what they were found by;
 * entries are found anew after `forget`.
 */
export class Surface {
  readonly name: string;
  readonly settings: Settings | undefined;
  readonly cluster: string | undefined;
  /** Lookups by kind, name and namespace; `manifests.all` is everything. */
  readonly manifests: Manifests;
  /** Overlays that were named together with this one. */
  readonly others: readonly OtherOverlay[];
  readonly #belonging: Belonging;
  readonly #isWhole: boolean;
  readonly #documents = new Map<DocumentRole, DocumentCandidate[]>();
  readonly #routes = new Map<PublicRole, Resource[]>();
  readonly #clients = lazily(() =>
    findClients(this.manifests, [...this.workers, ...this.controllerManagers]),
  );
  readonly #taskPods = lazily(() => findTaskPods(this.manifests, this.taskPodsName));
  readonly #apiCandidates = lazily(() => findApiServices(this.manifests, this.#belonging));
  readonly #apiServer = lazily(() => chosenApiService(this));
  readonly #envoyPods = lazily(() => envoyPods(this));
  readonly #envoyServices = lazily(
    () => findEnvoyServices(this.manifests, this.#belonging, this.envoyPods).services,
  );
  readonly #envoyService = lazily(() => chosenEnvoyService(this));
  readonly #uiServices = lazily(() =>
    this.mounting(this.uis).flatMap((workload) => this.#belonging.servicesOf(workload)),
  );
  #entries = lazily(() => this.#findEntries());
  #revision = 0;

  constructor(manifests: Manifests, options: SurfaceOptions = {}) {
    const { name = 'standard input', settings, cluster, others = [], isWhole = false } = options;
    this.manifests = manifests;
    this.name = name;
    this.settings = settings;
    this.cluster = cluster;
    this.others = others.filter((other) => other !== this).map(asOther);
    this.#belonging = new Belonging(manifests, isWhole);
    this.#isWhole = isWhole;
  }

  /** The same manifests beside the other overlays that were named with them. */
  beside(others: readonly Surface[]): Surface {
    const { name, settings, cluster } = this;
    const rest = others.filter((other) => other !== this);
    const isWhole = this.#isWhole;
    return new Surface(this.manifests, { name, settings, cluster, others: rest, isWhole });
  }

  /** Every document that may play a role, with what speaks for it. */
  documents(role: DocumentRole): readonly DocumentCandidate[] {
    return remembered(this.#documents, role, () =>
      findDocuments(this.manifests, role, (home) => this.upstreamHint(home)),
    );
  }

  /** The only document of a role; undefined where there is none, or a choice. */
  only(role: DocumentRole): DocumentTarget | undefined {
    const found = this.documents(role).filter(({ why }) => why !== 'form');
    return found.length === 1 ? found[0] : undefined;
  }

  get envoys(): readonly DocumentTarget[] {
    return this.documents('envoy');
  }

  get workers(): readonly DocumentTarget[] {
    return this.documents('worker');
  }

  get uis(): readonly DocumentTarget[] {
    return this.documents('ui');
  }

  get controllerManagers(): readonly DocumentTarget[] {
    return this.documents('controller-manager');
  }

  /** Documents of programs that connect to the workflow engine or the object store, workers and controller managers among them. */
  get clients(): readonly DocumentTarget[] {
    return this.#clients();
  }

  /** ConfigMaps that task pods read. */
  get taskPods(): readonly Resource[] {
    return this.#taskPods();
  }

  /** The name under which task pods look for it. */
  get taskPodsName(): string {
    return this.settings?.config.spec.taskPods?.configMap ?? TASK_PODS_CONFIG;
  }

  /** Everything that has pods, of whatever program. */
  get workloads(): readonly Resource[] {
    return this.manifests.ofKind(...WORKLOAD_KINDS);
  }

  /** Every Service, of whatever program. */
  get services(): readonly Resource[] {
    return this.manifests.ofKind('Service');
  }

  /** Services that may be the API server's. */
  get apiServices(): readonly Resource[] {
    return this.apiCandidates.services;
  }

  /** The same, with what speaks for them. */
  get apiCandidates(): ServiceCandidates {
    return this.#apiCandidates();
  }

  /** The API server's Service; undefined where there is none, or a choice. */
  get apiServer(): Resource | undefined {
    return this.#apiServer();
  }

  /** Services that lead to Envoy's listener, those with an address first. */
  get envoyServices(): readonly Resource[] {
    return this.#envoyServices();
  }

  /** What Envoy's Services are told by: its workloads and its ports. */
  get envoyPods(): EnvoyPods {
    return this.#envoyPods();
  }

  /** Envoy's Service; undefined where there is none, or a choice. */
  get envoyService(): Resource | undefined {
    return this.#envoyService();
  }

  /** Services of the workloads that mount the page's config. */
  get uiServices(): readonly Resource[] {
    return this.#uiServices();
  }

  /** Services that may play a role. */
  servicesOf(role: ServiceRole): readonly Resource[] {
    return this.#knownBackends.services[role];
  }

  /** The Service that a public role's requests go to. */
  serviceOf(role: PublicRole): Resource | undefined {
    if (role === 'ui') return uiService(this);
    return role === 'api' ? this.apiServer : this.envoyService;
  }

  /** How Envoy's bootstrap, in a ConfigMap, may name the API server. */
  upstreamHint(home: Resource): UpstreamHint {
    return apiHint(home, this);
  }

  /** The addresses that Envoy's clusters send requests to. */
  get upstreams(): Upstream[] {
    return this.envoys.flatMap((target) => upstreamsIn(target, this.manifests));
  }

  /** The workloads that mount one of the documents. */
  mounting(targets: readonly DocumentTarget[]): Resource[] {
    return this.#belonging.mounting(targets);
  }

  /** The workloads whose pods a Service picks. */
  podsOf(service: Resource): Resource[] {
    return this.#belonging.podsOf(service);
  }

  /** Every Ingress and every route; other programs' have no `roles`. */
  get entries(): readonly Entry[] {
    return this.#entries();
  }

  #findEntries(): Entry[] {
    const words = this.#entryWords;
    return [...ingressEntries(this, words), ...routeEntries(this, words)];
  }

  /** The entries that lead to a role. */
  entriesOf(role: ServiceRole): Entry[] {
    return this.entries.filter(({ roles }) => roles.has(role));
  }

  /** The Ingresses of a role, which follow together. */
  ingressesOf(role: PublicRole): Resource[] {
    return ingressesTo(role, this);
  }

  /** The first Ingress of a role, where one stands for all. A base that is on the Gateway API already has routes instead. */
  ingressOf(role: PublicRole): Resource | undefined {
    return this.ingressesOf(role)[0];
  }

  /** Gateway API routes that lead to a role, and those that redirect the same hosts. */
  routesOf(role: PublicRole): Resource[] {
    return remembered(this.#routes, role, () => routesTo(this, SERVICE_ROLES[role]));
  }

  /** Gateways of this stream that the routes of all roles attach to. */
  get gateways(): Resource[] {
    return gatewaysOf(
      this,
      PUBLIC_ROLES.flatMap((role) => this.routesOf(role)),
    );
  }

  /** Whether a path of an Ingress leads to the Service of a role, a guess aside. */
  leadsTo(role: PublicRole, { service: name, port }: IngressPath, ingress: Resource): boolean {
    const { namespace } = ingress;
    const service = this.manifests.named('Service', name, namespace);
    const found = this.roleOf({ kind: 'Service', name, namespace, port, service }, ingress);
    return found.role === SERVICE_ROLES[role] && !found.isGuess;
  }

  /** What a backend is: the one answer to "what leads to the API". */
  roleOf(backend: Backend, entry: Resource): { role: ServiceRole | undefined; isGuess: boolean } {
    return roleOfBackend(backend, entry, this.#knownBackends);
  }

  /** Counts how often a rule has changed something: an answer of before holds no longer. */
  get revision(): number {
    return this.#revision;
  }

  /** Lets every answer about entries be found anew: a rule has changed some of them, or taken them away. */
  forget(gone: readonly Resource[]): void {
    // A redirect is found by the hosts of the routes beside it, which may go before it does.
    for (const role of PUBLIC_ROLES)
      this.#routes.set(
        role,
        this.routesOf(role).filter((route) => !gone.includes(route)),
      );
    this.manifests.forget(gone);
    this.#entries = lazily(() => this.#findEntries());
    this.#revision += 1;
  }

  get #knownBackends(): KnownBackends {
    return knownBackends(this);
  }

  /** Words of which an entry that can be ours has one; undefined where every entry is looked at. */
  get #entryWords(): string[] | undefined {
    if (this.#isWhole) return undefined;
    const services = [...this.apiServices, ...this.envoyServices, ...this.uiServices];
    const known = [API_SERVICE, ENVOY_SERVICE, UI_SERVICE];
    return [...new Set([...known, ...services.flatMap(({ names }) => names)])];
  }
}

/** The whole of a stream that is cut into documents already, as checks look at it. */
export function surfaceOf(chunks: readonly Chunk[], options: SurfaceOptions = {}): Surface {
  return new Surface(new Manifests(chunks).readAll(), { ...options, isWhole: true });
}
