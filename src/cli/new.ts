/** `ma-overlays new`: an environment from flags or questions, built and checked before it is there. */
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { runChecks } from '../checks/index.ts';
import { TLS_MODES } from '../config/check-tls.ts';
import { loadConfig } from '../config/load.ts';
import type { Settings } from '../config/settings.ts';
import { CONTROLLERS } from '../controllers/index.ts';
import { formatProblems, printed } from '../errors.ts';
import { saidIn } from '../report/call.ts';
import { surfaceOfBuild } from '../report/overlay-report.ts';
import { count } from './check/outcome.ts';
import { toText } from './check/text.ts';
import { colorsFor } from './colors.ts';
import { CommandError, type ExitStatus, type Io, UsageError } from './io.ts';
import { addBuildOptions, type BuildOptions, findBuilder } from './kustomize/build-options.ts';
import { requireOwnHosts } from './kustomize/copied-environments.ts';
import { Draft, removeOldDrafts } from './new/draft.ts';
import { requireEnvironmentName, requireFree } from './new/names.ts';
import { nextSteps } from './new/next-steps.ts';
import { textOf } from './new/overlay-files.ts';
import { makePlan, type NewOptions, type Plan } from './new/plan.ts';
import { messagesOf, observe, sayWhich } from './observe.ts';
import { withUndo } from './undo.ts';

interface Options extends NewOptions, BuildOptions {
  dryRun?: boolean;
}

const DESCRIPTION =
  "Makes overlays/<environment>, builds it (render's flags hold) and checks it; asks on a terminal.";

const HELP = `
Example:
  ma-overlays new staging-eu --domain eu.ml.example.com --tls-mode secret --controller traefik`;

/** Adds the verb to the program; `finish` gets its exit status. */
export function addNew(program: Command, io: Io, finish: (status: ExitStatus) => void): void {
  const choice = (flags: string, description: string, values: readonly string[]) =>
    new Option(flags, description).choices(values);
  const command = program
    .command('new')
    .summary('make overlays/<environment> from flags or questions')
    .description(DESCRIPTION)
    .argument('<environment>')
    .option('--domain <domain>', 'parent domain: api.<domain> and app.<domain> are served')
    .option('--ui-host <host>', "the page's own host, where the base has an entry for it")
    .addOption(choice('--tls-mode <mode>', TLS_MODES.join(', '), TLS_MODES))
    .option('--email <address>', 'mode acme: whom the certificate authority writes to')
    .option('--acme-server <server>', 'mode acme: production, staging or the URL of a directory')
    .addOption(choice('--controller <name>', 'the Ingress controller', Object.keys(CONTROLLERS)))
    .option('--gateway-class <name>', 'make a Gateway of this class instead')
    .option('--namespace <name>', 'default michelangelo-<environment>')
    .option('--name-prefix <text>', "default <environment>-; '' for a cluster of its own")
    .option('--set <field=value>', 'any other field of spec, as YAML: port=8443', collect, [])
    .option('--from <overlay>', 'start from the files of another overlay')
    .option('--base <path>', 'what the environment builds on; default base')
    .option('--with-base', 'copy base/ and plugin/ here: for the first run in another project')
    .option('--dry-run', 'print the files and write nothing')
    // Without the lists of choices: a screen has 24 lines.
    .configureHelp({ optionDescription: ({ description }) => description })
    .addHelpText('after', HELP);
  addBuildOptions(command, true).action(async (environment: string, options: Options) => {
    finish(await makeEnvironment(environment, options, io));
  });
}

/** Makes an environment, or throws and leaves nothing behind. */
async function makeEnvironment(environment: string, options: Options, io: Io): Promise<ExitStatus> {
  const overlays = join(io.cwd, 'overlays');
  requireEnvironmentName(environment);
  requireFree(overlays, environment);
  const plan = await makePlan(environment, options, io);
  const settings = requireConfig(plan, io);
  const overlay = `overlays/${environment}`;
  requireOwnHosts(settings, overlay, io.cwd);
  for (const note of plan.notes) io.stderr.write(`note: ${printed(note)}\n`);
  if (options.dryRun) {
    printFiles(plan, overlay, io);
    return 0;
  }
  const builder = await findBuilder(options, io);
  const made = await withUndo(io, async (undo) => {
    removeOldDrafts(io.cwd);
    const draft = new Draft(plan, io.cwd, environment, undo);
    const build = await observe(builder, draft.overlay, io);
    const { manifests, calls, aside = '' } = build;
    sayWhich(builder, options, io);
    io.stderr.write(draft.inPlace(aside));
    // What the function says is among the findings.
    if (!manifests) io.stderr.write(draft.inPlace(messagesOf(build)));
    if (!manifests) throw new CommandError(1, `${overlay} would not build: nothing was written`);
    const surface = surfaceOfBuild({ overlay, manifests, calls });
    const result = runChecks(surface, saidIn(calls));
    const input = { name: overlay, file: undefined, surface };
    const outcomes = [{ input, result, checklist: undefined }];
    if (result.findings.length > 0)
      io.stderr.write(toText(outcomes, colorsFor(io.stderr, io), { verbose: true }));
    if (count(outcomes).errors > 0)
      throw new CommandError(1, `${overlay} would not pass its checks: nothing was written`);
    return { names: draft.move(), surface };
  });
  for (const name of made.names.filter((name) => name !== overlay))
    io.stdout.write(`made ${name}/\n`);
  io.stdout.write(
    `made ${overlay}/: it builds and passes its checks\n${nextSteps(overlay, plan, settings, made.surface)}`,
  );
  return 0;
}

/** The config has to be right before anything is written; what is wrong came from flags. */
function requireConfig(plan: Plan, io: Io): Settings {
  const { settings, problems } = loadConfig(textOf(plan.files, plan.domainFile) ?? '');
  if (settings !== undefined) return settings;
  io.stderr.write(formatProblems(problems));
  throw new UsageError('these flags make no valid config: nothing was written');
}

function printFiles({ files, base }: Plan, overlay: string, io: Io): void {
  for (const name of base?.copies ?? []) io.stdout.write(`# ${name}/: a copy\n`);
  for (const [path, file] of files) {
    io.stdout.write(`# ${overlay}/${path}\n`);
    if (file.link === undefined) io.stdout.write(`${file.content.toString().trimEnd()}\n\n`);
    else io.stdout.write(`# a link to ${file.link}\n\n`);
  }
}

function collect(value: string, previous: readonly string[]): string[] {
  return [...previous, value];
}
