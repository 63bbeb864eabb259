/** What the function has to know of an Ingress controller, as data. */
import type { PublicRole } from '../config/public-hosts.ts';
import type { TlsMode } from '../config/settings.ts';

/**
 * Annotations and fields by which a controller is told something. In values, `{service}` and `{port}` stand for the backend
 * Service's current name and its port's number, `{publicPort}` for the port that clients use.
 */
export interface Marks {
  /** Annotations of the Ingress. */
  ingress?: Readonly<Record<string, string>>;
  /** Annotations of the backend's Service. */
  service?: Readonly<Record<string, string>>;
  /** `appProtocol` of the backend Service's port. */
  appProtocol?: string;
}

/**
 * Where TLS of an entry ends: at the controller, with Secrets (`acme`, `ca`, `issuer`, `secret`); in front of it, or at it with
 * certificates that are not in the cluster (`external`); nowhere (`none`); at Envoy (`terminateAt: envoy`).
 */
export type TlsPlace = 'entry' | 'external' | 'none' | 'envoy';

/** Something that a controller cannot be told on an Ingress or a Service, and what to set instead. */
export interface Limit {
  /** `error` where requests could not be carried at all. */
  severity: 'error' | 'warning';
  /** Only on one of the entries; both where it is absent. */
  role?: PublicRole;
  /** Only where TLS ends at one of these; everywhere where it is absent. */
  places?: readonly TlsPlace[];
  /** Only with these values of `tls.mode`; with all where it is absent. */
  modes?: readonly TlsMode[];
  /** An annotation that settles it, where the config gives it to the entry. */
  unless?: string;
  /** One sentence without a full stop: what the controller cannot be told. */
  message: string;
  /** What to set instead, as an instruction. */
  mend: string;
}

export interface Controller {
  /** The name that people use. */
  title: string;
  /** Where each value below is from: pages of the controller's own documentation, or files of its source. */
  sources: readonly string[];
  /** The class where the config gives none: the one that the controller's own installation makes. */
  className: string;
  /** The controller reads its class from the annotation `kubernetes.io/ingress.class` alone. */
  classAnnotation?: true;
  /** How a cert-manager HTTP-01 solver names the class, where it is not `ingressClassName`. */
  solverField?: 'class';
  /** Marks of both entries, wherever TLS ends. */
  both?: Marks;
  /** HTTP/2 without TLS to the API server: on the API entry only. Absent where the controller cannot, which is a limit. */
  grpc?: Marks;
  /** A `grpc` mark on an Ingress holds for all of its paths: the app's host cannot stand on the same one. */
  oneProtocolPerIngress?: true;
  /** Answers that stream to browsers: on the app entry only. */
  web?: Marks;
  /** Reads and sends of 3600 s, on both entries: streams of the API and of gRPC-Web. */
  timeouts?: Marks;
  /** Per place where TLS ends; the redirect to HTTPS belongs to `entry`. Without `envoy`, no Ingress passes TLS through. */
  tls: Readonly<Partial<Record<TlsPlace, Marks>>>;
  limits?: readonly Limit[];
}
