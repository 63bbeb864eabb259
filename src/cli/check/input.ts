/** What `check` is given: overlays that it builds, files, standard input; each becomes a view, or a reason why not. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { formatProblems } from '../../errors.ts';
import { splitDocuments } from '../../protocol/documents.ts';
import { hasErrors } from '../../run.ts';
import { type Surface, surfaceOf } from '../../surface/surface.ts';
import { buildObserved } from '../function-calls.ts';
import { unwrapFunctionErrors } from '../function-errors.ts';
import { CommandError, type Io } from '../io.ts';
import { findKustomize, findPluginHome, type Kustomize } from '../kustomize.ts';
import { isOverlay, requireOverlay } from '../overlays.ts';
import { readRendered, renderedFolders } from '../render-folder.ts';

export interface InputOptions {
  kustomize?: string;
  pluginHome?: string;
}

/** One argument of the command line, parsed. */
export interface CheckedInput {
  /** As it was given; `standard input` for `-`. */
  name: string;
  /** The file that an annotation points at; undefined for standard input. */
  file: string | undefined;
  /** Undefined where the overlay cannot be built. */
  view: Surface | undefined;
}

const STDIN = '-';

/** Reads and builds everything; what cannot be built is said on stderr. */
export async function readInputs(
  given: readonly string[],
  options: InputOptions,
  io: Io,
): Promise<CheckedInput[]> {
  const words = given.flatMap((word) => {
    const rendered = renderedOf(word, io);
    return rendered.length > 0 ? rendered : [word];
  });
  refuseMistakes(words, io);
  const isOverlayWord = (word: string) =>
    word !== STDIN && !isFile(word, io) && renderedOf(word, io).length === 0;
  const folders = words.filter(isOverlayWord);
  const kustomize = folders.length > 0 ? await findKustomize(options.kustomize, io) : undefined;
  const pluginHome = folders.length > 0 ? findPluginHome(options.pluginHome, io) : '';
  const inputs: CheckedInput[] = [];
  for (const word of words) {
    if (word === STDIN) inputs.push(fromBytes('standard input', undefined, await readAll(io)));
    else if (isFile(word, io))
      inputs.push(fromBytes(word, word, readFileSync(resolve(io.cwd, word))));
    else if (!folders.includes(word))
      inputs.push(fromBytes(word, undefined, readRendered(resolve(io.cwd, word))));
    else if (kustomize) inputs.push(await fromOverlay(word, kustomize, pluginHome, words, io));
  }
  return inputs;
}

function refuseMistakes(words: readonly string[], io: Io): void {
  const twice = words.find((word, position) => words.indexOf(word) !== position);
  if (twice !== undefined)
    throw new CommandError(2, `${twice} is given twice`, 'name everything once');
  for (const word of words) {
    // A kustomization is no manifest: what was meant is its folder.
    const isManifest = isFile(word, io) && !/^kustomization(\.ya?ml)?$/i.test(basename(word));
    if (word !== STDIN && !isManifest && renderedOf(word, io).length === 0)
      requireOverlay(word, io.cwd);
  }
}

/** The folders of `render --out` that a word stands for; none for anything else. */
function renderedOf(word: string, io: Io): string[] {
  const isOther = word === STDIN || isFile(word, io) || isOverlay(resolve(io.cwd, word));
  return isOther ? [] : renderedFolders(word, io.cwd);
}

function isFile(word: string, io: Io): boolean {
  const path = resolve(io.cwd, word);
  return existsSync(path) && !statSync(path).isDirectory();
}

function fromBytes(name: string, file: string | undefined, bytes: Buffer): CheckedInput {
  return { name, file, view: surfaceOf(splitDocuments(bytes), { name }) };
}

async function readAll(io: Io): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of io.stdin) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

async function fromOverlay(
  overlay: string,
  kustomize: Kustomize,
  pluginHome: string,
  words: readonly string[],
  io: Io,
): Promise<CheckedInput> {
  const build = await buildObserved(kustomize, overlay, pluginHome, io);
  const problems = build.calls.flatMap(({ result }) => result.problems);
  const input = { name: overlay, file: `${overlay.replace(/\/+$/, '')}/kustomization.yaml` };
  if (!build.succeeded) {
    const title = words.length > 1 ? `${overlay}:\n` : '';
    const text = hasErrors(problems)
      ? formatProblems(problems)
      : unwrapFunctionErrors(build.stderr);
    io.stderr.write(title + text);
    return { ...input, view: undefined };
  }
  // Of several DomainConfigs the last one has the last word.
  const settings = build.calls.at(-1)?.loaded.settings;
  const chunks = splitDocuments(Buffer.from(build.stdout));
  return { ...input, view: surfaceOf(chunks, { name: overlay, settings }) };
}
