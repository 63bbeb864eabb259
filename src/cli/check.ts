/** `ma-overlays check`: what is wrong in manifests, whoever made them. */
import { type Command, Option } from 'commander';
import { inOrder, runChecks } from '../checks/index.ts';
import { findingOf } from '../checks/shared/catalogue.ts';
import { checklistOf } from '../checks/shared/checklist.ts';
import { readInputs } from './check/input.ts';
import { count, type Outcome } from './check/outcome.ts';
import { toGithub, toJson, toText } from './check/print.ts';
import { colorsFor } from './colors.ts';
import type { ExitStatus, Io } from './io.ts';
import { addBuildOptions, type BuildOptions } from './kustomize/build-options.ts';

interface CheckOptions extends BuildOptions {
  checklist?: boolean;
  strict?: boolean;
  format: 'text' | 'json' | 'github';
}

const HELP = `
Overlays named together are also compared. docs/checks.md has a section for each finding.

Example:
  helm template prod ./chart | ma-overlays check - --checklist

Exit status: 0 no error, 1 errors (with --strict: or warnings), 2 wrong usage.`;

/** Adds the verb to the program; `finish` gets its exit status. */
export function addCheck(program: Command, io: Io, finish: (status: ExitStatus) => void): void {
  const command = program
    .command('check')
    .summary('find what is wrong in manifests')
    .description(
      'Prints what is wrong in overlays, folders of `render --out`, files of manifests, or in - (stdin).',
    )
    .argument('<input...>')
    .option('--checklist', "answer the guide's nine checklist items as well")
    .option('--strict', 'warnings fail too')
    .addOption(
      new Option('--format <format>', 'how it is printed')
        .choices(['text', 'json', 'github'])
        .default('text'),
    )
    .addHelpText('after', HELP);
  addBuildOptions(command).action(async (inputs: string[], options: CheckOptions) => {
    finish(await check(inputs, options, io));
  });
}

/** Checks every input, prints, and says whether it is good enough. */
async function check(words: readonly string[], options: CheckOptions, io: Io): Promise<ExitStatus> {
  const inputs = await readInputs(words, options, io);
  const surfaces = inputs.flatMap(({ surface }) => surface ?? []);
  const outcomes = inputs.map((input): Outcome => {
    const surface = input.surface?.beside(surfaces);
    const result = surface
      ? runChecks(surface, input.said)
      : { findings: inOrder((input.said ?? []).map(findingOf)), ignored: [] };
    const checklist = options.checklist && surface ? checklistOf(surface, result) : undefined;
    return { input, result, checklist };
  });
  const print = {
    text: () => toText(outcomes, colorsFor(io.stdout, io)),
    json: () => toJson(outcomes),
    github: () => toGithub(outcomes),
  }[options.format];
  io.stdout.write(print());
  const { errors, warnings, unbuilt } = count(outcomes);
  return errors + unbuilt > 0 || (options.strict && warnings > 0) ? 1 : 0;
}
