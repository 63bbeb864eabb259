/** `ma-overlays check`: what is wrong in manifests, whoever made them. */
import { type Command, Option } from 'commander';
import { type CheckResult, inOrder, runChecks } from '../checks/index.ts';
import { findingOf } from '../checks/shared/catalogue.ts';
import { checklistOf } from '../checks/shared/checklist.ts';
import { explainCode } from './check/explain-code.ts';
import { FORMATS, type Format, print, WITHOUT_CHECKLIST } from './check/formats.ts';
import { type CheckedInput, readInputs } from './check/input.ts';
import { count, type Outcome, withoutWarnings } from './check/outcome.ts';
import type { SourceOptions } from './check/sources.ts';
import { colorsFor } from './colors.ts';
import { type EnvoyOptions, findEnvoy } from './envoy/find-envoy.ts';
import { verdictsOf } from './envoy/verdict.ts';
import { inParallel } from './in-parallel.ts';
import { type ExitStatus, type Io, UsageError } from './io.ts';
import { addBuildOptions, type BuildOptions } from './kustomize/build-options.ts';
import { ALL, dirOption } from './overlays-folder.ts';
import { docsPath } from './package-root.ts';
import { sinceOption } from './since.ts';

interface CheckOptions extends BuildOptions, SourceOptions, EnvoyOptions {
  checklist?: boolean;
  strict?: boolean;
  severity: 'error' | 'warning';
  format: Format;
  explain?: string;
}

const help = (docs: string) => `
What is named together is also compared. Where findings are many, --verbose says why and how to fix.
${docs}/checks.md has a section for each; render --help has the other flags of a build.

Example:
  helm template prod ./chart | ma-overlays check - --checklist

Exit status: 0 no error, 1 errors (with --strict: or warnings), 2 wrong usage.`;

/** Adds the verb to the program; `finish` gets its exit status. */
export function addCheck(program: Command, io: Io, finish: (status: ExitStatus) => void): void {
  const command = program
    .command('check')
    .summary('find what is wrong in manifests')
    .description(
      'Prints what is wrong in overlays, folders and files of manifests, or in - (stdin).',
    )
    .argument('[input...]')
    .option('--all', ALL)
    .addOption(dirOption())
    .addOption(sinceOption())
    .option('-R, --recursive', 'folders of manifests with the folders in them')
    .option('--checklist', "answer the guide's nine checklist items as well")
    .addOption(
      new Option('--severity <severity>', 'the least that is shown')
        .choices(['warning', 'error'])
        .default('warning'),
    )
    .option('--strict', 'warnings fail too, shown or not')
    .addOption(
      new Option('--format <format>', 'how it is printed').choices(FORMATS).default('text'),
    )
    .option(
      '--envoy <path>',
      "the Envoy whose own verdict is asked; else $ENVOY's, or that on PATH",
    )
    .addOption(new Option('--no-envoy', 'do not ask it').hideHelp())
    .option('--explain <code>', 'print why a finding matters, and how to fix it')
    .addHelpText('after', () => help(docsPath(io.cwd)));
  addBuildOptions(command, true).action(async (inputs: string[], options: CheckOptions) => {
    finish(await check(inputs, options, io));
  });
}

/** Checks every input, prints, and says whether it is good enough. */
async function check(words: readonly string[], options: CheckOptions, io: Io): Promise<ExitStatus> {
  if (options.explain !== undefined) {
    if (words.length > 0 || options.all)
      throw new UsageError('--explain checks nothing', 'leave it out, or what is to be checked');
    io.stdout.write(explainCode(options.explain, docsPath(io.cwd), colorsFor(io.stdout, io)));
    return 0;
  }
  if (options.checklist && WITHOUT_CHECKLIST.includes(options.format))
    throw new UsageError(
      `--format ${options.format} has no place for the checklist`,
      'leave --checklist out, or choose another format',
    );
  const envoy = await findEnvoy(options, io);
  const inputs = await readInputs(words, options, io);
  const surfaces = inputs.flatMap(({ surface }) => surface ?? []);
  const verdicts = envoy && (await verdictsOf(surfaces, envoy, io));
  const outcomes = inputs.map((input): Outcome => {
    const surface = input.surface?.beside(surfaces);
    const result = surface
      ? runChecks(surface, input.said, input.surface && verdicts?.get(input.surface))
      : { findings: inOrder((input.said ?? []).map(findingOf)), ignored: [] };
    const checklist = options.checklist && surface ? checklistOf(surface, result) : undefined;
    return { input, result: placed(result, input), checklist };
  });
  const chosen = options.severity === 'error' ? outcomes.map(withoutWarnings) : outcomes;
  const shown = await inParallel(chosen, placedInSources);
  io.stdout.write(print(shown, options, io));
  const { errors, warnings, unbuilt } = count(outcomes);
  return errors + unbuilt > 0 || (options.strict && warnings > 0) ? 1 : 0;
}

function placed({ findings, ignored }: CheckResult, { place }: CheckedInput): CheckResult {
  if (!place) return { findings, ignored };
  const accepted = ignored.map((one) => ({ ...one, finding: place(one.finding) }));
  return { findings: findings.map(place), ignored: accepted };
}

/** Findings of built overlays; what is accepted needs no place. */
async function placedInSources(outcome: Outcome): Promise<Outcome> {
  const { input, result } = outcome;
  if (!input.placeBuilt) return outcome;
  return { ...outcome, result: { ...result, findings: await input.placeBuilt(result.findings) } };
}
