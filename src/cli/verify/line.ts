/** A line of `verify`: one thing that was looked at in the live environment, and what came of it. */

/** `not tried` says that nothing was seen, and why; it is neither good nor bad. */
export type Status = 'ok' | 'failed' | 'warning' | 'not tried';

/** What came of a line. */
export interface Answer {
  status: Status;
  /** What came back, in a few words. */
  came: string;
  /** What that means, and what to do where something is wrong. */
  means: string;
  /** What may be at the bottom of it, in words of this program: of several lines with one cause only the first fails. */
  causes?: readonly string[];
}

/** Where a line stands. */
export type Group = 'cluster' | 'names and certificates' | 'API' | 'page' | 'connections';

/** Something to look at, before it was. */
export interface Probe {
  group: Group;
  /** What is tried. */
  tried: string;
  /** The same for a person, with the usual programs. */
  command: string;
  /** The items of the guide's checklist that it answers, counted from 1. */
  items?: readonly number[];
  /** It is tried only where none of these failed, and all were tried. */
  after?: readonly (Probe | undefined)[];
  /** Whom it speaks to: lines that the same peer leaves without an answer have one cause. */
  peer?: string;
  /** That no connection comes about, or no answer, is a warning: nobody has to be there. */
  isOptional?: boolean;
  run(step: Step): Promise<Answer>;
}

/** The time that one line has. */
export interface Step {
  /** Ends everything that the line has open. */
  signal: AbortSignal;
  seconds: number;
  /** What is waited for; the message of a line that gets no answer names it. */
  waitsFor: string;
}

/** A line with its answer, as it is printed; `items` are numbers of the checklist that it answers. */
export interface Line extends Answer, Pick<Probe, 'group' | 'tried' | 'command'> {
  items: readonly number[];
}

/** What was expected came. */
export const ok = (came: string, means: string): Answer => ({ status: 'ok', came, means });

/** It works, and is not as it should be. */
export const warning = (came: string, means: string): Answer => ({
  status: 'warning',
  came,
  means,
});

/** It does not work; `causes` as in `Answer`. */
export const failed = (came: string, means: string, ...causes: string[]): Answer => ({
  status: 'failed',
  came,
  means,
  causes,
});

/** @param why - a sentence without a full stop */
export const notTried = (why: string): Answer => ({
  status: 'not tried',
  came: 'nothing: it was not tried',
  means: why,
});

/** Ends the look of a line with what it answers: a connection that was not made, for instance. */
export class NoAnswer extends Error {
  readonly answer: Answer;
  constructor(answer: Answer) {
    super(answer.came);
    this.answer = answer;
  }
}

/** How many lines have each status. */
export function countLines(lines: readonly Line[]): Record<Status, number> {
  const counts = { ok: 0, failed: 0, warning: 0, 'not tried': 0 };
  for (const { status } of lines) counts[status] += 1;
  return counts;
}
