/**
 * The closed list of problem codes, and how one problem is printed.
 *
 * A problem never carries the content of a resource: Secrets pass through the function. It may quote values of the
 * DomainConfig, names, keys and paths.
 */
import { onOneLine } from './foreign-text.ts';

/** Each code with the sentence that the reference page prints for it. */
export const PROBLEM_CODES = {
  'config-missing': 'No DomainConfig was given, or the file cannot be read.',
  'config-syntax': 'The DomainConfig is not one well-formed YAML document.',
  'config-kind': 'The object that was given as config is not a DomainConfig of this API version.',
  'config-unknown-key': 'A key that the schema does not have, usually a typing error.',
  'config-required': 'A field that is required is missing.',
  'config-value':
    'A value that the schema does not accept: wrong type, not in the list, out of range.',
  'config-conflict':
    'Two fields that exclude each other, or a field of a mode that was not chosen.',
  'config-host':
    'A host name that DNS, Kubernetes or the chosen certificate authority would refuse.',
  'config-origin':
    'A CORS origin that is not exact, has no leading wildcard label and no wildcard port.',
  'input-syntax': 'A resource that the function has to read is not well-formed YAML.',
  'input-protocol':
    'What came on standard input is neither a ResourceList nor a stream of YAML documents.',
  'document-syntax': 'The document inside a ConfigMap that plays a role does not parse.',
  'role-missing': 'No resource plays a role that the config needs.',
  'role-ambiguous': 'More than one resource plays a role that only one can have.',
  'role-unknown': 'A role label with a value that is not a role, or on a kind that cannot play it.',
  'target-missing': 'The resource of a role lacks the place that a rule has to change.',
  'target-shape': 'The place that a rule has to change holds something of another shape.',
  'value-replaced': 'A value that somebody set, and that gives way to what the config says.',
  'ui-not-served': 'The page is here, and neither an entry nor a route of Envoy leads to it.',
  'entry-limit':
    'Something that the Ingress controller cannot be told on an Ingress or a Service: it has to be set elsewhere.',
  'cors-app-origin': "CORS does not let the app's own origin in.",
  'endpoints-left':
    "Endpoints of Envoy's API cluster that stay as they are, because they do not name its Service.",
  'part-elsewhere':
    'A part that stands where the function does not write: only old hosts there are followed.',
  'entry-not-read':
    'An entry of a kind that the function does not write: it follows only its host.',
  'entry-stream-limit':
    'How long the Ingress controller lets streams be silent, which it cannot be told on an Ingress or a Service.',
  'entry-refused':
    'An Ingress controller, or one Ingress, that cannot carry what the config asks for.',
  'entry-loses':
    'Annotations or paths of an Ingress that the chosen controller or Gateway has no counterpart for, and that the config does not give up.',
  'secret-asked-twice':
    'Two resources ask cert-manager for one Secret: they would overwrite each other for ever.',
  'network-peer-missing':
    'A connection that network policies would shut off, because the config does not say where it leads or comes from.',
  'network-peer-unused':
    'A target or a source of `spec.networkPolicies` that opens nothing, because no component needs it.',
  'network-policy-pods':
    'Pods that a network policy cannot be about: no label tells them from others, or they use the network of their host.',
  'network-policy-partial':
    'Components whose pods are not in this build, so that they get no network policy.',
  'network-policy-adds':
    'A NetworkPolicy of the base that lets more through than `networkPolicies.mode: restricted`.',
  'network-policy-foreign':
    'A network policy of Cilium, Calico or an administrator, of which nothing is claimed.',
  'network-metrics-shut': 'Metrics that network policies let no Prometheus read.',
  'name-taken':
    'A resource of the input has the name of one that the function makes, and is something else.',
  'cluster-access':
    'The right to read the Secrets of compute clusters, which nobody gets, or more than the controller manager.',
  'api-policy-unsure':
    "The policy for a compute cluster's API server, which network plug-ins treat in two ways.",
  'api-server-managed':
    'A compute cluster whose API server a cloud runs: who may reach it is set there.',
  'sdk-without-tls':
    'Task pods of another cluster have to call the API with TLS, which the Python SDK does not use by itself.',
  'task-pods-without-trust':
    'Task pods call the API with TLS, and the CA bundle of `tls.trust` does not reach them.',
  'placeholder-left': 'A host that was never set is still in the output.',
  'old-host-left':
    'A host that the base had stands where the function does not change it: in code, prose, a comment, binary data, or where both parts had it.',
  'alerts-incomplete':
    'An alert that was asked for and cannot be made of what the manifests and the config say.',
  'leave-unused': 'A row of `spec.hosts.leave` that keeps no old host.',
  internal: 'A mistake of this program.',
} as const;

/** One of the codes above. */
export type ProblemCode = keyof typeof PROBLEM_CODES;

/** What a message and a KRM result need to point at a resource. */
export interface ResourceReference {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

/** Where something stands on disk; lines and columns count from 1. */
export interface FilePlace {
  /** As messages show it: from the working directory. */
  file?: string;
  line?: number;
  column?: number;
}

/** One thing that is wrong: where, what was found, what was expected, how to fix it. */
export interface Problem<Code extends string = ProblemCode> extends FilePlace {
  code: Code;
  severity: 'error' | 'warning';
  /** One sentence without a full stop: what is wrong. */
  message: string;
  /** The resource it is in; absent where it is about the stream as a whole. */
  resource?: ResourceReference;
  /** Other resources that the same thing is true of. */
  also?: readonly ResourceReference[];
  /** The place in it: `spec.tls.mode`, or `data[base.yaml].worker.address` inside a document. */
  path?: string;
  /** The repository and the file in it that the resource was fetched from, where it is not on this disk. */
  from?: string;
  /** What stands there, in the words of the config; for a resource only its type, a name or a key. */
  found?: string;
  expected?: string;
  /** What to do, as an instruction. */
  fix: string;
  /** What to write, in lines: this program's own words, nothing of what was read. */
  example?: string;
}

/** `ConfigMap michelangelo/worker-config`, or `ClusterIssuer name` for a cluster-scoped one. */
export function resourceLabel(resource: ResourceReference): string {
  const name = resource.namespace ? `${resource.namespace}/${resource.name}` : resource.name;
  return `${resource.kind} ${name}`;
}

/** `1 error`, `2 errors`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `a Service`, `an Ingress`: a kind in a sentence. */
export function withArticle(kind: string): string {
  return `${/^(?:HTTP|(?!us)[aeiou])/i.test(kind) ? 'an' : 'a'} ${kind}`;
}

/** `a, b and 3 more`: as many as fit a message, and how many are left out. */
export function someOf(
  words: readonly (string | number)[],
  most: number,
  separator = ', ',
): string {
  const more = words.length > most ? ` and ${words.length - most} more` : '';
  return words.slice(0, most).join(separator) + more;
}

/** Where the same is true of more resources, nobody reads all their names in one line. */
const LABELS = 5;

/** Where something is, as people read it: its resources, and the place in the first; empty where it is about the whole. */
export function placeOf({
  resource,
  also = [],
  path,
  from,
}: Pick<Problem, 'resource' | 'also' | 'path' | 'from'>): string {
  const labels = [...(resource ? [resource] : []), ...also].map(resourceLabel);
  return [someOf(labels, LABELS, ' and '), path, from && `from ${from}`].filter(Boolean).join(', ');
}

/** `overlays/dev/domain.yaml:5:3`; empty where the file is not known. */
export function fileOf({ file, line, column }: FilePlace): string {
  return [file, file && line, file && line && column].filter(Boolean).join(':');
}

/**
 * A line that says what, then one for each row that has a text, below its label. Whatever a text has of others stays on its line.
 * @param title - fit to be printed, with colours or without
 * @param example - lines of this program's own, below the last row
 */
export function formatRows(
  title: string,
  rows: readonly (readonly [string, string?])[],
  example?: string,
): string {
  const lines = rows.flatMap(([label, text]) =>
    text === undefined ? [] : `  ${label.padEnd(9)} ${printed(text)}\n`,
  );
  const more = example?.split('\n').map((line) => `${' '.repeat(12)}${line}\n`) ?? [];
  return [`${title}\n`, ...lines, ...more].join('');
}

/** Characters of one line of a message: a name can have a million. */
const LONGEST_LINE = 4000;

/** A text of a message, whatever names are in it, fit to be printed on one line. */
export function printed(text: string): string {
  return shorten(onOneLine(text), LONGEST_LINE);
}

/** The problem as people read it: one line that says what, then a line each for place, found, expected and fix. */
function formatProblem(problem: Problem<string>): string {
  return formatRows(
    `${problem.severity}: ${printed(problem.message)} [${problem.code}]`,
    [
      ['file', fileOf(problem) || undefined],
      ['in', placeOf(problem) || undefined],
      ['found', problem.found],
      ['expected', problem.expected],
      ['fix', problem.fix],
    ],
    problem.example,
  );
}

/** Errors first, each severity in the order in which it was found. */
export function bySeverity<T extends Pick<Problem, 'severity'>>(problems: readonly T[]): T[] {
  return [...problems].sort(
    (left, right) => Number(left.severity === 'warning') - Number(right.severity === 'warning'),
  );
}

/** How many of one kind are printed; the others are counted. */
const MOST_OF_A_KIND = 20;

/**
 * The first ones of each code and severity, and a sentence for each kind that has more: thousands of the same bury everything else,
 * and fixing the first ones fixes the others more often than not.
 */
export function firstOfEachKind<T extends Pick<Problem, 'severity'> & { code: string }>(
  found: readonly T[],
): { first: T[]; more: { severity: Problem['severity']; code: string; message: string }[] } {
  const counts = new Map<string, { one: T; count: number }>();
  const first = found.filter((one) => {
    const key = `${one.severity} ${one.code}`;
    const counted = counts.get(key) ?? { one, count: 0 };
    counted.count += 1;
    counts.set(key, counted);
    return counted.count <= MOST_OF_A_KIND;
  });
  const more = [...counts.values()].flatMap(({ one: { severity, code }, count }) => {
    const message = `${count - MOST_OF_A_KIND} more of the same kind`;
    return count > MOST_OF_A_KIND ? [{ severity, code, message }] : [];
  });
  return { first, more };
}

/** All problems, errors first, a blank line between two; empty where there are none. */
export function formatProblems(problems: readonly Problem<string>[]): string {
  const { first, more } = firstOfEachKind(bySeverity(problems));
  const counted = more.map(({ severity, message, code }) => `${severity}: ${message} [${code}]\n`);
  return [...first.map(formatProblem), ...counted].join('\n');
}

const LONGEST_QUOTE = 120;

/** Texts longer than that lose their middle, so that both ends can still be recognised. */
export function shorten(text: string, longest = LONGEST_QUOTE): string {
  if (text.length <= longest) return text;
  const end = Math.floor(longest / 4);
  return `${text.slice(0, longest - end - 10)} … ${text.slice(-end)} (${text.length} characters)`;
}

/** A key or a name without line ends or control characters, and no longer than a line. */
export function printable(text: string): string {
  return shorten(onOneLine(text));
}
