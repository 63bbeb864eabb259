/**
 * Values that the API refuses for a controller's own kinds, and values of annotations that a controller does not read.
 *
 * The sources of each table stand beside it.
 */

import type { Check } from './check.ts';
import { ofAnnotations } from './shared/refused-annotations.ts';
import { ofFields } from './shared/refused-fields.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A value that the controller does not take',
  why: 'A custom resource with a value that its definition does not have is refused, and what ran before goes on; of an annotation with such a value the controller takes nothing, or its default.',
  fix: 'write one of the values that the controller reads, in the form that it reads',
  find: (surface) => [...ofFields(surface), ...ofAnnotations(surface)],
};
