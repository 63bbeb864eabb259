/** The forms in which `check` prints, under the names that `--format` has for them. */
import { colorsFor } from '../colors.ts';
import type { Io } from '../io.ts';
import { toGithub } from './github.ts';
import { toGitlab } from './gitlab.ts';
import { toJson } from './json.ts';
import { toJunit } from './junit.ts';
import { toMarkdown } from './markdown.ts';
import type { Outcome } from './outcome.ts';
import { toSarif } from './sarif.ts';
import { toText } from './text.ts';
import { widthOf } from './width.ts';

/** Names of `--format`; `text` is for people, and the one that is taken where nothing is said. */
export const FORMATS = ['text', 'json', 'github', 'gitlab', 'sarif', 'junit', 'markdown'] as const;

/** One of these names. */
export type Format = (typeof FORMATS)[number];

/** Reports of findings alone have no place for the checklist. */
export const WITHOUT_CHECKLIST: readonly Format[] = ['gitlab', 'sarif'];

interface PrintOptions {
  format: Format;
  strict?: boolean;
  verbose?: boolean;
}

/** The whole output of `check` in one of the forms. Colours and line width are those of `stdout`, for `text` alone. */
export function print(
  outcomes: readonly Outcome[],
  { format, strict = false, verbose = false }: PrintOptions,
  io: Io,
): string {
  const printers: Readonly<Record<Format, () => string>> = {
    text: () => toText(outcomes, colorsFor(io.stdout, io), { ...widthOf(io.stdout), verbose }),
    json: () => toJson(outcomes),
    github: () => toGithub(outcomes, io.cwd),
    gitlab: () => toGitlab(outcomes, io.cwd),
    sarif: () => toSarif(outcomes, io.cwd),
    junit: () => toJunit(outcomes, strict),
    markdown: () => toMarkdown(outcomes),
  };
  return printers[format]();
}
