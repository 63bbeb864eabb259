/** Envoy's own verdict on the bootstraps of a stream. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import type { Finding } from '../../checks/check.ts';
import { finding } from '../../checks/shared/catalogue.ts';
import { printed } from '../../errors.ts';
import { isTemplated } from '../../net/addresses.ts';
import { type Bootstrap, envoyBootstraps } from '../../surface/envoy-bootstraps.ts';
import type { Surface } from '../../surface/surface.ts';
import { stringAt } from '../../yaml/json.ts';
import type { Io } from '../io.ts';
import { runProgram } from '../kustomize/program.ts';
import { inTemporaryFolder, temporaryParent } from '../kustomize/temporary-folder.ts';
import type { Envoy } from './find-envoy.ts';
import { type Staged, stage } from './stage.ts';
import { wordsOfRefusal } from './words.ts';

/** How long Envoy may look at one bootstrap, in seconds. */
const SECONDS = 30;

/** What Envoy says of one bootstrap: why it refuses it, or why it could not be asked; undefined where it takes it. */
interface Answer {
  refusal?: string;
  unasked?: string;
  leftOut: readonly string[];
}

/** Asks it of every bootstrap, the same one once, several at a time. What it was asked without is said on standard error. */
export async function verdictsOf(
  surfaces: readonly Surface[],
  envoy: Envoy,
  io: Io,
): Promise<Map<Surface, Finding[]>> {
  const open = surfaces.flatMap((surface) =>
    envoyBootstraps(surface).map((bootstrap) => ({ surface, bootstrap })),
  );
  const found = new Map(surfaces.map((surface): [Surface, Finding[]] => [surface, []]));
  if (open.length === 0) return found;
  const asked = new Map<string, Promise<Answer>>();
  const answers = new Map<Bootstrap, Answer>();
  await inTemporaryFolder(temporaryParent(io), io, async (parent) => {
    const rest = [...open.entries()];
    const work = async () => {
      for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
        const [index, { surface, bootstrap }] = next;
        const folder = join(parent, String(index));
        const staged = stage(bootstrap, surface, folder);
        if (!staged) {
          answers.set(bootstrap, {
            unasked: 'it needs a file that is not here, or runs a program',
            leftOut: [],
          });
          continue;
        }
        const same = identityOf(staged, folder);
        const answer = asked.get(same) ?? ask(staged, folder, envoy, io);
        asked.set(same, answer);
        answers.set(bootstrap, await answer);
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, work));
  });
  for (const { surface, bootstrap } of open) {
    const answer = answers.get(bootstrap);
    if (!answer) continue;
    if (answer.refusal !== undefined)
      found.get(surface)?.push(refused(answer.refusal, bootstrap, envoy));
    for (const line of notesOn(answer, bootstrap, surface)) io.stderr.write(line);
  }
  return found;
}

function identityOf(staged: Staged, folder: string): string {
  const { name, text, files, words, variables, leftOut } = staged;
  const contents = [...files].map(([path, content]) => [path, content?.toString('base64')]);
  return JSON.stringify([name, text, contents, words, variables, leftOut]).replaceAll(folder, '');
}

async function ask(staged: Staged, folder: string, envoy: Envoy, io: Io): Promise<Answer> {
  const { leftOut, secrets } = staged;
  for (const [path, content] of staged.files) {
    const place = folder + path;
    mkdirSync(content ? dirname(place) : place, { recursive: true, mode: 0o700 });
    if (content) writeFileSync(place, content, { mode: 0o600 });
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const config = join(folder, staged.name);
  writeFileSync(config, staged.text, { mode: 0o600 });
  const words = [
    ...['--mode', 'validate', '--log-level', 'critical', '--log-format', '%v'],
    ...['--config-path', config, ...staged.words],
  ];
  const env = { PATH: io.env.PATH, HOME: folder, TMPDIR: folder, ...staged.variables };
  const result = await runProgram({ command: envoy.command, words, env, seconds: SECONDS }, io);
  if (result.stdout !== undefined) return { leftOut };
  if (!/^failed with status/.test(result.complaint))
    return { unasked: `Envoy ${result.complaint}`, leftOut };
  const refusal = wordsOfRefusal(result.stderr, folder, secrets);
  if (isTemplated(staged.text))
    return { unasked: 'it has variables that are filled in when its pods start', leftOut };
  if (ABOUT_FILES.test(refusal) && !isOfPods(refusal, staged))
    return { unasked: `it needs a file that is not here: ${refusal}`, leftOut };
  return { refusal, leftOut };
}

const ABOUT_FILES =
  /invalid path|no such file|unable to (?:open|read|add filesystem watch)|failed to load|existing path/i;

/** Whether it is about a file of the stream, or one that the pods will not have either. */
function isOfPods(refusal: string, { files, missing }: Staged): boolean {
  return [...files.keys(), ...missing].some((path) => refusal.includes(path));
}

function refused(refusal: string, { target, reader }: Bootstrap, envoy: Envoy): Finding {
  const { resource, key } = target;
  const image = stringAt(reader?.container, ['image']);
  const doubt = isUpToImage(refusal, image, envoy)
    ? `; ${image === '' ? 'the image of its pods' : image} may read it another way`
    : '';
  return finding('envoy-verdict', {
    resource,
    path: `data[${key}]`,
    severity: doubt ? 'warning' : undefined,
    message: `Envoy ${envoy.version} refuses ${key}: ${refusal}${doubt}`,
  });
}

/** What one version, or one build, of Envoy knows and another does not. */
function isUpToImage(refusal: string, image: string, { version }: Envoy): boolean {
  const own = minorOf(version);
  const other = minorOf(/:v?(\d+\.\d+)/.exec(image)?.[1] ?? '');
  if (other !== undefined && own === other && !/contrib/.test(image)) return false;
  if (/deprecated|registered implementation/i.test(refusal)) return true;
  const isOlder = own !== undefined && other !== undefined && own < other;
  if (!/unknown fields|no such field|unknown enum|could not find @type/.test(refusal)) return false;
  // Fields of API v3 stay; extensions come and go, and some are in the contrib image alone.
  return (
    isOlder || /could not find @type '[^']*(?:alpha|opencensus|golang|\.wasm\.)/i.test(refusal)
  );
}

function minorOf(version: string): number | undefined {
  const [, minor] = /^1\.(\d+)/.exec(version) ?? [];
  return minor === undefined ? undefined : Number(minor);
}

function* notesOn({ unasked, leftOut }: Answer, { target }: Bootstrap, surface: Surface) {
  const { resource, key } = target;
  const where = printed(`${surface.name}: ${key} of ConfigMap ${resource.name}`);
  if (unasked !== undefined) yield `note: ${where}: no verdict of Envoy: ${printed(unasked)}\n`;
  if (leftOut.length > 0)
    yield `note: ${where}: Envoy looked at it without ${printed(leftOut.join(', '))}\n`;
}
