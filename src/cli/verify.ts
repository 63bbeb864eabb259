/** `ma-overlays verify`: the live environment, side by side with what the overlay says. */
import { type Command, Option } from 'commander';
import { runChecks } from '../checks/index.ts';
import { checklistOf } from '../checks/shared/checklist.ts';
import type { Surface } from '../surface/surface.ts';
import { type CheckedInput, readInputs } from './check/input.ts';
import { colorsFor } from './colors.ts';
import { CommandError, collect, type ExitStatus, type Io, UsageError } from './io.ts';
import { addBuildOptions, type BuildOptions } from './kustomize/build-options.ts';
import { docsPath } from './package-root.ts';
import { progressOn } from './progress.ts';
import { readAuthorities } from './verify/authorities.ts';
import { checklistText, liveChecklist } from './verify/checklist.ts';
import { clustersOf } from './verify/compute-lines.ts';
import { toJson } from './verify/json.ts';
import { Kubectl } from './verify/kubectl.ts';
import { countLines, type Line } from './verify/line.ts';
import { type Clusters, planFor } from './verify/plan.ts';
import { runProbes } from './verify/run-probes.ts';
import { targetsOf } from './verify/targets.ts';
import { summaryOf, toText } from './verify/text.ts';
import { readWays } from './verify/ways.ts';

interface VerifyOptions extends BuildOptions {
  resolve?: string[];
  connectTo?: string[];
  ca?: string;
  context?: string;
  kubeconfig?: string;
  computeContext?: string[];
  computeKubeconfig?: string[];
  allowDebugContainers?: boolean;
  debugImage: string;
  checklist?: boolean;
  json?: boolean;
}

/** Everything together, the build of the overlay included. */
const DEFAULT_SECONDS = 120;

/** One line of them. */
const LONGEST_STEP = 10;

/** Lines wait for each other: the address, the connection, the call. */
const STEPS = 4;

/** Each may be a kubectl. */
const AT_ONCE = 8;

const help = (docs: string) => `
It changes nothing: ${docs}/verify.md says what it sends.

Example:
  ma-overlays verify overlays/production --context prod --resolve app.ml.example.com:203.0.113.7

Exit status: 0 nothing failed, 1 something failed, 2 wrong usage.`;

/** Adds the verb to the program; `finish` gets its exit status. */
export function addVerify(program: Command, io: Io, finish: (status: ExitStatus) => void): void {
  const command = program
    .command('verify')
    .summary('look at the live environment beside the overlay')
    .description(
      'Looks at the live environment of an overlay, a rendered folder or a file, and says where it differs.',
    )
    .argument('<input>')
    .option('--resolve <host:address>', 'an address in place of DNS, as curl takes it', collect)
    .option('--connect-to <h:p:h2:p2>', 'another address and port, as curl takes it', collect)
    .option('--ca <file>', 'certificates of authorities that are trusted too')
    .option('--context <name>', "the cluster's context; default is kubectl's own")
    .option('--kubeconfig <file>', "the cluster's kubeconfig")
    .option('--compute-context <name=context>', 'the same of a compute cluster', collect)
    .option('--compute-kubeconfig <name=file>', 'the same of a compute cluster', collect)
    .option('--allow-debug-containers', 'let pods without curl get an ephemeral container')
    .addOption(
      new Option('--debug-image <image>', 'its image').default('curlimages/curl').hideHelp(),
    )
    .option('--checklist', "the guide's nine items, as checks and live lines answer them")
    .option('--json', 'for programs')
    .addHelpText('after', () => help(docsPath(io.cwd)));
  addBuildOptions(command, true);
  const timeout = command.options.find(({ long }) => long === '--timeout');
  if (timeout) {
    timeout.hidden = false;
    timeout.description = `the longest that all of it may take; default ${DEFAULT_SECONDS}`;
  }
  command.action(async (input: string, options: VerifyOptions) => {
    finish(await verify(input, options, io));
  });
}

async function verify(word: string, options: VerifyOptions, io: Io): Promise<ExitStatus> {
  const start = Date.now();
  const seconds = options.timeout ?? DEFAULT_SECONDS;
  const ways = readWays(options.resolve, options.connectTo);
  const authorities = readAuthorities(options.ca, io.cwd);
  const clusters = clustersFrom(options, io);
  const [input, ...more] = await readInputs([word], { ...options, timeout: seconds }, io);
  if (!input || more.length > 0)
    throw new UsageError(`${word} has several environments`, 'name one of them');
  const surface = surfaceIn(input);
  requireKnown(clusters.named, surface);
  const look = { surface, targets: targetsOf(surface), ways, caFile: options.ca, authorities, io };
  const plan = planFor(look, clusters);
  const progress = progressOn(io.stderr);
  const lines = await runProbes(
    plan,
    {
      end: start + seconds * 1000,
      stepSeconds: Math.min(LONGEST_STEP, seconds / STEPS),
      atOnce: AT_ONCE,
    },
    (done) => progress.show(`${done} of ${plan.length} lines`),
  );
  progress.clear();
  print(input, lines, (Date.now() - start) / 1000, options, io);
  return countLines(lines).failed > 0 ? 1 : 0;
}

/** What was built, or throws with what `check` says of it. */
function surfaceIn({ name, surface, said = [] }: CheckedInput) {
  if (surface) return surface;
  const [first] = said.filter(({ severity }) => severity === 'error');
  throw new CommandError(
    1,
    `${name} cannot be built${first ? `: ${first.message}` : ''}`,
    `fix what \`ma-overlays check ${name}\` says`,
  );
}

function print(
  { name, surface, said }: CheckedInput,
  lines: readonly Line[],
  seconds: number,
  { checklist, json, verbose = false }: VerifyOptions,
  io: Io,
): void {
  const items =
    checklist && surface
      ? liveChecklist(checklistOf(surface, runChecks(surface, said)), lines)
      : undefined;
  const colors = colorsFor(io.stdout, io);
  if (json) io.stdout.write(toJson(name, lines, seconds, items));
  else if (items)
    io.stdout.write(`${checklistText(items, colors)}\n${summaryOf(name, lines, seconds)}\n`);
  else io.stdout.write(toText(name, lines, colors, { isVerbose: verbose, seconds }));
}

function clustersFrom(options: VerifyOptions, io: Io): Clusters {
  const contexts = pairsOf('--compute-context', options.computeContext);
  const kubeconfigs = pairsOf('--compute-kubeconfig', options.computeKubeconfig);
  const { context, kubeconfig, debugImage: image } = options;
  return {
    own: new Kubectl({ context, kubeconfig }, io),
    compute: (name) =>
      new Kubectl({ context: contexts.get(name), kubeconfig: kubeconfigs.get(name) }, io),
    named: new Set([...contexts.keys(), ...kubeconfigs.keys()]),
    debug: { isAllowed: options.allowDebugContainers === true, image },
  };
}

/** `gpu=FILE`, each name once. */
function pairsOf(flag: string, words: readonly string[] = []): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const word of words) {
    const [, name = '', value = ''] = /^([^=]+)=(.+)$/.exec(word) ?? [];
    if (name === '')
      throw new UsageError(
        `${flag} ${word} is not NAME=VALUE`,
        'write for instance gpu=…, with the name of a compute cluster',
      );
    if (pairs.has(name)) throw new UsageError(`${flag} names ${name} twice`);
    pairs.set(name, value);
  }
  return pairs;
}

/** A name that was misspelled would leave its cluster unseen. */
function requireKnown(named: ReadonlySet<string>, surface: Surface): void {
  const known = clustersOf(surface).map(({ name }) => name);
  for (const name of named)
    if (!known.includes(name))
      throw new UsageError(
        `${surface.name} has no compute cluster ${name}`,
        known.length > 0 ? `name one of: ${known.join(', ')}` : 'it names none: leave the flag out',
      );
}
