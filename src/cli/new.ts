/** `ma-overlays new`: an environment from flags or questions, built and checked before it is there. */
import { dirname } from 'node:path';
import { type Command, Option } from 'commander';
import type { Finding } from '../checks/check.ts';
import { runChecks } from '../checks/index.ts';
import { TLS_MODES } from '../config/check-tls.ts';
import { loadConfig } from '../config/load.ts';
import type { Settings } from '../config/settings.ts';
import { CONTROLLERS } from '../controllers/index.ts';
import { formatProblems, printed } from '../errors.ts';
import { saidIn } from '../report/call.ts';
import { surfaceOfBuild } from '../report/overlay-report.ts';
import type { Surface } from '../surface/surface.ts';
import { count } from './check/outcome.ts';
import { toText } from './check/text.ts';
import { widthOf } from './check/width.ts';
import { colorsFor } from './colors.ts';
import { CommandError, collect, type ExitStatus, type Io, UsageError } from './io.ts';
import { addBuildOptions, type BuildOptions, findBuilder } from './kustomize/build-options.ts';
import { requireOwnHosts } from './kustomize/copied-environments.ts';
import { refusal } from './new/ask-field.ts';
import { Draft, removeOldDrafts } from './new/draft.ts';
import { withEnvironmentFile } from './new/environment-plan.ts';
import { howToGet, LAYOUTS, type Layout, layoutOf } from './new/layouts.ts';
import { requireEnvironmentName, requireFree } from './new/names.ts';
import { nextSteps } from './new/next-steps.ts';
import { textOf } from './new/overlay-files.ts';
import { makePlan, type NewOptions, type Plan } from './new/plan.ts';
import { repeatCommand } from './new/repeat.ts';
import { messagesOf, type ObservedBuild, observe, sayWhich } from './observe.ts';
import { dirOption, inFolder, overlaysFolder } from './overlays-folder.ts';
import { type Asker, askerFor } from './questions.ts';
import { withUndo } from './undo.ts';

interface Options extends NewOptions, BuildOptions {
  dryRun?: boolean;
}

const DESCRIPTION =
  "Makes overlays/<environment>, builds it (render's flags hold) and checks it; asks on a terminal.";

const HELP = `
Example: ma-overlays new eu --domain eu.ml.example.com --tls-mode secret --controller traefik`;

/** Adds the verb to the program; `finish` gets its exit status. */
export function addNew(program: Command, io: Io, finish: (status: ExitStatus) => void): void {
  const choice = (flags: string, description: string, values: readonly string[]) =>
    new Option(flags, description).choices(values);
  const command = program
    .command('new')
    .summary('make overlays/<environment> from flags or questions')
    .description(DESCRIPTION)
    .argument('[environment]')
    .option('--domain <domain>', 'parent domain: api.<domain> and app.<domain> are served')
    .addOption(choice('--layout <layout>', LAYOUTS.join(', '), LAYOUTS))
    .option('--ui-host <host>', "layout own-hosts: the page's own host")
    .addOption(choice('--tls-mode <mode>', TLS_MODES.join(', '), TLS_MODES))
    .option(
      '--email <address>',
      'mode acme: yours; --acme-server <server>: production, staging, a URL',
    )
    .addOption(new Option('--acme-server <server>').hideHelp())
    .option('--port <number>', 'public port; default 443, or 80 in mode none')
    .addOption(
      choice(
        '--controller <name>',
        'the Ingress controller; --gateway-class <name> makes a Gateway instead',
        Object.keys(CONTROLLERS),
      ),
    )
    .addOption(new Option('--gateway-class <name>').hideHelp())
    .option('--namespace <name>', 'default michelangelo-<environment>')
    .option('--name-prefix <text>', "default <environment>-; '' for a cluster of its own")
    .option(
      '--set <field=value>',
      'any other field of spec, as YAML: hosts.api=grpc.example.com',
      collect,
      [],
    )
    .option('--from <overlay>', 'start from the files of another overlay')
    .option(
      '--compute-of <overlay>',
      'the compute side of an overlay, for its cluster --cluster <name>',
    )
    .addOption(new Option('--cluster <name>').hideHelp())
    .option('--base <path>', 'what the environment builds on; default base')
    .option('--with-base', 'copy base/ here, and plugin/ where node_modules has no ma-overlays')
    .addOption(dirOption())
    .option('--argocd', 'environment.yaml too: in which cluster, when it is synced')
    .option('--dry-run', 'print the files and write nothing')
    // Without the lists of choices: a screen has 24 lines.
    .configureHelp({ optionDescription: ({ description }) => description })
    .addHelpText('after', HELP);
  addBuildOptions(command, true).action(
    async (environment: string | undefined, options: Options) => {
      finish(await makeEnvironment(environment, options, io));
    },
  );
}

/** Makes an environment, or throws and leaves nothing behind. */
async function makeEnvironment(
  name: string | undefined,
  options: Options,
  io: Io,
): Promise<ExitStatus> {
  const folder = overlaysFolder(io.cwd, options.dir);
  const asker = askerFor(io);
  if (name === undefined && asker === undefined)
    throw new UsageError('no name for the environment', 'ma-overlays new NAME');
  const environment = name ?? (await askName(asker as Asker, io.cwd, folder));
  requireEnvironmentName(environment);
  requireFree(io.cwd, folder, environment);
  const overlay = inFolder(folder, environment);
  const made = await makePlan(
    environment,
    overlay,
    options,
    asker,
    (base) => layoutIn(base, options, io),
    io,
  );
  const plan = options.argocd ? withEnvironmentFile(made, environment, overlay, io.cwd) : made;
  const again = `To make it again, with the same answers:\n  ${repeatCommand(environment, plan, options)}\n`;
  try {
    return await carryOut(overlay, plan, options, again, io);
  } catch (error) {
    // What was answered is not lost.
    if (asker && error instanceof CommandError) io.stderr.write(again);
    throw error;
  }
}

async function carryOut(
  overlay: string,
  plan: Plan,
  options: Options,
  again: string,
  io: Io,
): Promise<ExitStatus> {
  const settings = requireConfig(plan, io);
  requireOwnHosts(settings, overlay, io.cwd);
  for (const note of plan.notes) io.stderr.write(`note: ${printed(note)}\n`);
  if (options.dryRun) {
    printFiles(plan, overlay, io);
    return 0;
  }
  const builder = await findBuilder(options, io);
  const { names, surface, findings } = await withUndo(io, async (undo) => {
    removeOldDrafts(io.cwd, dirname(overlay));
    const draft = new Draft(plan, io.cwd, overlay, undo);
    const build = await observe(builder, draft.overlay, io);
    sayWhich(builder, options, io);
    const found = requireSound(build, draft, overlay, plan, io);
    return { names: draft.move(), ...found };
  });
  for (const name of names.filter((name) => name !== overlay)) io.stdout.write(`made ${name}/\n`);
  const folders = [...new Set([...(plan.base?.parts ?? []), ...names])];
  const steps = nextSteps({ overlay, plan, settings, surface, findings, folders });
  const warned = findings.length > 0 ? ', with warnings' : '';
  io.stdout.write(`made ${overlay}/: it builds and passes its checks${warned}\n${steps}\n${again}`);
  return 0;
}

/** What was built and found; throws where it does not build, has another layout than was asked for, or has errors. */
function requireSound(
  build: ObservedBuild,
  draft: Draft,
  overlay: string,
  { layout }: Plan,
  io: Io,
): { surface: Surface; findings: readonly Finding[] } {
  const { manifests, calls, aside = '' } = build;
  io.stderr.write(draft.inPlace(aside));
  // What the function says is among the findings.
  if (!manifests) {
    io.stderr.write(draft.inPlace(messagesOf(build)));
    const fix = layout && !layout.component ? howToGet(layout.layout) : undefined;
    throw new CommandError(1, `${overlay} would not build: nothing was written`, fix);
  }
  const surface = surfaceOfBuild({ overlay, manifests, calls });
  const has = layoutOf(surface);
  if (layout && has !== layout.layout)
    throw new CommandError(
      1,
      `${overlay} would have the layout ${has}, not ${layout.layout}: nothing was written`,
      howToGet(layout.layout),
    );
  const result = runChecks(surface, saidIn(calls));
  const outcomes = [
    { input: { name: overlay, file: undefined, surface }, result, checklist: undefined },
  ];
  const form = { ...widthOf(io.stderr), verbose: true };
  if (result.findings.length > 0)
    io.stderr.write(draft.inPlace(toText(outcomes, colorsFor(io.stderr, io), form)));
  if (count(outcomes).errors > 0)
    throw new CommandError(1, `${overlay} would not pass its checks: nothing was written`);
  return { surface, findings: result.findings };
}

/** Asks until the name can be used. */
function askName(asker: Asker, cwd: string, folder: string): Promise<string> {
  return asker.text('Name of the environment', 'staging', (name) =>
    refusal(() => {
      requireEnvironmentName(name);
      requireFree(cwd, folder, name);
    }),
  );
}

/** The layout of a base; undefined where it does not build by itself. */
async function layoutIn(base: string, options: Options, io: Io): Promise<Layout | undefined> {
  const builder = await findBuilder(options, io);
  const { manifests } = await observe(builder, base, io);
  return manifests && layoutOf(surfaceOfBuild({ overlay: base, manifests, calls: [] }));
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
