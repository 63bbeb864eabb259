/** `ma-overlays explain`: what the function changes in an overlay, and why. */

import type { Command } from 'commander';
import { publicHostsOf } from '../config/settings.ts';
import { printed, resourceLabel } from '../errors.ts';
import { jsonText } from '../foreign-text.ts';
import type { FunctionCall } from '../report/call.ts';
import { type Changes, changesOf, countChanges } from '../report/changes.ts';
import { clientSettings } from '../report/client-settings.ts';
import { compareChanges } from '../report/compare.ts';
import { groupChanges } from '../report/diff/group.ts';
import { resourceChanges } from '../report/diff/resource-changes.ts';
import { keepHost } from '../report/host-filter.ts';
import { manifestDiffs } from '../report/manifest-diff.ts';
import { type OtherState, surfaceOfBuild } from '../report/overlay-report.ts';
import { buildAgainst } from './against.ts';
import { colorsFor } from './colors.ts';
import { formatEntry } from './diff/text.ts';
import { formatComparison, summarizeComparison } from './explain-against.ts';
import { formatClients } from './explain-clients.ts';
import { formatChanges, formatDiff, summarize } from './explain-text.ts';
import { CommandError, type ExitStatus, type Io, UsageError } from './io.ts';
import { addBuildOptions, type BuildOptions } from './kustomize/build-options.ts';
import { buildAll, messagesOf, type ObservedBuild, writeAsides } from './observe.ts';
import { requireOverlay } from './overlays.ts';

interface ExplainOptions extends BuildOptions {
  against?: string;
  host?: string;
  diff?: boolean;
  clients?: boolean;
  format: 'text' | 'json';
}

const HELP = `
Values inside Secrets are never shown. render --help has the other flags of a build.

Example:
  ma-overlays explain overlays/production --host api.ml.example.com`;

/** Adds the verb to the program; `finish` gets its exit status. */
export function addExplain(program: Command, io: Io, finish: (status: ExitStatus) => void): void {
  const command = program
    .command('explain')
    .summary('print what is changed in an overlay, and why')
    .description(
      'Prints every change with its old value, its new value and the field it follows from.',
    )
    .argument('<overlay>', 'folder with a kustomization.yaml')
    .option('--host <name>', 'only changes whose new value has this host name')
    .option('--diff', 'a unified diff of the manifests instead of a list')
    .option('--against <state>', 'only what differs from a git commit, or from another folder')
    .option('--clients', 'what people set to reach it: ma CLI, Python SDK, identity provider')
    .addOption(
      program
        .createOption('--format <format>', 'how the list is printed')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText('after', HELP);
  addBuildOptions(command, true).action(async (overlay: string, options: ExplainOptions) => {
    finish(await explain(overlay, options, io));
  });
}

/** Builds the overlay and prints what its DomainConfigs changed, one after the other where there are several. */
async function explain(overlay: string, options: ExplainOptions, io: Io): Promise<ExitStatus> {
  requireFitting(options);
  requireOverlay(overlay, io.cwd);
  const [build] = await buildAll([overlay], options, io);
  if (!build) return 1;
  writeAsides([build], io);
  io.stderr.write(messagesOf(build));
  const { manifests, calls, kustomize } = build;
  if (!manifests) return 1;
  if (calls.length === 0)
    throw new CommandError(
      1,
      `${overlay} has no DomainConfig: kustomize built it without calling the function`,
      'name the file of a DomainConfig under `transformers:`, without an annotation config.kubernetes.io/function',
    );
  if (options.clients) return explainClients({ ...build, manifests }, options, io);
  const { host, against } = options;
  const changesIn = (call: FunctionCall) =>
    host === undefined ? changesOf(call) : keepHost(changesOf(call), host);
  if (against !== undefined) {
    const [state] = await buildAgainst(against, [overlay], options, io);
    return explainAgainst({ ...build, manifests }, state as OtherState, changesIn, options, io);
  }
  const explained = calls.map((call) => ({ call, changes: changesIn(call) }));
  const configs = explained.map(({ changes }) => changes);
  if (options.format === 'json') io.stdout.write(jsonText({ overlay, kustomize, configs }));
  else for (const one of explained) io.stdout.write(toText(overlay, one, options, io));
  return 0;
}

/** Options that do not go together. */
function requireFitting({ diff, format, clients, host, against }: ExplainOptions): void {
  if (diff && format === 'json')
    throw new UsageError('--diff is text: it has no --format json', 'leave one of them out');
  if (clients && (diff || (host ?? against) !== undefined))
    throw new UsageError(
      '--clients shows no changes: neither --host nor --diff nor --against goes with it',
      'leave one of them out',
    );
}

/** A build that went well. */
type Built = ObservedBuild & { manifests: Buffer };

/** What people set to reach what the overlay serves. */
function explainClients(
  { overlay, kustomize, manifests, calls }: Built,
  { format }: ExplainOptions,
  io: Io,
): ExitStatus {
  const surface = surfaceOfBuild({ overlay, manifests, calls });
  const clients = calls.flatMap(({ loaded: { settings } }) =>
    settings ? [clientSettings(settings, surface)] : [],
  );
  if (format === 'json') io.stdout.write(jsonText({ overlay, kustomize, clients }));
  else
    for (const one of clients)
      io.stdout.write(formatClients(overlay, one, colorsFor(io.stdout, io)));
  return 0;
}

/** What differs in what the function does; with `--diff`, in what comes out. */
function explainAgainst(
  { overlay, kustomize, manifests, calls }: Built,
  state: OtherState,
  changesIn: (call: FunctionCall) => Changes,
  { diff, format, host }: ExplainOptions,
  io: Io,
): ExitStatus {
  const colors = colorsFor(io.stdout, io);
  if (diff) {
    if (host !== undefined)
      throw new UsageError('--diff --against shows whole manifests: --host does not go with it');
    const there = { manifests: state.manifests ?? Buffer.alloc(0), calls: state.calls };
    const changes = resourceChanges(
      { ...there, settings: state.calls.at(-1)?.loaded.settings },
      { manifests, calls, settings: calls.at(-1)?.loaded.settings },
    );
    for (const entry of groupChanges([{ overlay, changes }]))
      io.stdout.write(formatEntry(entry, colors));
    return 0;
  }
  if (state.isRendered)
    throw new UsageError(
      `${state.name} is rendered: what the function did there is not seen any more`,
      'compare what came out: --diff',
    );
  const comparison = compareChanges(state.calls.map(changesIn), calls.map(changesIn));
  const text =
    format === 'json'
      ? jsonText({ overlay, kustomize, against: state.name, ...comparison })
      : `${printed(`${overlay} ${summarizeComparison(comparison, state.name)}`)}\n${formatComparison(comparison, colors)}`;
  io.stdout.write(text);
  return 0;
}

function toText(
  overlay: string,
  { call, changes }: { call: FunctionCall; changes: Changes },
  { host, diff }: ExplainOptions,
  io: Io,
): string {
  const colors = colorsFor(io.stdout, io);
  const about = host === undefined ? '' : ` with ${host}`;
  const what = `${overlay}, DomainConfig ${changes.config}: ${summarize(changes)}${about}`;
  const title = `${printed(what)}\n`;
  if (countChanges(changes) === 0) return title + hint(call, host);
  if (!diff) return title + formatChanges(changes, colors);
  const { changed, added, removed } = changes;
  const kept = new Set(
    [...changed, ...added, ...removed].map(({ resource }) => resourceLabel(resource)),
  );
  return manifestDiffs(call)
    .filter(({ labels }) => labels.some((label) => kept.has(label)))
    .map((one) => formatDiff(one, colors))
    .join('');
}

/** Which names would have found something. */
function hint({ loaded }: FunctionCall, host: string | undefined): string {
  if (host === undefined || !loaded.settings) return '';
  const hosts = publicHostsOf(loaded.settings);
  return `its public host names: ${hosts.map(({ host }) => host).join(', ')}\n`;
}
