/**
 * Names inside of documents, annotations and custom resources, which kustomize does not follow.
 *
 * What is outside by design is not a finding: public DNS names, Services of other namespaces, issuers and Gateways that a stream without
 * any of its own refers to, or that the config says exist already.
 */
import { missingIssuers } from '../surface/faults/issuer-references.ts';
import { linkFaults } from '../surface/faults/links.ts';
import { namedHostFaults } from '../surface/faults/named-hosts.ts';
import { routesWithoutCluster } from '../surface/faults/route-clusters.ts';
import type { Check } from './check.ts';
import { authSecretFaults } from './shared/auth-secrets.ts';
import { bundleSources } from './shared/bundles.ts';
import { authorityFaults } from './shared/ca-references.ts';
import { customReferences } from './shared/custom-references.ts';
import { externalSecretFaults } from './shared/external-secrets.ts';
import { missingGoverningServices } from './shared/governing-services.ts';
import { missingMirrors } from './shared/missing-mirrors.ts';
import { otherBackends } from './shared/other-backends.ts';
import { virtualServerFaults } from './shared/virtual-servers.ts';

export const check: Check = {
  family: 'References and names',
  severity: 'error',
  title: 'A reference that names nothing here',
  why: 'An outer layer with a prefix, a suffix or a namespace renames resources, and not the names inside of ConfigMaps, variables, commands, annotations and custom resources: they still point at the old one. A port that the Service does not have leads nowhere either.',
  fix: 'let the layer that renames be the one that lists the DomainConfig, or write the name and the port as they are now',
  find: (surface) => [
    ...linkFaults(surface, 'reference-missing'),
    ...routesWithoutCluster(surface),
    ...missingIssuers(surface),
    ...namedHostFaults(surface),
    ...missingGoverningServices(surface),
    ...missingMirrors(surface),
    ...otherBackends(surface),
    ...authSecretFaults(surface),
    ...customReferences(surface),
    ...authorityFaults(surface),
    ...virtualServerFaults(surface),
    ...externalSecretFaults(surface),
    ...bundleSources(surface),
  ],
};
