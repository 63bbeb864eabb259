/** What `verify` prints for people: a line for what is well, and everything that is known of what is not. */
import { printed } from '../../errors.ts';
import type { Colors } from '../colors.ts';
import { countLines, type Line, type Status } from './line.ts';

/** The widest status, so that the lines stand below each other. */
const WIDTH = 'not tried'.length;

const LABEL_WIDTH = 'by hand'.length;

/** How much is printed. */
export interface TextOptions {
  /** Everything of every line. */
  isVerbose: boolean;
  /** Seconds that it took. */
  seconds: number;
}

/** The whole output: lines below their groups, and a summary. */
export function toText(
  name: string,
  lines: readonly Line[],
  colors: Colors,
  options: TextOptions,
): string {
  const groups = [...new Set(lines.map(({ group }) => group))];
  const blocks = groups.map((group) => {
    const own = lines.filter((line) => line.group === group);
    return `${colors.bold(group)}\n${own.map((line) => textOf(line, colors, options.isVerbose)).join('')}`;
  });
  return `${blocks.join('\n')}\n${summaryOf(name, lines, options.seconds)}\n`;
}

function textOf(line: Line, colors: Colors, isVerbose: boolean): string {
  const { status, tried, came, means, command } = line;
  const row = (label: string, text: string) =>
    `${' '.repeat(WIDTH + 4)}${colors.dim(label.padEnd(LABEL_WIDTH))}  ${printed(text)}\n`;
  const title = `  ${paint(status, colors)}  ${printed(tried)}`;
  if (status === 'ok' && !isVerbose)
    return `${title}: ${printed(came)}\n${row('by hand', command)}`;
  if (status === 'not tried' && !isVerbose)
    return `${title}: ${printed(means)}\n${row('by hand', command)}`;
  return `${title}\n${row('came', came)}${row('means', means)}${row('by hand', command)}`;
}

function paint(status: Status, colors: Colors): string {
  const color = {
    ok: colors.green,
    failed: colors.red,
    warning: colors.yellow,
    'not tried': colors.cyan,
  }[status];
  return color(status.padEnd(WIDTH));
}

/** `overlays/production: 1 failed, 20 ok, 3 not tried (4.2 s)`: what was not looked at is never left out. */
export function summaryOf(name: string, lines: readonly Line[], seconds: number): string {
  const counts = countLines(lines);
  const words = [
    counts.failed > 0 && `${counts.failed} failed`,
    counts.warning > 0 && `${counts.warning} ${counts.warning === 1 ? 'warning' : 'warnings'}`,
    `${counts.ok} ok`,
    counts['not tried'] > 0 && `${counts['not tried']} not tried`,
  ].filter(Boolean);
  return `${printed(name)}: ${words.join(', ')} (${seconds.toFixed(1)} s)`;
}
