/** PromQL: the series of a metric, with whatever stands in a config or a manifest quoted. */

/** Labels with the value that they have, or with values of which they have one; undefined where a label may have any. */
export type Matchers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** `up{namespace="ml",job="api"}`. */
export function series(metric: string, ...matchers: readonly Matchers[]): string {
  const written = matchers.flatMap((each) =>
    Object.entries(each).flatMap(([label, value]) =>
      value === undefined ? [] : matcher(label, value),
    ),
  );
  return `${metric}{${written.join(',')}}`;
}

function matcher(label: string, value: string | readonly string[]): string {
  const values = typeof value === 'string' ? [value] : value;
  const [first = ''] = values;
  return values.length === 1
    ? `${label}=${quoted(first)}`
    : `${label}=~${quoted(values.map(escaped).join('|'))}`;
}

/** PromQL reads texts as Go does, which knows every escape of JSON. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** For RE2, which Prometheus matches as a whole. */
function escaped(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');
}

/** One of several expressions, a line each. */
export function anyOf(expressions: readonly string[]): string {
  return expressions.join('\nor\n');
}

/** What one instance of a job is told by, and all instances have. */
export const BY_JOB = 'by (namespace, job)';
/** By which labels series of one job are matched with each other. */
export const ON_JOB = 'on (namespace, job)';
