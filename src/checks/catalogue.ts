/** The closed list of what `check` can find: one row for each code, from which docs/checks.md is made. */
import { AGREEMENT_ROWS } from './catalogue/agreement.ts';
import { ENTRY_ROWS } from './catalogue/entries.ts';
import { ENVOY_ROWS } from './catalogue/envoy.ts';
import { INPUT_ROWS } from './catalogue/input.ts';
import { OPERATION_ROWS } from './catalogue/operation.ts';
import { REFERENCE_ROWS } from './catalogue/references.ts';
import { TLS_ROWS } from './catalogue/tls.ts';

/** `error` breaks now; `warning` may, and fails only with `--strict`. */
export type Severity = 'error' | 'warning';

/** What is known of a code wherever it is found. */
export interface CatalogueRow {
  /** How bad it is, unless a finding says otherwise. */
  severity: Severity;
  /** What is wrong, as a heading: a phrase without a full stop. */
  title: string;
  /** Why it breaks, in whole sentences. */
  why: string;
  /** How it is mended in general, as an instruction without a full stop; a finding may say it more closely. */
  mend: string;
}

/** Each family under the heading that it has on the page. */
export const FAMILIES = {
  'The input': INPUT_ROWS,
  'Entries: Ingresses and routes': ENTRY_ROWS,
  'Certificates and TLS': TLS_ROWS,
  'References and names': REFERENCE_ROWS,
  Envoy: ENVOY_ROWS,
  'Places that have to agree': AGREEMENT_ROWS,
  'Network policies and operation': OPERATION_ROWS,
} as const satisfies Record<string, Readonly<Record<string, CatalogueRow>>>;

const ALL_ROWS = {
  ...INPUT_ROWS,
  ...ENTRY_ROWS,
  ...TLS_ROWS,
  ...REFERENCE_ROWS,
  ...ENVOY_ROWS,
  ...AGREEMENT_ROWS,
  ...OPERATION_ROWS,
};

export type FindingCode = keyof typeof ALL_ROWS;

/** Every code with what is known of it. */
export const CATALOGUE: Readonly<Record<FindingCode, CatalogueRow>> = ALL_ROWS;

export function isFindingCode(text: string): text is FindingCode {
  return Object.hasOwn(CATALOGUE, text);
}
