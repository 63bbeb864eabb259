import type { CatalogueRow } from './rows.ts';

export const REFERENCE_ROWS = {
  'backend-missing': {
    severity: 'error',
    title: 'A backend Service, port or selector that matches nothing',
    why: 'The entry leads to no pod: the controller answers with 503, or leaves the host out altogether.',
    mend: 'name a Service and a port that exist, and let its selector be part of the labels of its pods',
  },
  'reference-missing': {
    severity: 'error',
    title: 'A reference that names nothing here',
    why: 'An outer layer with a prefix, a suffix or a namespace renames resources, and not the names inside of ConfigMaps, annotations and custom resources: they still point at the old one.',
    mend: 'let the layer that renames be the one that lists the DomainConfig, or write the name as it is now',
  },
  'cluster-scoped-clash': {
    severity: 'error',
    title: 'Two overlays with one cluster-scoped name',
    why: 'In one cluster the overlay that is applied last overwrites the resource of the other, and the one that is deleted takes it along. Content that differs always clashes; equal content is allowed in overlays of the same namespace, except for a ClusterIssuer of overlays whose domains differ.',
    mend: 'give each overlay a `namePrefix` of its own, or another `tls.issuer.name`',
  },
} as const satisfies Record<string, CatalogueRow>;
