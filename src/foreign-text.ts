/**
 * Text that somebody else wrote (names, hosts, keys, values, paths), made fit for a terminal, a log and a shell. Everything that is
 * printed passes through here once; passing twice changes nothing.
 *
 * Escaped are characters that cannot be seen: control characters, with which a terminal is driven and lines are forged; marks of
 * direction and width; line and paragraph separators; halves of surrogate pairs. So are words that a CI runner takes for a command.
 */

const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const UNSEEN_IN_LINES = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * `##[error]`, `##vso[task…]`, `##teamcity[…]` anywhere in a line, and `::error::` at its beginning, behind space.
 *
 * Source: actions/runner, ActionCommand.cs; microsoft/azure-pipelines-agent, Command.cs; TeamCity's "Service Messages".
 */
const BRACKET_COMMAND = /##(?=\w*\[)/g;
const COLON_COMMAND = /^(\s*):(?=:.*::)/gm;

const SHORT_NAMES = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** On one line. */
export function onOneLine(text: string): string {
  return withoutCommands(text.replace(UNSEEN, escapeOf));
}

/** The same for text that has lines of its own; tabs stay. */
export function inLines(text: string): string {
  return withoutCommands(text.replace(UNSEEN_IN_LINES, escapeOf));
}

/** JSON text that means the same; its strings may hold anything. */
export function inJson(text: string): string {
  const units = (character: string) =>
    Array.from({ length: character.length }, (_, at) => hex(character.charCodeAt(at))).join('');
  return text.replace(UNSEEN_IN_LINES, units).replace(/##(?=\w*\[)/g, '#\\u0023');
}

/** A value as indented JSON, with a line end. */
export function jsonText(value: unknown): string {
  return inJson(`${JSON.stringify(value, null, 2)}\n`);
}

function withoutCommands(text: string): string {
  return text.replace(BRACKET_COMMAND, '#\\u0023').replace(COLON_COMMAND, '$1\\u003a');
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return SHORT_NAMES.get(character) ?? (code > 0xffff ? `\\u{${code.toString(16)}}` : hex(code));
}

function hex(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

/** A word of a command that is printed, as a POSIX shell reads it back; only what cannot be printed is not what it was. */
export function shellWord(text: string): string {
  const word = onOneLine(text);
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
