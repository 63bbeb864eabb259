import type { CatalogueRow } from '../catalogue.ts';

export const INPUT_ROWS = {
  'not-readable': {
    severity: 'error',
    title: 'A document that is not well-formed YAML or JSON',
    why: 'The Kubernetes API refuses it; where it stands inside of a ConfigMap, the program that reads it does not start. Nothing in it can be checked.',
    mend: 'mend the YAML or JSON at the place that is named',
  },
  'nothing-found': {
    severity: 'error',
    title: 'Nothing of Michelangelo in the input',
    why: 'No API server, no Envoy, no worker and no UI were recognized, so that nothing was checked: silence would look like success.',
    mend: 'give rendered manifests, not Helm templates or an empty stream; label resources with `network.michelangelo.api/role` where their names and ports are unusual',
  },
  'ignore-unused': {
    severity: 'warning',
    title: 'A finding is silenced that is not there',
    why: 'What was accepted once is mended by now, or the code or the resource is misspelled: the line would hide the next failure of that kind.',
    mend: 'take the line or the annotation away, or correct its code and resource',
  },
  'ignore-without-reason': {
    severity: 'error',
    title: 'A finding is silenced without a reason',
    why: 'The next reader cannot tell an accepted risk from a mistake, so that the finding stays.',
    mend: 'write the reason as the value of the annotation',
  },
} as const satisfies Record<string, CatalogueRow>;
