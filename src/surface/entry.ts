/** The ways in: Ingresses and Gateway API routes, path by path, with what each leads to. */
import type { TlsPlace } from '../controllers/controller.ts';
import type { ControllerName } from '../controllers/index.ts';
import type { Listener } from '../manifests/gateway.ts';
import type { Resource } from '../manifests/resource.ts';
import type { JsonObject } from '../yaml/json.ts';

/** What a Service, and an entry that leads to it, is for. */
export type ServiceRole = 'api' | 'envoy' | 'ui';

/** Where an entry sends requests. */
export interface Backend {
  /** `Service` unless a route says otherwise. */
  kind: string;
  name: string;
  /** That of the entry unless a route says otherwise. */
  namespace: string;
  /** A number, the name of a port, or undefined where none is given. */
  port: number | string | undefined;
  /** The Service, where it is in the stream. */
  service: Resource | undefined;
}

/** One host and path with its backend. */
export interface EntryPath {
  /** Empty where the entry takes every host. */
  host: string;
  /** `/` where none is given. */
  path: string;
  /** `Prefix`, `Exact`, `ImplementationSpecific`, `PathPrefix`, `RegularExpression`; empty where none is given. */
  type: string;
  /** Whether it also asks for headers, a method or a query: others may then have the same path. */
  isConditional: boolean;
  /** Of a route: everything that it asks for. */
  match?: JsonObject;
  backend: Backend;
  /** What the backend is; where it is missing, what it was probably meant to be. Undefined for another program's. */
  role: ServiceRole | undefined;
  /** Whether the role is a guess from a port or a part of a name: what is written does not rest on it. */
  isGuess: boolean;
  /** Where it stands: `spec.rules[0].http.paths[0]`. */
  place: string;
}

/** A way in, of any kind that is read. */
export interface Entry {
  resource: Resource;
  form: 'ingress' | 'route';
  /** Without those that lead to no backend, redirects for instance. */
  paths: readonly EntryPath[];
  /** What it leads to; empty for another program's entry. */
  roles: ReadonlySet<ServiceRole>;
  /** Every host that it names, wildcards included. */
  hosts: readonly string[];
  /** Where TLS ends as far as these manifests and the config say. */
  tlsPlace: TlsPlace;
  /** Of an Ingress: the controllers that may serve it; one, unless class and marks leave a choice or tell nothing. */
  controllers: readonly ControllerName[];
  /** Of an Ingress: its class. */
  className: string | undefined;
  /** Of a route: the listeners in this stream that it attaches to. */
  listeners: readonly Listener[];
  /** Of a route: whether a Gateway, or the listener, that it attaches to is not in this stream. */
  hasForeignGateway: boolean;
}

/** A host under which a role is reached from outside. */
export interface PublicAddress {
  host: string;
  scheme: 'https' | 'http';
  /** Undefined where neither a listener nor the config says: the scheme's own is likely then. */
  port: number | undefined;
  entry: Entry;
}
