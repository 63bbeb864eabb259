/** The tables in bench/README.md: written by the programs, and compared with what was recorded there before. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** One line of the table. */
export interface Row {
  what: string;
  /** Seconds of processor time; undefined where something is missing, which `note` then says. */
  seconds?: number | undefined;
  /** What it is compared with, and how many times that it is. */
  against?: string;
  ratio?: number | undefined;
  note?: string;
}

/** What a table was measured on. */
export function machine(): string {
  return `Node.js ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? process.arch}.`;
}

/** Slower than recorded by more than this is worth a look. */
const TOLERANCE = 1.2;

export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, seconds, against = '', ratio, note = '' }) => {
    const time = seconds === undefined ? '' : `${(seconds * 1000).toFixed(0)} ms`;
    const times = ratio === undefined ? '' : `${ratio.toFixed(2)} ×`;
    return `| ${what} | ${time} | ${times} | ${against} | ${note} |`;
  });
  return ['| What | CPU | Ratio | of | |', '| --- | --: | --: | --- | --- |', ...lines].join('\n');
}

/** Puts a table into the page, and returns what is slower than the ratio that stood there before. */
export function record(path: string, command: string, text: string): string[] {
  const before = ratiosIn(replaceTable(path, command, text));
  return [...ratiosIn(text)].flatMap(([what, ratio]) => {
    const old = before.get(what);
    return old !== undefined && ratio > old * TOLERANCE
      ? [`${what}: ${old} × before, ${ratio} × now`]
      : [];
  });
}

/** Puts what a command writes between its marks in the page, and returns what stood there. */
export function replaceTable(path: string, command: string, text: string): string {
  const page = readFileSync(path, 'utf8');
  const begin = `<!-- written by ${command} -->`;
  const [start, end] = [
    page.indexOf(begin) + begin.length,
    page.indexOf(`<!-- end of what ${command} writes -->`),
  ];
  writeFileSync(path, `${page.slice(0, start)}\n\n${text}\n\n${page.slice(end)}`);
  return page.slice(start, end);
}

function ratiosIn(text: string): Map<string, number> {
  const rows = [...text.matchAll(/^\| (.+?) \| [^|]* \| ([\d.]+) × \| ([^|]*) \|/gm)];
  return new Map(
    rows.map(([, what = '', ratio, against = '']) => [`${what}, of ${against}`, Number(ratio)]),
  );
}
