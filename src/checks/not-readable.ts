import type { Check } from './check.ts';
import { brokenDocuments } from './shared/broken-documents.ts';

export const check: Check = {
  family: 'The input',
  severity: 'error',
  title: 'A document that is not well-formed YAML or JSON',
  why: 'The Kubernetes API refuses it; where it stands inside of a ConfigMap, the program that reads it does not start. Nothing in it can be checked.',
  fix: 'fix the YAML or JSON at the place that is named',
  find: (surface) => [
    ...surface.manifests.broken.map(({ index, kind, name, line, what }) => ({
      resource: kind && name ? { apiVersion: '', kind, name } : undefined,
      path: `document ${index} of the input${line > 0 ? `, line ${line} of it` : ''}`,
      message: `a document is not well-formed YAML: ${what}`,
    })),
    ...brokenDocuments(surface),
  ],
};
