/** The contract between the checks and whoever runs them. */
import type { Problem } from '../errors.ts';
import type { Fault, Severity } from '../surface/faults/fault.ts';
import type { Surface } from '../surface/surface.ts';
import type { FindingCode } from './shared/catalogue.ts';

/** Headings of the page, in its order, which is that of the output as well; below each, checks in the order of their codes. */
export const FAMILIES = [
  'The overlay and its build',
  'The config and the function',
  'The input',
  'Entries: Ingresses and routes',
  'Certificates and TLS',
  'References and names',
  'Envoy',
  'Places that have to agree',
  'Network policies and operation',
] as const;

/** What is known of one code. */
export interface Row {
  family: (typeof FAMILIES)[number];
  /** How bad it is, unless a finding says otherwise. */
  severity: Severity;
  /** What is wrong, as a heading: a phrase without a full stop. */
  title: string;
  /** Why it breaks, in whole sentences. */
  why: string;
  /** How it is fixed in general, as an instruction without a full stop; a finding may say it more closely. */
  fix: string;
}

/** One thing that can be wrong: a file of this folder, which has its code as a name. */
export interface Check extends Row {
  /**
   * A pure function from parsed manifests to what is wrong with them: no input and output, nothing is changed. Absent where the runner
   * itself finds it.
   */
  find?: (surface: Surface) => Fault[];
}

/** One thing that is wrong, doubtful or taken over, whoever found it. It never carries the content of a Secret. */
export interface Finding extends Problem<FindingCode> {
  /** The function, while it wrote; a check, in what came out; the build, which came to nothing or used the function wrongly. */
  source: 'function' | 'manifests' | 'build';
}
