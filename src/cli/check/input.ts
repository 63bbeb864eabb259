/** What `check` is given: overlays that it builds, files, standard input; each becomes a surface, or a reason why not. */
import { createReadStream } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { Finding } from '../../checks/check.ts';
import type { FindingCode } from '../../checks/shared/catalogue.ts';
import type { Problem } from '../../errors.ts';
import { splitDocuments } from '../../protocol/documents.ts';
import { readRegularFile } from '../../read-file.ts';
import { saidIn } from '../../report/call.ts';
import { surfaceOfBuild } from '../../report/overlay-report.ts';
import { type Surface, surfaceOf } from '../../surface/surface.ts';
import { descriptorOf } from '../descriptor.ts';
import type { Io } from '../io.ts';
import type { BuildOptions } from '../kustomize/build-options.ts';
import type { BuildProblem } from '../kustomize/build-problem.ts';
import type { Kustomize } from '../kustomize/find.ts';
import { pluginVersions } from '../kustomize/plugin-versions.ts';
import { buildAll, complaintsOf, type ObservedBuild, writeAsides } from '../observe.ts';
import { isOverlay, kustomizationIn, requireOverlay } from '../overlays.ts';
import { placeInSources } from '../places/built-overlay.ts';
import { placing } from '../places/given-files.ts';
import { recordOfRendered, renderedFiles } from '../render/read-rendered.ts';
import { type Record, readRecord } from '../render/record.ts';
import { touchedSince } from '../since.ts';
import { readStream } from './read-stream.ts';
import { noManifest, type SourceOptions, sourcesFor } from './sources.ts';

/** One argument of the command line, parsed. */
export interface CheckedInput {
  /** As it was given; `standard input` for `-`. */
  name: string;
  /** The file that an annotation points at; undefined for standard input. */
  file: string | undefined;
  /** Undefined where the overlay cannot be built. */
  surface: Surface | undefined;
  /** What the function and the build said of it; undefined where nobody saw them at work. */
  said?: readonly Problem<FindingCode>[];
  /** Gives a finding its file and line, where manifests came from files. */
  place?: (found: Finding) => Finding;
  /** The same of manifests that were built, at the price of another build where there is one to place. */
  placeBuilt?: (findings: readonly Finding[]) => Promise<Finding[]>;
  /** What an overlay was built with. */
  kustomize?: Kustomize;
}

/** Reads and builds everything. */
export async function readInputs(
  given: readonly string[],
  options: BuildOptions & SourceOptions,
  io: Io,
): Promise<CheckedInput[]> {
  const all = sourcesFor(given, options, io);
  const named = all.flatMap(({ word, kind }) => (kind === 'overlay' ? [word] : []));
  for (const overlay of named) requireOverlay(overlay, io.cwd);
  const overlays = await touchedSince(named, options, io);
  const sources = all.filter(({ word, kind }) => kind !== 'overlay' || overlays.includes(word));
  const builds = await buildAll(overlays, options, io);
  writeAsides(builds, io);
  const versions = pluginVersions(io.cwd);
  return Promise.all(
    sources.map(async ({ word, kind, files = [] }): Promise<CheckedInput> => {
      const path = resolve(io.cwd, word);
      switch (kind) {
        case 'stdin':
          return fromStream('standard input', io.stdin);
        case 'descriptor':
          return fromStream(word, descriptorStream(path, io));
        case 'file':
          return fromFile(word, path, io);
        case 'folder':
          return fromFolder(word, files, options, io);
        case 'rendered':
          return fromFiles(
            word,
            renderedFiles(path).map((name) => join(word, name)),
            dirname(path),
            io.cwd,
            recordOfRendered(path),
          );
        case 'overlay':
          return fromBuild(builds[overlays.indexOf(word)] as ObservedBuild, versions(word), io);
      }
    }),
  );
}

function descriptorStream(path: string, { stdin }: Io): Readable {
  const fd = descriptorOf(path);
  return fd === 0 ? stdin : createReadStream('', { fd });
}

async function fromStream(name: string, stream: Readable): Promise<CheckedInput> {
  const chunks = splitDocuments(await readStream(name, stream));
  return { name, file: undefined, surface: surfaceOf(chunks, { name }) };
}

/**
 * Files as one stream: what one of them names may stand in another.
 * @param within - what they may not lead out of
 * @param record - what was known where they were rendered
 */
function fromFiles(
  name: string,
  files: readonly string[],
  within: string | undefined,
  cwd: string,
  record?: Record,
): CheckedInput {
  const read = files.map((file) => {
    const bytes = readRegularFile(resolve(cwd, file), {
      shown: file,
      ...(within === undefined ? {} : { within }),
    });
    return { file, chunks: splitDocuments(bytes) };
  });
  const surface = surfaceOf(
    read.flatMap(({ chunks }) => chunks),
    { name, settings: record?.settings, cluster: record?.cluster },
  );
  const said = record ? { said: record.said } : {};
  return { name, file: undefined, surface, place: placing(read), ...said };
}

/** Files of an overlay that are no manifests, such as its config: what was meant is its folder. */
function fromFile(word: string, path: string, io: Io): CheckedInput {
  const input = fromFiles(word, [word], undefined, io.cwd);
  if (isOverlay(dirname(path)) && hasOnly(input, ['Kustomization', 'Component', 'DomainConfig']))
    requireOverlay(word, io.cwd);
  return { ...input, file: word };
}

/** Throws where nothing in it is a manifest, as in the top folder of a project. */
function fromFolder(
  word: string,
  files: readonly string[],
  options: SourceOptions,
  io: Io,
): CheckedInput {
  const path = resolve(io.cwd, word);
  const record = readRecord(path);
  const input = fromFiles(word, files, path, io.cwd, record);
  if (!record && hasOnly(input, [])) throw noManifest(word, files, options, io);
  return input;
}

/** Whether there is nothing of another kind in it, and all of it can be read. */
function hasOnly({ surface }: CheckedInput, kinds: readonly string[]): boolean {
  const { all = [], broken = [] } = surface?.manifests ?? {};
  return broken.length === 0 && all.every(({ kind }) => kinds.includes(kind));
}

/** @param versions - what is to be said of plugin homes beside it */
function fromBuild(build: ObservedBuild, versions: readonly BuildProblem[], io: Io): CheckedInput {
  const { overlay, manifests, cluster, calls, kustomize, problems } = build;
  const file = join(overlay, kustomizationIn(resolve(io.cwd, overlay)));
  const surface = manifests && surfaceOfBuild({ overlay, manifests, cluster, calls });
  return {
    name: overlay,
    file,
    surface,
    // Beside manifests, what is accepted is told apart with what was found in them.
    said: manifests ? [...problems, ...versions, ...saidIn(calls)] : complaintsOf(build),
    placeBuilt: (findings) => placeInSources(findings, { ...build, surface }, io),
    kustomize,
  };
}
