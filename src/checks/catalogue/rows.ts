/** Rows of the codes that have no file of their own yet. */
import { REFERENCE_ROWS } from './references.ts';

/** What is known of a code wherever it is found. */
export interface CatalogueRow {
  /** How bad it is, unless a finding says otherwise. */
  severity: 'error' | 'warning';
  /** What is wrong, as a heading: a phrase without a full stop. */
  title: string;
  /** Why it breaks, in whole sentences. */
  why: string;
  /** How it is mended in general, as an instruction without a full stop; a finding may say it more closely. */
  mend: string;
}

/** Rows of families that are not split into one file for each code yet. */
export const ROWS = {
  'References and names': REFERENCE_ROWS,
} as const satisfies Record<string, Readonly<Record<string, CatalogueRow>>>;
