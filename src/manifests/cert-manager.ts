/**
 * How cert-manager is asked, and by what its solvers are known.
 *
 * Sources: cert-manager's "Annotated Ingress resource", "Annotated Gateway resource", "HTTP01", "Issuer Configuration".
 */

/** The API group of its own issuers; others have one of theirs. */
export const CERT_MANAGER_GROUP = 'cert-manager.io';

/** Where it looks for the Secrets of ClusterIssuers, unless it is told otherwise. */
export const CERT_MANAGER_NAMESPACE = 'cert-manager';

/** The annotation that names an issuer of each kind. */
export const ISSUER_ANNOTATIONS = {
  ClusterIssuer: 'cert-manager.io/cluster-issuer',
  Issuer: 'cert-manager.io/issuer',
} as const;

/** Say of which kind and group the issuer is. */
export const ISSUER_KIND = 'cert-manager.io/issuer-kind';
/** Beside an annotation for an issuer: the API group that the issuer is of, where it is not cert-manager's own. */
export const ISSUER_GROUP = 'cert-manager.io/issuer-group';

/** Asks the issuer that cert-manager has as its default. */
export const TLS_ACME = 'kubernetes.io/tls-acme';

/** By these an Ingress or a Gateway asks for certificates. */
export const ASKING_ANNOTATIONS: readonly string[] = [
  ...Object.values(ISSUER_ANNOTATIONS),
  TLS_ACME,
];

/** Each says the class of the challenge's Ingress in place of the solver. */
export const CLASS_OVERRIDES: readonly string[] = [
  'acme.cert-manager.io/http01-ingress-class',
  'acme.cert-manager.io/http01-ingress-ingressclassname',
];

/** Labels and port of the pods that answer a challenge. */
export const SOLVER_LABELS = { 'acme.cert-manager.io/http01-solver': 'true' };
/** The port on which a solver's pod answers an HTTP-01 challenge: NetworkPolicies have to let it in. */
export const SOLVER_PORT = 8089;
