/** `ma-overlays report`: one page about overlays, for a pull request. */
import type { Command } from 'commander';
import type { Finding } from '../checks/check.ts';
import { plural } from '../errors.ts';
import { canBeDrawn } from '../report/map/layout.ts';
import { drawMermaid } from '../report/map/mermaid.ts';
import { drawSvg } from '../report/map/svg.ts';
import {
  type BuiltOverlay,
  type OverlayReport,
  reportOn,
  surfaceOfBuild,
} from '../report/overlay-report.ts';
import { page } from '../report/page/page.ts';
import { buildAgainst } from './against.ts';
import { complaintsText } from './complaints.ts';
import { inParallel } from './in-parallel.ts';
import { CommandError, type ExitStatus, type Io, UsageError } from './io.ts';
import { addBuildOptions, type BuildOptions } from './kustomize/build-options.ts';
import { buildAll, complaintsOf, type ObservedBuild, writeAsides } from './observe.ts';
import { chosenOverlays } from './overlays.ts';
import { ALL, dirOption } from './overlays-folder.ts';
import { placeInSources } from './places/built-overlay.ts';
import { sayWritten } from './say-written.ts';
import { sinceOption, touchedSince } from './since.ts';
import { writeResult } from './write-result.ts';

type Format = 'html' | 'mermaid' | 'svg';

interface ReportOptions extends BuildOptions {
  all?: boolean;
  dir?: string;
  against?: string;
  since?: string;
  out?: string;
  format: Format;
}

const HELP = `
The page needs no network and has no script. Values inside Secrets are never shown.
render --help has the other flags of a build.
Findings are part of it and do not change the exit status: that is what check is for.

Example:
  ma-overlays report overlays/staging overlays/production --out report.html`;

/** Adds the verb to the program; `finish` gets its exit status. */
export function addReport(program: Command, io: Io, finish: (status: ExitStatus) => void): void {
  const command = program
    .command('report')
    .summary('make a page with the traffic map, findings and every change')
    .description('Makes one HTML page: traffic map, findings, and every change with its reason.')
    .argument('[overlay...]', 'folders with a kustomization.yaml, shown side by side')
    .option('--all', ALL)
    .addOption(dirOption())
    .option('--out <file>', 'write it there instead of on stdout')
    .addOption(sinceOption())
    .option('--against <state>', 'mark what differs from a git commit, or from another folder')
    .addOption(
      program
        .createOption('--format <format>', 'the page, or the map alone')
        .choices(['html', 'mermaid', 'svg'])
        .default('html'),
    )
    .addHelpText('after', HELP);
  addBuildOptions(command, true).action(async (overlays: string[], options: ReportOptions) => {
    finish(await report(overlays, options, io));
  });
}

/** Builds every overlay, then makes the page, or nothing where one cannot be built. */
async function report(
  words: readonly string[],
  { out, format, against, ...options }: ReportOptions,
  io: Io,
): Promise<ExitStatus> {
  const named = chosenOverlays(words, options, io.cwd);
  if (format === 'svg' && named.length > 1)
    throw new UsageError('an SVG file has one map', 'give one overlay, or --format html');
  if (against !== undefined && format !== 'html')
    throw new UsageError(
      '--against marks the page: it has no meaning for a map',
      'leave it out, or --format html',
    );
  const overlays = await touchedSince(named, options, io);
  if (overlays.length === 0) return 0;
  const builds = await buildAll(overlays, options, io);
  writeAsides(builds, io);
  const said = builds.map((build) => ({ ...build, complaints: complaintsOf(build) }));
  io.stderr.write(complaintsText(said));
  const built = builds.flatMap(({ manifests, ...build }) =>
    manifests ? { ...build, manifests } : [],
  );
  if (built.length < overlays.length) return 1;
  const others = against === undefined ? [] : await buildAgainst(against, overlays, options, io);
  const reports = reportOn(built, others);
  // The map alone has no findings.
  const shown = format === 'html' ? await placedIn(reports, built, io) : reports;
  const large = format === 'svg' && reports.find(({ map }) => !canBeDrawn(map));
  if (large)
    throw new CommandError(
      1,
      `the map of ${large.name} has ${large.map.nodes.length} boxes and ${large.map.links.length} links: too many for a picture`,
      '--format html has the links as a list',
    );
  const text = FORMATS[format](shown);
  if (out === undefined) io.stdout.write(text);
  else {
    await writeResult(out, text, io);
    sayWritten(`a report of ${plural(reports.length, 'overlay')}`, out, io);
  }
  return 0;
}

/** The same with files and lines at the findings. */
function placedIn(
  reports: readonly OverlayReport[],
  builds: readonly (ObservedBuild & BuiltOverlay)[],
  io: Io,
): Promise<OverlayReport[]> {
  return inParallel([...reports.entries()], async ([index, report]) => {
    const build = builds[index] as (typeof builds)[number];
    const { check, against } = report;
    const surface = surfaceOfBuild(build);
    const findings = await placeInSources(check.findings, { ...build, surface }, io);
    const placed = { ...report, check: { ...check, findings } };
    if (!against) return placed;
    const isFresh = (_: Finding, at: number) =>
      against.findings.fresh.has(check.findings[at] as Finding);
    const fresh = new Set(findings.filter(isFresh));
    return { ...placed, against: { ...against, findings: { ...against.findings, fresh } } };
  });
}

const FORMATS: Readonly<Record<Format, (reports: OverlayReport[]) => string>> = {
  html: page,
  mermaid: (reports) =>
    reports.map(({ map, name }) => drawMermaid(map, `Traffic of ${name}`)).join('\n'),
  svg: ([only]) =>
    only
      ? drawSvg(only.map, { title: `Traffic of ${only.name}`, id: 'map', standalone: true })
      : '',
};
