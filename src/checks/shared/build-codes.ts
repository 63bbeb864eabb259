/** What is known of the codes of a build: an overlay that cannot be built, or that uses the function in a way that it cannot see itself. */
import type { Row } from '../check.ts';

type Texts = readonly [title: string, why: string, fix: string, severity?: Row['severity']];

const TEXTS = {
  'kustomization-syntax': [
    'A kustomization that is not one well-formed YAML document',
    'kustomize reads nothing of it.',
    'correct the YAML at the line that is named',
  ],
  'kustomization-field': [
    'A field of a kustomization that kustomize does not know, or of the wrong form',
    'kustomize refuses the whole kustomization.',
    'correct the field, or remove it',
  ],
  'kustomization-kind': [
    'A kustomization with the kind or version of something else',
    'kustomize refuses the whole kustomization.',
    'write `apiVersion: kustomize.config.k8s.io/v1beta1` and `kind: Kustomization`, or leave both out',
  ],
  'file-missing': [
    'A kustomization lists a file or a folder that is not there',
    'kustomize refuses the whole kustomization.',
    'correct the path, or remove the line',
  ],
  'config-misplaced': [
    'A DomainConfig is listed in a field where it changes nothing',
    'kustomize takes it for a manifest, and calls no function: every host stays as it was in the base.',
    'list it under `transformers:` of the outermost kustomization',
  ],
  'function-not-called': [
    'kustomize built an overlay without calling the function',
    'Every host is still as it was in the base, and kustomize says nothing of it.',
    'take the annotation config.kubernetes.io/function away',
  ],
  'renamed-afterwards': [
    'A kustomization gives other names after the function has run',
    'What the function wrote into configs, annotations and custom resources keeps the old names.',
    'move the DomainConfig to the outermost kustomization, the one that sets names and namespace',
  ],
  'config-twice': [
    'Two DomainConfigs for the same manifests',
    'Aliases, issuers and TLS of the first stay beside those of the second.',
    'keep one DomainConfig for each stream of manifests',
  ],
  'environment-copied': [
    'A host that an environment beside this one has as well',
    'Requests reach one of the two.',
    'give the one that was copied hosts of its own',
  ],
  'environment-named-alike': [
    'Two environments whose DomainConfigs have the same name',
    'In one cluster both make the same issuer, and the one that is applied last overwrites the other.',
    'give the one that was copied another `metadata.name`, or `tls.issuer.name`',
    'warning',
  ],
  'plugin-version-differs': [
    'A plugin home in the repository has another version than the program that checks',
    'Whoever builds with it, Argo CD or kustomize by itself, may get other manifests than those that were checked.',
    'bring both to one version: `ma-overlays install --to FOLDER` renews a plugin home',
    'warning',
  ],
  'environment-file': [
    'An `environment.yaml` with a key or a value that it cannot have',
    'The ApplicationSet of argocd/ reads it: one file that it cannot use stops it for all environments.',
    'correct the file: it has `cluster`, `namespace`, `stage` and `sync`, and `new --argocd` writes one',
  ],
  'environment-namespace': [
    'An `environment.yaml` with another namespace than the manifests',
    'Argo CD makes that namespace, and the manifests go into one that may not be there.',
    'write the namespace that kustomization.yaml sets',
    'warning',
  ],
  'plugin-refused': [
    'An overlay names a plugin that may run any program',
    'Whoever writes a base would run programs here.',
    'look at the plugin, then allow it',
  ],
  'build-failed': [
    'kustomize cannot build the overlay',
    'There are no manifests that could be checked or applied.',
    'see what kustomize says',
  ],
} as const satisfies Record<string, Texts>;

/** A code of a build. What it is called in `checks.ignore` and in output: once given it never changes its meaning. */
export type BuildCode = keyof typeof TEXTS;

/** The rows of the catalogue for these codes; an error where the texts say nothing else. */
export const BUILD_CODES = Object.fromEntries(
  Object.entries(TEXTS).map(([code, texts]: [string, Texts]): [string, Row] => {
    const [title, why, fix, severity = 'error'] = texts;
    return [code, { family: 'The overlay and its build', severity, title, why, fix }];
  }),
) as Readonly<Record<BuildCode, Row>>;
