/** What the function has to know of an Ingress controller, as data. */

/**
 * Annotations and fields by which a controller is told something. `{service}`, `{port}` and `{portName}` stand for the backend Service's
 * current name, its port's number and its port's name, in keys and in values.
 */
export interface Marks {
  /** Annotations of the Ingress. */
  ingress?: Readonly<Record<string, string>>;
  /** Annotations of the backend's Service. */
  service?: Readonly<Record<string, string>>;
  /** `appProtocol` of the backend Service's port. */
  appProtocol?: string;
}

/** Something that a controller cannot be told on an Ingress or a Service, and what to set instead. */
export interface Limit {
  /** `error` where requests could not be carried at all. */
  severity: 'error' | 'warning';
  /** Only for one role, or only where TLS is (not) in use; absent where it always holds. */
  role?: 'api' | 'app';
  tls?: boolean;
  message: string;
  mend: string;
}

export interface Controller {
  /** The name that people use. */
  title: string;
  /** Where each value below is from: page titles of the controller's own documentation, or files of its source. */
  sources: readonly string[];
  /** `spec.ingressClassName` where the config gives none. */
  className?: string;
  /** Marks of both entries. */
  both?: Marks;
  /** HTTP/2 without TLS to the API server: on the API entry only. */
  grpc?: Marks;
  /** Reads and sends of 3600 s, on both entries: streams of the API and of gRPC-Web. */
  timeouts?: Marks;
  /** Where TLS ends at the entry (`acme`, `ca`, `issuer`, `secret`) or in front of it. */
  tls?: Marks;
  /** HTTP to HTTPS, where TLS ends at the entry. */
  redirect?: Marks;
  /** `tls.mode: none`. */
  plain?: Marks;
  /** TLS goes through to Envoy; absent where the controller cannot do that with an Ingress. */
  passThrough?: Marks;
  limits?: readonly Limit[];
  /** How a cert-manager HTTP-01 solver names the class: `class` for ingress-gce alone. */
  solverField?: 'ingressClassName' | 'class';
}
