/** What `check` prints for people: a group for each code, a line for each place, one line of summary at the end. */
import type { Finding } from '../../checks/check.ts';
import { CATALOGUE } from '../../checks/shared/catalogue.ts';
import type { ChecklistLine } from '../../checks/shared/checklist.ts';
import { fileOf, placeOf, printed } from '../../errors.ts';
import { type Colors, NO_COLORS } from '../colors.ts';
import { type Group, groupsOf, type Outcome, summaryOf } from './outcome.ts';
import { cutEnd, cutMiddle, rowsOf } from './width.ts';

interface TextOptions {
  /** Columns of the screen. */
  width?: number;
  /** Why and how to fix, however many findings there are. */
  verbose?: boolean;
}

/** How much is said of a code besides what and where. */
type Detail = (typeof DETAILS)[number];

/** With `brief` warnings have no line for their places. */
const DETAILS = ['all', 'fix', 'places', 'brief'] as const;

/** What people see at a glance. */
const SCREEN_ROWS = 50;
const DEFAULT_WIDTH = 100;

/** How many places of one code are listed; the others are counted. */
const MOST_PLACES = 20;

const HINTS: Readonly<Record<Detail, string>> = {
  all: '',
  fix: ' (why: --verbose, or --explain CODE)',
  places: ' (how to fix: --verbose, or --explain CODE)',
  brief: ' (how to fix: --verbose, or --explain CODE)',
};

/** A sound input has the line of the summary alone; many findings have fewer words each, so that they stay on one screen. */
export function toText(
  outcomes: readonly Outcome[],
  colors: Colors,
  { width = DEFAULT_WIDTH, verbose = false }: TextOptions = {},
): string {
  const fits = (detail: Detail) => {
    const lines = linesOf(outcomes, { detail, width, colors: NO_COLORS });
    return lines.reduce((sum, line) => sum + rowsOf(line, width), 0) <= SCREEN_ROWS;
  };
  const detail = verbose ? 'all' : (DETAILS.find(fits) ?? 'places');
  return linesOf(outcomes, { detail, width, colors })
    .map((line) => `${line}\n`)
    .join('');
}

interface Style {
  /** The input that is printed: its name is not said in each short line again. */
  input?: string;
  detail: Detail;
  width: number;
  colors: Colors;
}

function linesOf(outcomes: readonly Outcome[], style: Style): string[] {
  const gap = isShort(style) ? [] : [''];
  const lines = outcomes.flatMap(({ input, result, checklist }) => {
    const groups = groupsOf(result.findings).map((group) =>
      linesOfGroup(group, { ...style, input: input.name }),
    );
    const items = (checklist ?? []).map((line) => lineOfItem(line, style));
    const blocks = [...groups, ...(items.length > 0 ? [items] : [])];
    const isTitled = outcomes.length > 1 && blocks.length > 0;
    const title = cutMiddle(`${printed(input.name)}:`, style.width);
    return [
      ...(isTitled ? [style.colors.bold(title)] : []),
      ...blocks.flatMap((block) => [...block, ...gap]),
    ];
  });
  const hasFindings = outcomes.some(({ result }) => result.findings.length > 0);
  const hint = hasFindings ? HINTS[style.detail] : '';
  const summary = cutMiddle(printed(summaryOf(outcomes)), style.width - hint.length);
  return [...lines, `${summary}${hint}`];
}

function isShort({ detail }: Style): boolean {
  return detail === 'places' || detail === 'brief';
}

function linesOfGroup({ code, severity, findings }: Group, style: Style): string[] {
  const { detail, width, colors } = style;
  const [first] = findings;
  const isSame = findings.every(({ message }) => message === first.message);
  const isOneFix = findings.every(({ fix }) => fix === first.fix);
  const { title, why } = CATALOGUE[code];
  const places = findings.length > 1 ? ` (${findings.length} places)` : '';
  const frame = `${severity}:  [${code}]`.length;
  const what = printed(`${isSame ? first.message : title}${places}`);
  const paint = severity === 'error' ? colors.red : colors.yellow;
  const heading = `${paint(`${severity}:`)} ${isShort(style) ? cutEnd(what, width - frame) : what} ${colors.dim(`[${code}]`)}`;
  if (detail === 'brief' && severity === 'warning') return [heading];
  const listed = findings.slice(0, MOST_PLACES);
  const left = findings.length - listed.length;
  const fix = (found: Finding, indent: string) =>
    isShort(style) || !found.fix ? [] : [`${indent}${colors.dim('fix')}  ${printed(found.fix)}`];
  return [
    heading,
    ...listed.flatMap((found) => [
      ...linesOfPlace(found, isSame, style),
      ...(isOneFix ? [] : fix(found, '    ')),
    ]),
    ...(left > 0 ? [`  and ${left} more: --format json has them all`] : []),
    ...(detail === 'all' ? [`  ${colors.dim('why')}  ${why}`] : []),
    ...(isOneFix ? fix(first, '  ') : []),
  ];
}

/** Where, what exactly where the heading does not say it, and what was found and expected instead. */
function linesOfPlace(found: Finding, isSame: boolean, style: Style): string[] {
  const { width, colors } = style;
  const room = width - 2;
  const where = placeIn(isShort(style) && found.file === style.input ? onLine(found) : found, room);
  if (isShort(style)) {
    if (!isSame) return [`  ${withRest(where, printed(found.message), room)}`];
    const fix = `  fix: ${printed(found.fix)}`;
    const hasRoom = found.fix && where.length + fix.length <= room;
    return where === '' ? [] : [`  ${where}${hasRoom ? colors.dim(fix) : ''}`];
  }
  const what = isSame ? where : [where, printed(found.message)].filter(Boolean).join(': ');
  const row = (label: string, text?: string) =>
    text === undefined ? [] : [`    ${colors.dim(label)}  ${printed(text)}`];
  return [
    ...(what === '' ? [] : [`  ${what}`]),
    ...row('found', found.found),
    ...row('expected', found.expected),
    ...(found.example?.split('\n').map((line) => `      ${line}`) ?? []),
  ];
}

function onLine({ line, column: _, file: __, ...found }: Finding): Finding {
  return line === undefined ? found : { ...found, file: `line ${line}` };
}

/** File, resources, and the path in the first, of which the middle goes before anything else. */
function placeIn(found: Finding, room: number): string {
  const { path, ...whole } = found;
  const owner = printed([fileOf(whole), placeOf(whole)].filter(Boolean).join(', '));
  if (path === undefined) return cutMiddle(owner, room);
  if (owner === '') return cutMiddle(printed(path), room);
  const place = `${owner}, ${printed(path)}`;
  if (place.length <= room) return place;
  const start = cutMiddle(`${owner}, `, Math.floor(room * 0.65));
  return `${start}${cutMiddle(printed(path), room - start.length)}`;
}

/** Half a sentence says nothing: where a place leaves no room for some words, it stands alone. */
function withRest(where: string, message: string, room: number): string {
  if (where === '') return cutEnd(message, room);
  return room - where.length < 25 ? where : cutEnd(`${where}: ${message}`, room);
}

/** The widest state, so that the items stand below each other. */
const STATE_WIDTH = 'cannot be seen here'.length;

function lineOfItem({ number, item, state, because }: ChecklistLine, { colors }: Style): string {
  const paint = { pass: colors.green, fail: colors.red, 'cannot be seen here': colors.yellow }[
    state
  ];
  return `${number}  ${paint(state.padEnd(STATE_WIDTH))}  ${item}: ${printed(because)}`;
}
