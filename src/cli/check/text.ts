/** What `check` prints for people: a group for each code, a line for each place, one line of summary at the end. */
import type { Finding } from '../../checks/check.ts';
import { CATALOGUE } from '../../checks/shared/catalogue.ts';
import type { ChecklistLine } from '../../checks/shared/checklist.ts';
import { fileOf, placeOf, printed } from '../../errors.ts';
import type { Severity } from '../../surface/faults/fault.ts';
import { type Colors, NO_COLORS } from '../colors.ts';
import { type Group, groupsOf, type Outcome, summaryOf } from './outcome.ts';
import { cutEnd, cutMiddle, rowsOf } from './width.ts';

interface TextOptions {
  /** Columns of the screen; undefined where there is none, and nothing is cut. */
  width?: number;
  /** Why and how to fix, however many findings there are. */
  verbose?: boolean;
}

/** How much is said of a code; each has its first place. */
interface Detail {
  why: boolean;
  /** One line of the screen for what, and for each place; no blank lines, and not what was found and expected. */
  short: boolean;
  /** How to fix it: on a line of its own, or behind a place that leaves room for it. */
  fix: 'line' | 'beside';
  /** How many places are listed; the others are counted. */
  places: number;
  /** What has one line, with its place in it. */
  oneLine: readonly Severity[];
}

const ALL: Detail = { why: true, short: false, fix: 'line', places: 20, oneLine: [] };
const SHORT: Detail = { ...ALL, why: false, short: true };
const PLACES: Detail = { ...SHORT, fix: 'beside' };
const ERRORS: Detail = { ...PLACES, oneLine: ['warning'] };
const LEAST: Detail = { ...ERRORS, places: 1, oneLine: ['error', 'warning'] };

/** What goes first is what people can do without: reasons, then words, then further places: of warnings, then of errors. */
const DETAILS: readonly Detail[] = [
  ALL,
  { ...ALL, why: false },
  SHORT,
  PLACES,
  ERRORS,
  { ...ERRORS, places: 3 },
  { ...ERRORS, places: 1 },
  LEAST,
];

/** What people see at a glance. */
const SCREEN_ROWS = 50;

/** A sound input has the line of the summary alone; many findings have fewer words each, so that they stay on one screen. */
export function toText(
  outcomes: readonly Outcome[],
  colors: Colors,
  { width = Number.POSITIVE_INFINITY, verbose = false }: TextOptions = {},
): string {
  const fits = (detail: Detail) => {
    const lines = linesOf(outcomes, { detail, width, colors: NO_COLORS });
    return lines.reduce((sum, line) => sum + rowsOf(line, width), 0) <= SCREEN_ROWS;
  };
  const detail = verbose ? ALL : (DETAILS.find(fits) ?? LEAST);
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
  const hint = hasFindings ? hintOf(style.detail) : '';
  const summary = cutMiddle(printed(summaryOf(outcomes)), style.width - hint.length);
  return [...lines, `${summary}${hint}`];
}

function hintOf({ why, short }: Detail): string {
  if (why) return '';
  return ` (${short ? 'more' : 'why'}: --verbose, or --explain CODE)`;
}

function isShort({ detail }: Style): boolean {
  return detail.short;
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
  const heading = (text: string) =>
    `${paint(`${severity}:`)} ${isShort(style) ? cutEnd(text, width - frame) : text} ${colors.dim(`[${code}]`)}`;
  if (detail.oneLine.includes(severity)) {
    const where = placeIn(inInput(first, style), Math.floor((width - frame) * 0.5));
    return [heading([where, what].filter(Boolean).join(': '))];
  }
  const listed = findings.slice(0, detail.places);
  const left = findings.length - listed.length;
  const fix = (found: Finding, indent: string) =>
    detail.fix === 'beside' || !found.fix
      ? []
      : [`${indent}${colors.dim('fix')}  ${printed(found.fix)}`];
  return [
    heading(what),
    ...listed.flatMap((found, index) => [
      ...linesOfPlace(found, { isSame, hasFix: !isOneFix || index === 0 }, style),
      ...(isOneFix ? [] : fix(found, '    ')),
    ]),
    ...(left > 0 && detail.places > 1 ? [`  and ${left} more: --format json has them all`] : []),
    ...(detail.why ? [`  ${colors.dim('why')}  ${why}`] : []),
    ...(isOneFix ? fix(first, '  ') : []),
  ];
}

/** Where, what exactly where the heading does not say it, and what was found and expected instead. */
function linesOfPlace(
  found: Finding,
  { isSame, hasFix }: { isSame: boolean; hasFix: boolean },
  style: Style,
): string[] {
  const { width, colors } = style;
  const room = width - 2;
  const where = placeIn(isShort(style) ? inInput(found, style) : found, room);
  if (isShort(style)) {
    const what = isSame ? where : withRest(where, printed(found.message), room);
    const fix = `  fix: ${printed(found.fix)}`;
    const isBeside = style.detail.fix === 'beside' && hasFix && found.fix;
    const hasRoom = isBeside && what.length + fix.length <= room;
    return what === '' ? [] : [`  ${what}${hasRoom ? colors.dim(fix) : ''}`];
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

/** Where the input is one file, its name is said once, in the summary. */
function inInput(found: Finding, { input }: Style): Finding {
  const { line, column: _, file, ...elsewhere } = found;
  return file !== input || line === undefined ? found : { ...elsewhere, file: `line ${line}` };
}

/** What is left of a line for anything else has to have so many columns. */
const LEAST_ROOM = 25;

/** File and line, which stay whole where they can; then resources, and the path in the first, of which the middle goes before anything else. */
function placeIn(found: Finding, room: number): string {
  const file = printed(fileOf(found));
  if (file === '') return ownerIn(found, room);
  const left = room - file.length - 2;
  const owner = left < LEAST_ROOM ? '' : ownerIn(found, left);
  return cutMiddle([file, owner].filter(Boolean).join(', '), room);
}

function ownerIn({ path, ...whole }: Finding, room: number): string {
  const owner = printed(placeOf(whole));
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
  return room - where.length < LEAST_ROOM ? where : cutEnd(`${where}: ${message}`, room);
}

/** The widest state, so that the items stand below each other. */
const STATE_WIDTH = 'cannot be seen here'.length;

function lineOfItem({ number, item, state, because }: ChecklistLine, { colors }: Style): string {
  const paint = {
    pass: colors.green,
    fail: colors.red,
    'cannot be seen here': colors.yellow,
    'control plane': colors.dim,
  }[state];
  return `${number}  ${paint(state.padEnd(STATE_WIDTH))}  ${item}: ${printed(because)}`;
}
