/** Everything in a stream by kind, name and namespace: how a reference in one resource finds the other. */
import type { Chunk } from './chunk.ts';
import { type Resource, resourcesOf } from './resource.ts';

/** A document that could not be read. */
export interface BrokenDocument {
  /** Counts the documents of the stream from 1. */
  index: number;
  /** Kind and name, where a line of it tells them. */
  kind: string | undefined;
  name: string | undefined;
  line: number;
  what: string;
}

/** Kinds that more than one API group has: only these groups are meant here. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Service: [''],
  Ingress: ['networking.k8s.io', 'extensions'],
  NetworkPolicy: ['networking.k8s.io', 'extensions'],
  Gateway: ['gateway.networking.k8s.io'],
  HTTPRoute: ['gateway.networking.k8s.io'],
  GRPCRoute: ['gateway.networking.k8s.io'],
  TLSRoute: ['gateway.networking.k8s.io'],
  Certificate: ['cert-manager.io'],
  Issuer: ['cert-manager.io'],
  ClusterIssuer: ['cert-manager.io'],
};

export class ResourceIndex {
  /** In the order of the stream. */
  readonly all: readonly Resource[];
  readonly broken: readonly BrokenDocument[];
  readonly #byKind = new Map<string, Resource[]>();

  constructor(chunks: readonly Chunk[]) {
    const all: Resource[] = [];
    const broken: BrokenDocument[] = [];
    for (const [position, chunk] of chunks.entries()) {
      const { resources, problem } = resourcesOf(chunk);
      all.push(...resources);
      if (problem)
        broken.push({
          index: position + 1,
          kind: chunk.kindHint,
          name: chunk.nameHint,
          line: problem.line,
          what: problem.what,
        });
    }
    this.all = all;
    this.broken = broken;
    for (const resource of all) {
      if (!isOfGroup(resource)) continue;
      const known = this.#byKind.get(resource.kind);
      if (known) known.push(resource);
      else this.#byKind.set(resource.kind, [resource]);
    }
  }

  /** All resources of the kinds, in the API groups that this program knows them from. */
  ofKind(...kinds: readonly string[]): Resource[] {
    return kinds.flatMap((kind) => this.#byKind.get(kind) ?? []);
  }

  /** The resource that a name refers to from a namespace; cluster-scoped ones are found from everywhere. */
  find(kind: string, name: string, namespace = ''): Resource | undefined {
    const named = this.ofKind(kind).filter((resource) => resource.name === name);
    return (
      named.find((resource) => resource.namespace === namespace) ??
      named.find((resource) => sameNamespace(resource.namespace, namespace))
    );
  }
}

/** Whether two namespaces can be one: a stream that Helm renders leaves out the release's own. */
export function sameNamespace(left: string, right: string): boolean {
  return left === right || left === '' || right === '';
}

/** The API group of a resource; empty for the core group. */
export function groupOf(resource: Resource): string {
  const { apiVersion } = resource.reference;
  return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

function isOfGroup(resource: Resource): boolean {
  return GROUPS[resource.kind]?.includes(groupOf(resource)) ?? true;
}
