import type { CatalogueRow } from './rows.ts';

export const TLS_ROWS = {
  'acme-solver-class': {
    severity: 'error',
    title: "The ACME solver's class is not the entry's",
    why: "cert-manager answers the HTTP-01 challenge through an Ingress of the solver's class. Another controller than the one that the host's DNS points at picks it up, or none: the certificate is never issued.",
    mend: "write the entry's class as `http01.ingress.ingressClassName` in the solver",
  },
  'acme-challenge-blocked': {
    severity: 'error',
    title: 'An entry routes ACME challenges away',
    why: 'Requests to /.well-known/acme-challenge/ go to a backend of ours instead of to the solver: the certificate is neither issued nor renewed.',
    mend: 'take that path away: the entry for / does not get in the way, because the solver names a longer path',
  },
  'common-name-too-long': {
    severity: 'error',
    title: 'A common name of more than 64 characters',
    why: 'X.509 ends a common name at 64 characters, so that cert-manager and every authority refuse the request. Clients read the alternative names alone.',
    mend: 'leave the common name out, and list the host in `dnsNames`',
  },
  'host-not-in-tls': {
    severity: 'error',
    title: 'A host of the entry is not among its TLS hosts',
    why: 'The controller has no certificate for the host and answers with its own, self-signed one: browsers and gRPC clients refuse it. cert-manager asks for the listed hosts only.',
    mend: 'list the host under `tls[].hosts`, or in `dnsNames` of the Certificate',
  },
  'shared-issuer-secret': {
    severity: 'error',
    title: 'One issued Secret for two TLS blocks or listeners',
    why: 'cert-manager makes one certificate for each Secret: two requests with different hosts overwrite each other for ever. Two listeners that share one certificate lose HTTP/2 in some implementations, and gRPC with it. A wildcard Secret that no issuer owns is fine.',
    mend: 'give each block or listener a Secret of its own',
  },
} as const satisfies Record<string, CatalogueRow>;
