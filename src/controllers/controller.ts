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

/** One way to tell a controller that a backend speaks gRPC. */
export interface GrpcWay {
  /** What the mark is: an annotation of the Ingress, one of the backend's Service, or a field of the Service's port. */
  on: 'ingress' | 'service' | 'port';
  /** The annotation; of a port `appProtocol`, or `name`, of which the part before the first hyphen counts. */
  key: string;
  /** Whether the mark says gRPC, or HTTP/2 of any kind. */
  says: 'grpc' | 'h2';
  /** The values that say so, in lower case; or that the value is a list, in which the backend's Service or its port has to be. */
  values: readonly string[] | 'services' | 'ports';
}

/** How a controller reads a duration. */
export interface Durations {
  /** The unit of a number without one; absent where that is not a duration. */
  plain?: 's' | 'ms';
  /** The units that a number may have: those of Go, which end at hours, or days as well. Absent where it may have none. */
  units?: 'go' | 'days';
  /** What is written for a wait without end: `0` with or without a unit, or the word `infinity`. Absent where nothing is. */
  endless?: 'zero' | 'infinity';
}

/** Something that a controller cannot be told on an Ingress or a Service, and what to set instead. */
export interface Limit {
  /** What it is about: how long streams live, the redirect to HTTPS, certificates, the protocols spoken, TLS that passes through. */
  kind: 'timeout' | 'redirect' | 'certificate' | 'protocol' | 'pass-through';
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
  /** A setting of the controller that settles it where it is an hour or more: a word of it, and an expression that catches its value. */
  setting?: {
    word: string;
    value: RegExp;
    /** One that is shorter has a finding of its own. */
    isJudged?: true;
  };
  /** One sentence without a full stop: what the controller cannot be told. */
  message: string;
  /** What to set instead, as an instruction. */
  fix: string;
}

/** All that is known of one Ingress controller. */
export interface Controller {
  /** The name that people use. */
  title: string;
  /** Place in lists that people read, counted from 1; one without it follows behind, by its name. */
  rank?: number;
  /** Where each value below is from: pages of the controller's own documentation, or files of its source. */
  sources: readonly string[];
  /** The class where the config gives none: the one that the controller's own installation makes. */
  className: string;
  /** Class names that are no other controller's either. */
  otherClassNames?: readonly string[];
  /** How `spec.controller` of its IngressClasses begins. Source: its installation manifests and its Helm chart. */
  classController: string;
  /** The controller reads its class from the annotation `kubernetes.io/ingress.class` alone. */
  classAnnotation?: true;
  /** How a cert-manager HTTP-01 solver names the class, where it is not `ingressClassName`. */
  solverField?: 'class';
  /** Marks of both entries, wherever TLS ends. */
  both?: Marks;
  /** HTTP/2 without TLS to the API server: on the API entry only. Absent where the controller cannot, which is a limit. */
  grpc?: Marks;
  /** In place of `grpc` where the API server's pods end TLS themselves. Absent where that cannot be told without a CA of theirs. */
  grpcTls?: Marks;
  /**
   * Every way to say that a backend speaks gRPC, each enough by itself: more than `grpc`, because manifests of others may use
   * any. The one that a message proposes is first.
   */
  grpcWays?: readonly GrpcWay[];
  /** Where a port has an `appProtocol`, whatever it says, what `grpcWays` has of the Service counts for nothing. */
  portProtocolWins?: true;
  /** The controller speaks to a backend as the client speaks to it: no mark is needed. */
  followsClient?: true;
  /** A `grpc` mark on an Ingress holds for all of its paths: the app's host cannot stand on the same one. */
  oneProtocolPerIngress?: true;
  /** Answers that stream to browsers: on the app entry only. */
  web?: Marks;
  /** Reads, or whole calls, of 3600 s, on both entries: streams of the API and of gRPC-Web. `name=3600` is one setting of a list. */
  timeouts?: Marks;
  /** Sends of 3600 s to the backend, on both entries. Only the API needs them: a browser has sent its request when the answer begins. */
  sendTimeouts?: Marks;
  /** An annotation's key behind its slash is a key of the controller's ConfigMap as well, which holds for every Ingress. */
  hasConfigMap?: true;
  /** How the values of `timeouts` and `sendTimeouts` are written. */
  durations?: Durations;
  /** Per place where TLS ends; the redirect to HTTPS belongs to `entry`. Without `envoy`, no Ingress passes TLS through. */
  tls: Readonly<Partial<Record<TlsPlace, Marks>>>;
  /** Annotations by which TLS ends at the controller, or in front of it, without a Secret: where their value matches. */
  tlsWithoutSecret?: Readonly<Record<string, RegExp>>;
  /**
   * Annotations that redirect plain HTTP to HTTPS, each with what turns it off: a value, or null where the annotation has to go.
   * Only one that is there is changed. Source: the page of annotations in its documentation.
   */
  redirects?: Readonly<Record<string, string | null>>;
  /** Of these redirects, the ones that hold only for hosts with a TLS block: a host without one is served as before. */
  tlsOnlyRedirects?: readonly string[];
  /** Annotations of an Ingress that name Services: alone, in a list, or behind `serviceName=`. kustomize does not follow them. */
  namesServices?: readonly string[];
  /** How the keys of its annotations begin, where a mark above does not show it. */
  annotationPrefixes?: readonly string[];
  /** The annotation with the list of the controller's doors that an Ingress is served on: two with none in common do not meet. */
  entryPoints?: string;
  /** Annotations by which every request is answered with a redirect, so that no backend is reached. */
  redirectsAll?: readonly string[];
  /** Where a backend's port has this name, the backend is an action that the Ingress has under this annotation, and no Service. */
  actions?: { port: string; annotation: string };
  /** Annotations of Ingresses that are meant to share a host and a path with another: where their value matches. */
  sharedPaths?: Readonly<Record<string, RegExp>>;
  limits?: readonly Limit[];
}
