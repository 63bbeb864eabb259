/** Who talks to whom, as plain data: what the drawings and the list of links are made from. */
import type { Resource } from '../../manifests/resource.ts';
import { type ServiceFault, serviceFaults } from '../../surface/faults/service-pods.ts';
import type { Surface } from '../../surface/surface.ts';

/** `missing` is something that is referred to and is not there. */
export type NodeKind =
  | 'client'
  | 'host'
  | 'entry'
  | 'route'
  | 'service'
  | 'workload'
  | 'outside'
  | 'missing';

/** Something that sends or takes requests; one that is named and not there has the kind `missing`. */
export interface MapNode {
  /** Unique in its map. */
  id: string;
  kind: NodeKind;
  /** What it is: `Ingress`, `Deployment`, with what distinguishes it: `Ingress, class nginx`. */
  title: string;
  name: string;
  /** Short lines about it. */
  details: string[];
  /** Whether TLS ends here. */
  endsTls: boolean;
}

/** Who sends to whom, by the ids of nodes. */
export interface MapLink {
  from: string;
  to: string;
  /** What is spoken: `gRPC`, `HTTPS`. */
  protocol: string;
  /** The port that the other side listens on, or its name. */
  port?: string | undefined;
  /** What of the traffic takes this way: a path, or what it is for. */
  purpose?: string | undefined;
  /** Whether it is encrypted. */
  tls: boolean;
  /** Why the link leads nowhere. */
  broken?: string | undefined;
}

/** The nodes, and the links between them. */
export interface TrafficMap {
  nodes: MapNode[];
  links: MapLink[];
}

/** What is said of a node each time that it is met. */
export interface NodeDetails {
  details?: string[];
  endsTls?: boolean;
}

/** Collects nodes and links; what is added twice is there once, with the details of both. */
export class MapDraft {
  readonly surface: Surface;
  /** What the checks find wrong between Services and their pods. */
  readonly serviceFaults: readonly ServiceFault[];
  readonly #nodes = new Map<string, MapNode>();
  readonly #links = new Map<string, MapLink>();

  constructor(surface: Surface) {
    this.surface = surface;
    this.serviceFaults = serviceFaults(surface);
  }

  /** Adds a node, or details to it, and returns its id. */
  node(id: string, node: Pick<MapNode, 'kind' | 'title' | 'name'> & NodeDetails): string {
    const known = this.#nodes.get(id);
    const details = [...new Set([...(known?.details ?? []), ...(node.details ?? [])])];
    const endsTls = (known?.endsTls ?? false) || (node.endsTls ?? false);
    this.#nodes.set(id, { ...node, ...known, id, details, endsTls });
    return id;
  }

  /** A node for something that is not there. */
  missing(title: string, name: string): string {
    return this.node(`missing ${title} ${name}`, { kind: 'missing', title, name });
  }

  link(link: MapLink): void {
    const key = [link.from, link.to, link.protocol, link.port, link.broken].join('\n');
    const known = this.#links.get(key);
    const purposes = new Set([known?.purpose, link.purpose].filter((text) => text !== undefined));
    this.#links.set(key, {
      ...link,
      ...(purposes.size > 0 ? { purpose: [...purposes].join(', ') } : {}),
    });
  }

  has(id: string): boolean {
    return this.#nodes.has(id);
  }

  finish(): TrafficMap {
    return { nodes: [...this.#nodes.values()], links: [...this.#links.values()] };
  }
}

/** Where a link has no end: for messages and lists. */
export function brokenLinks({ links }: TrafficMap): MapLink[] {
  return links.filter(({ broken }) => broken !== undefined);
}

/** The id of a resource's node. */
export function idOf({ kind, namespace, name }: Resource): string {
  return `${kind} ${namespace}/${name}`;
}

/** The id of a host's node. */
export function hostId(host: string): string {
  return `host ${host}`;
}
