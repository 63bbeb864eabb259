/** The three forms in which `check` prints: for people, for programs, for a pull request on GitHub. */
import type { Finding } from '../../checks/check.ts';
import { CATALOGUE } from '../../checks/shared/catalogue.ts';
import type { ChecklistLine } from '../../checks/shared/checklist.ts';
import {
  type FilePlace,
  fileOf,
  firstOfEachKind,
  formatRows,
  placeOf,
  printed,
} from '../../errors.ts';
import { inJson, onOneLine } from '../../foreign-text.ts';
import type { Colors } from '../colors.ts';
import { count, type Outcome, summaryOf } from './outcome.ts';

/** Findings, the checklist where it was asked for, one line of summary; a sound overlay has that line alone. */
export function toText(outcomes: readonly Outcome[], colors: Colors): string {
  const isOne = outcomes.length === 1;
  const parts = outcomes.flatMap(({ input, result, checklist }) => {
    const { first, more } = firstOfEachKind(result.findings);
    const findings = [
      ...first.map((found) => formatFinding(found, colors)),
      ...more.map((kind) => `${kind.severity}: ${kind.message} [${kind.code}]\n`),
    ];
    const lines = (checklist ?? []).map((line) => formatLine(line, colors)).join('');
    const blocks = [...findings, ...(lines ? [lines] : [])];
    const title = isOne || blocks.length === 0 ? '' : `${colors.bold(`${printed(input.name)}:`)}\n`;
    return blocks.map((block, position) => `${position === 0 ? title : ''}${block}\n`);
  });
  return `${parts.join('')}${printed(summaryOf(outcomes))}\n`;
}

function formatFinding(found: Finding, colors: Colors): string {
  const paint = found.severity === 'error' ? colors.red : colors.yellow;
  return formatRows(`${paint(found.severity)}: ${printed(found.message)} [${found.code}]`, [
    ['file', fileOf(found) || undefined],
    ['in', placeOf(found) || undefined],
    ['found', found.found],
    ['expected', found.expected],
    ['why', CATALOGUE[found.code].why],
    ['mend', found.mend || undefined],
  ]);
}

/** The widest state, so that the items stand below each other. */
const WIDTH = 'cannot be seen here'.length;

function formatLine({ number, item, state, because }: ChecklistLine, colors: Colors): string {
  const paint = { pass: colors.green, fail: colors.red, 'cannot be seen here': colors.yellow }[
    state
  ];
  return `${number}  ${paint(state.padEnd(WIDTH))}  ${item}: ${printed(because)}\n`;
}

/** One JSON document, ending in a line feed. */
export function toJson(outcomes: readonly Outcome[]): string {
  const inputs = outcomes.map(({ input, result, checklist }) => ({
    name: input.name,
    built: input.surface !== undefined,
    ...(input.kustomize ? { kustomize: input.kustomize } : {}),
    findings: result.findings.map((found) => ({
      ...found,
      title: CATALOGUE[found.code].title,
      why: CATALOGUE[found.code].why,
    })),
    accepted: result.ignored.map(({ finding, reason }) => ({ ...finding, reason })),
    ...(checklist ? { checklist } : {}),
  }));
  return inJson(`${JSON.stringify({ inputs, ...count(outcomes) }, null, 2)}\n`);
}

/** Workflow commands, then the summary, which the log shows. */
export function toGithub(outcomes: readonly Outcome[]): string {
  const commands = outcomes.flatMap(({ input, result, checklist }) => [
    ...annotationsOf(result.findings, input),
    ...(checklist ?? [])
      .filter(({ state }) => state !== 'pass')
      .map(({ number, item, state, because }) =>
        annotation(
          state === 'fail' ? 'error' : 'notice',
          { file: input.file },
          `checklist ${number}`,
          [`${item}: ${state}, ${because}`],
        ),
      ),
  ]);
  return `${[...commands, escapeData(printed(summaryOf(outcomes)))].join('\n')}\n`;
}

function annotationsOf(findings: readonly Finding[], { file, name }: Outcome['input']): string[] {
  const { first, more } = firstOfEachKind(findings);
  return [
    ...first.map((found) =>
      annotation(found.severity, found.file ? found : { file }, found.code, [
        `${found.message} (${placeOf(found) || name})`,
        CATALOGUE[found.code].why,
        `Mend: ${found.mend}`,
      ]),
    ),
    ...more.map(({ severity, code, message }) => annotation(severity, { file }, code, [message])),
  ];
}

function annotation(
  command: string,
  { file, line, column }: { [Key in keyof FilePlace]: FilePlace[Key] | undefined },
  title: string,
  lines: readonly string[],
): string {
  const properties = [
    ...(file === undefined ? [] : [`file=${escapeProperty(file)}`]),
    ...(line === undefined ? [] : [`line=${line}`]),
    ...(column === undefined ? [] : [`col=${column}`]),
    `title=${escapeProperty(title)}`,
  ];
  return `::${command} ${properties.join(',')}::${escapeData(lines.map(printed).join('\n'))}`;
}

/** Source: actions/toolkit, packages/core/src/command.ts. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(onOneLine(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
