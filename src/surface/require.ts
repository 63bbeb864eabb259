/** One of each: what the function insists on before it writes, and every problem met while looking. */
import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import type { Settings } from '../config/settings.ts';
import type { Problem } from '../errors.ts';
import { type Resource, ROLE_LABEL } from '../manifests/resource.ts';
import { groupedBy } from '../maps.ts';
import { ENGINE_SECTIONS } from './clients.ts';
import { declares, isDataFile } from './document-roles.ts';
import { partsElsewhere } from './elsewhere.ts';
import { envoyOfVersion2 } from './envoy-version-2.ts';
import { ingressMain } from './main-host.ts';
import { otherEntries } from './other-entries.ts';
import type { ServiceCandidates } from './parts.ts';
import { labelProblems } from './role-labels.ts';
import {
  ambiguousDocuments,
  ambiguousHosts,
  ambiguousRole,
  brokenDocument,
  entryOfAnotherKind,
  envoyIsOfVersion2,
  labelledInVain,
  missingRole,
  partElsewhere,
} from './role-problems.ts';
import { DOCUMENT_ROLES, type DocumentRole, ROLES, type Role } from './roles.ts';
import { serviceProblem } from './service-problems.ts';
import type { Surface } from './surface.ts';

/** Roles without which another one cannot be recognized. */
const NEEDED: Readonly<Partial<Record<Role, readonly Role[]>>> = {
  envoy: ['api-server'],
  'api-entry': ['api-server'],
  'app-entry': ['envoy'],
  'ui-entry': ['ui'],
};

/** What a public role's Service is found by. */
const NEEDED_SERVICES = { api: 'api-server', app: 'envoy', ui: 'ui' } as const;

/**
 * Looks for every role. Problems about roles that the config lists as absent are left out.
 * @param absent - roles that may be missing
 * @param side - on a compute cluster only its own roles are looked for
 */
export function requireParts(
  surface: Surface,
  absent: ReadonlySet<string>,
  side: Settings['role'] = 'control-plane',
): Problem[] {
  const requirement = new Requirement(surface, absent);
  if (side === 'compute') requirement.checkCompute();
  else requirement.check();
  return requirement.problems;
}

class Requirement {
  readonly problems: Problem[] = [];
  readonly #surface: Surface;
  readonly #absent: ReadonlySet<string>;
  /** Roles with a problem of their own: what depends on them cannot be told. */
  readonly #failed = new Set<Role>();

  constructor(surface: Surface, absent: ReadonlySet<string>) {
    this.#surface = surface;
    this.#absent = absent;
  }

  checkCompute(): void {
    this.#labels();
    if (this.#surface.taskPods.length === 0) this.#missing('task-pods');
  }

  check(): void {
    this.#labels();
    const { apiServer, apiCandidates } = this.#surface;
    this.#requireOne(
      'api-server',
      apiServer ? [apiServer] : apiCandidates.services,
      apiCandidates.why,
    );
    for (const role of DOCUMENT_ROLES) this.#document(role);
    this.#brokenClients();
    this.#taskPods();
    // The page may come through Envoy, or by an entry of the app.
    const isApart = this.#surface.settings?.hasPageHost ?? false;
    for (const role of PUBLIC_ROLES)
      if (role !== 'ui' || isApart || this.#surface.ingressesOf('ui').length > 1) this.#entry(role);
    for (const role of PUBLIC_ROLES) this.#service(role);
  }

  #labels(): void {
    for (const { role, problem } of labelProblems(this.#surface.manifests)) {
      this.problems.push(problem);
      if (role) this.#failed.add(role);
    }
  }

  /** Nothing is taken away before something takes its place. */
  #service(role: PublicRole): void {
    const needed: Role = NEEDED_SERVICES[role];
    const isThere =
      this.#surface.ingressesOf(role).length + this.#surface.routesOf(role).length > 0;
    if (this.#absent.has(needed) ? !isThere : this.#failed.has(needed)) return;
    const problem = serviceProblem(role, this.#surface);
    if (problem) this.problems.push(problem);
  }

  /** Exactly one resource: none, and several, are problems. */
  #requireOne(role: Role, found: readonly Resource[], why?: ServiceCandidates['why']): void {
    if (found.length === 0) this.#missing(role);
    if (found.length > 1) this.#report(role, ambiguousRole(role, found, why));
  }

  /** There may be several workers. */
  #document(role: DocumentRole): void {
    const found = this.#surface.documents(role).filter(({ why }) => why !== 'form');
    if (found.length === 0 || role === 'worker') this.#reportBroken(role);
    if (found.length > 0 && role === 'worker') return;
    const resources = [...new Set(found.map(({ resource }) => resource))];
    const [first, ...others] = resources;
    this.#requireOne(role, resources);
    if (first && others.length === 0 && found.length > 1)
      this.#report(role, ambiguousDocuments(role, first, found));
  }

  #entry(role: PublicRole): void {
    const found = this.#surface.ingressesOf(role);
    // A base that is on the Gateway API already has routes instead.
    if (found.length === 0 && this.#surface.routesOf(role).length > 0) return;
    const others = found.length === 0 ? otherEntries(this.#surface) : [];
    const [other] = others.filter((entry) => entry.role === role);
    // A load balancer of which nobody knows the name may be there for something else.
    const open = other?.resource.kind === 'Service' && other.hosts.length === 0;
    if (other && !open) this.#warn(`${role}-entry`, entryOfAnotherKind(other));
    else if (found.length === 0) this.#missing(`${role}-entry`, other?.resource);
    else this.#reportUnclear(role, found);
  }

  /** Several Ingresses of one role follow together, where one host is the main one. */
  #reportUnclear(role: PublicRole, found: readonly Resource[]): void {
    const byName = groupedBy(found, ({ namespace, name }) => [`${namespace}/${name}`]);
    const same = [...byName.values()].filter(({ length }) => length > 1).flat();
    const wanted = this.#surface.settings?.hosts[role].map(({ host }) => host);
    const { unclear } = ingressMain(role, this.#surface, wanted ?? []);
    if (same.length > 0) this.#report(`${role}-entry`, ambiguousRole(`${role}-entry`, same));
    else if (wanted && unclear.length > 0)
      this.#report(`${role}-entry`, ambiguousHosts(role, found, unclear));
  }

  /** A document that would play a role if it could be read is a problem of its own. */
  #reportBroken(role: DocumentRole): void {
    const { kinds, words } = ROLES[role];
    for (const resource of this.#surface.manifests.find(kinds, words)) {
      if (resource.role !== '' && resource.role !== role) continue;
      for (const key of resource.documentKeys(declares(words)).filter(isDataFile)) {
        const problem = resource.document(key)?.problem;
        if (problem) this.#report(role, brokenDocument(`the role ${role}`, resource, key, problem));
      }
    }
  }

  /** Needed where the config asks for it; any other base may do without. */
  #taskPods(): void {
    const { settings, taskPods } = this.#surface;
    if (settings?.config.spec.taskPods && taskPods.length === 0) this.#missing('task-pods');
  }

  /** A document that names a workflow engine, if it could be read, and that plays no role whose problem says so already. */
  #brokenClients(): void {
    const isDeclared = declares(ENGINE_SECTIONS);
    for (const resource of this.#surface.manifests.find(['ConfigMap'], ENGINE_SECTIONS)) {
      if (resource.role !== '') continue;
      for (const key of resource.documentKeys(isDeclared).filter(isDataFile)) {
        const problem = resource.document(key)?.problem;
        const isSaid = this.problems.some(
          ({ resource: other, path = '' }) =>
            other?.name === resource.name && path.startsWith(`data[${key}]`),
        );
        if (problem && !isSaid)
          this.problems.push(brokenDocument('a workflow engine', resource, key, problem));
      }
    }
  }

  /**
   * A role that nothing plays, unless another problem is the cause: one mistake gives one problem.
   *
   * @param open - a Service that the entry would lead to, reached from outside by itself
   */
  #missing(role: Role, open?: Resource): void {
    const { kinds, words } = ROLES[role];
    const { manifests } = this.#surface;
    const dependsOnFailed = NEEDED[role]?.some((other) => this.#failed.has(other));
    const isConsequence =
      this.#failed.has(role) ||
      manifests.isBroken(kinds, words) ||
      (dependsOnFailed && manifests.mayHave(kinds, words));
    if (isConsequence) {
      this.#failed.add(role);
      return;
    }
    const labelled = manifests.find(kinds, [ROLE_LABEL]).find((resource) => resource.role === role);
    const parts = this.#absent.has(role) ? [] : partsElsewhere(this.#surface, role);
    const part = parts.find(({ resource }) => !labelled || resource === labelled);
    const old = role === 'envoy' ? envoyOfVersion2(manifests) : undefined;
    if (old) this.#report(role, envoyIsOfVersion2(old.resource, old.key));
    else if (labelled && !part) this.#report(role, labelledInVain(role, labelled));
    else if (part?.isFollowed) this.#warn(role, partElsewhere(role, part));
    else if (part) this.#report(role, partElsewhere(role, part));
    else if (this.#absent.has(role)) this.#failed.add(role);
    else this.#report(role, missingRole(role, manifests.labels(kinds), open, this.#asking(role)));
  }

  /** A base may do without what task pods read, unless the config has something to say to it. */
  #asking(role: Role): string | undefined {
    const isAsked = role === 'task-pods' && this.#surface.settings?.config.spec.taskPods;
    return isAsked ? 'spec.taskPods' : undefined;
  }

  /** What is there, and is not written. */
  #warn(role: Role, problem: Problem): void {
    if (!this.#absent.has(role)) this.problems.push(problem);
  }

  #report(role: Role, problem: Problem): void {
    this.#failed.add(role);
    if (!this.#absent.has(role)) this.problems.push(problem);
  }
}
