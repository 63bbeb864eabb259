/** Workflow commands, by which GitHub annotates the files of a pull request. */
import type { Finding } from '../../checks/check.ts';
import { CATALOGUE } from '../../checks/shared/catalogue.ts';
import { type FilePlace, firstOfEachKind, placeOf, printed } from '../../errors.ts';
import { onOneLine } from '../../foreign-text.ts';
import { locationOf } from './location.ts';
import { type Outcome, summaryOf } from './outcome.ts';

/** The commands, then the summary, which the log shows. */
export function toGithub(outcomes: readonly Outcome[], cwd: string): string {
  const commands = outcomes.flatMap(({ input, result, checklist }) => [
    ...annotationsOf(result.findings, input, cwd),
    ...(checklist ?? [])
      .filter(({ state }) => state !== 'pass')
      .map(({ number, item, state, because }) =>
        annotation(
          state === 'fail' ? 'error' : 'notice',
          placeIn({}, input, cwd),
          `checklist ${number}`,
          [`${item}: ${state}, ${because}`],
        ),
      ),
  ]);
  return `${[...commands, escapeData(printed(summaryOf(outcomes)))].join('\n')}\n`;
}

function annotationsOf(
  findings: readonly Finding[],
  input: Outcome['input'],
  cwd: string,
): string[] {
  const { first, more } = firstOfEachKind(findings);
  return [
    ...first.map((found) =>
      annotation(found.severity, placeIn(found, input, cwd), found.code, [
        `${found.message} (${placeOf(found) || input.name})`,
        CATALOGUE[found.code].why,
        `Fix: ${found.fix}`,
      ]),
    ),
    ...more.map(({ severity, code, message }) =>
      annotation(severity, placeIn({}, input, cwd), code, [message]),
    ),
  ];
}

/** Nothing where there is no file to annotate. */
function placeIn(found: FilePlace, input: Outcome['input'], cwd: string): FilePlace {
  const hasFile = found.file !== undefined || input.file !== undefined;
  return hasFile ? locationOf(found, input, cwd) : {};
}

function annotation(
  command: string,
  { file, line, column }: FilePlace,
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
