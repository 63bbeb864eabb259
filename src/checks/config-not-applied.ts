import { groupOf } from '../manifests/manifests.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'The input',
  severity: 'error',
  title: 'A DomainConfig among the manifests',
  why: 'It was listed as a resource, so that kustomize passed it on and called nothing: every host is still as it was in the base. No cluster knows the kind.',
  fix: 'list the file under `transformers:` of the outermost kustomization, not under `resources:`',
  find: ({ manifests }) =>
    manifests
      .find(['DomainConfig'])
      .filter((resource) => groupOf(resource) === 'network.michelangelo.api')
      .map((resource) => ({
        resource,
        message: 'the config of the function came out as a manifest',
      })),
};
