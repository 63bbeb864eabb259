/** `explain --against`: what differs from another state, as people and as programs read it. */
import { plural, printed, resourceLabel } from '../errors.ts';
import { inLines } from '../foreign-text.ts';
import { valueText } from '../report/changes.ts';
import type { Comparison, Difference } from '../report/compare.ts';
import { textDiff } from '../report/text-diff.ts';
import type { Json } from '../yaml/json.ts';
import { printYaml } from '../yaml/yaml.ts';
import type { Colors } from './colors.ts';

/** `against main (1a2b3c4d): 2 new, 1 gone, 3 changed, 20 unchanged`. */
export function summarizeComparison({ differences, unchanged }: Comparison, name: string): string {
  const of = (state: Difference['state']) =>
    differences.filter((one) => one.state === state).length;
  const counts = (['new', 'gone', 'changed'] as const)
    .map((state) => [of(state), state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`);
  const same = unchanged > 0 ? [`${unchanged} unchanged`] : [];
  const all = counts.length > 0 ? counts.join(', ') : 'no difference in what is changed';
  return `against ${name}: ${[all, ...same].join(', ')}`;
}

/** Every difference below the resource that it is in; whole resources come last. */
export function formatComparison({ differences }: Comparison, colors: Colors): string {
  const values = differences.filter(({ what }) => what === 'value');
  const wholes = differences.filter(({ what }) => what !== 'value');
  const headings = new Set(values.map(headingOf));
  const parts = [...headings].flatMap((heading) => [
    `\n${colors.bold(printed(heading))}\n`,
    ...values.filter((one) => headingOf(one) === heading).map((one) => formatValue(one, colors)),
  ]);
  if (wholes.length > 0) parts.push(`\n${colors.bold(plural(wholes.length, 'whole resource'))}\n`);
  return [...parts, ...wholes.map((one) => formatWhole(one, colors))].join('');
}

function headingOf({ resource, document }: Difference): string {
  const label = resourceLabel(resource);
  return document === undefined ? label : `${label}, data[${document}]`;
}

const WORDS = {
  new: 'is changed now',
  gone: 'is not changed any more',
  changed: 'gets another value',
};

function formatValue({ state, path = '', there, here, field }: Difference, colors: Colors): string {
  const lines = (sign: string, value: Json | undefined, paint: (text: string) => string) =>
    value === undefined
      ? []
      : inLines(valueText(value))
          .split('\n')
          .map((line) => `    ${paint(`${sign} ${line}`)}\n`);
  return [
    `  ${printed(path)}  ${colors.dim(printed(`(${WORDS[state]}, from ${field})`))}\n`,
    ...lines('-', there, colors.red),
    ...lines('+', here, colors.green),
  ].join('');
}

function formatWhole({ state, what, resource, there, here, field }: Difference, colors: Colors) {
  const words = {
    new: `is ${what} now`,
    gone: `is not ${what} any more`,
    changed: `is ${what} with other content`,
  };
  const title = `  ${printed(resourceLabel(resource))}  ${colors.dim(printed(`(${words[state]}, from ${field})`))}\n`;
  if (state !== 'changed' || there === undefined || here === undefined) return title;
  const lines = textDiff('there', 'here', printYaml(there), printYaml(here)).split('\n').slice(2);
  return (
    title +
    lines
      .filter(Boolean)
      .map((line) => `    ${inLines(line)}\n`)
      .join('')
  );
}
