/** Runs everything that is to be looked at: at the same time where nothing depends on another, and never longer than it may. */
import { remembered } from '../../maps.ts';
import {
  type Answer,
  failed,
  type Line,
  NoAnswer,
  notTried,
  type Probe,
  type Step,
} from './line.ts';

interface Limits {
  /** When everything has to be over, as `Date.now()` counts. */
  end: number;
  /** The longest that one line waits. */
  stepSeconds: number;
  /** How many at a time: each may start a program. */
  atOnce: number;
}

/** A line, and the one at which a chain of lines was broken. */
interface Result {
  line: Line;
  broken: Line | undefined;
}

/** @returns the lines in the order of the probes; `onLine` hears of each when it is there */
export async function runProbes(
  probes: readonly Probe[],
  limits: Limits,
  onLine: (done: number) => void = () => {},
): Promise<Line[]> {
  const started = new Map<Probe, Promise<Result>>();
  const places = turnstile(limits.atOnce);
  let done = 0;
  const resultOf = (probe: Probe) => remembered(started, probe, () => look(probe));
  const look = async (probe: Probe): Promise<Result> => {
    const before = await Promise.all(
      (probe.after ?? []).flatMap((one) => (one ? [resultOf(one)] : [])),
    );
    const broken = before
      .map((one) => one.broken ?? (isBroken(one.line) ? one.line : undefined))
      .find((line) => line !== undefined);
    const answer = broken
      ? notTried(
          `it needs "${broken.tried}", which ${broken.status === 'failed' ? 'failed' : 'was not tried'}`,
        )
      : await places(() => inTime(probe, limits));
    onLine(++done);
    return { line: lineOf(probe, answer), broken };
  };
  const results = await Promise.all(probes.map(resultOf));
  return onlyFirstOfCause(results.map(({ line }) => line));
}

function isBroken({ status }: Line): boolean {
  return status === 'failed' || status === 'not tried';
}

function lineOf({ group, tried, command, items = [] }: Probe, answer: Answer): Line {
  return { group, tried, command, items, ...answer };
}

/** Whatever the other end does, or does not do, there is an answer when the time is over. */
async function inTime(probe: Probe, { end, stepSeconds }: Limits): Promise<Answer> {
  const left = (end - Date.now()) / 1000;
  if (left <= 0) return notTried('the time was over before its turn came: --timeout allows more');
  const seconds = Math.min(stepSeconds, left);
  const controller = new AbortController();
  const over = Date.now() + seconds * 1000;
  const step: Step = {
    signal: controller.signal,
    // What is left: a line may ask more than once.
    get seconds() {
      return Math.max(0, (over - Date.now()) / 1000);
    },
    waitsFor: 'an answer',
  };
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<Answer>((resolve) => {
    timer = setTimeout(
      () => resolve(missing(probe, silent(probe, step.waitsFor, seconds))),
      seconds * 1000,
    );
  });
  const answer = probe.run(step).catch((error) => missing(probe, unexpected(error)));
  try {
    return await Promise.race([silence, answer]);
  } finally {
    clearTimeout(timer);
    controller.abort();
  }
}

function missing({ isOptional = false }: Probe, answer: Answer): Answer {
  return isOptional && answer.status === 'failed' ? { ...answer, status: 'warning' } : answer;
}

function silent({ peer }: Probe, waitsFor: string, seconds: number): Answer {
  const after = Number(seconds.toFixed(1));
  return failed(
    `nothing: ${waitsFor} did not come in ${after} s`,
    `${peer ?? 'the other end'} says nothing: a firewall that drops packets, or a server or a proxy that hangs`,
    ...(peer === undefined ? [] : [`silence of ${peer}`]),
  );
}

/** What a probe did not know how to read is still an answer of the other end. */
function unexpected(error: unknown): Answer {
  if (error instanceof NoAnswer) return error.answer;
  const { code, message } = error as NodeJS.ErrnoException;
  return failed(`an error: ${code ?? message}`, `the connection did not last: ${message}`);
}

/** One broken thing is one failed line. */
function onlyFirstOfCause(lines: readonly Line[]): Line[] {
  const first = new Map<string, Line>();
  return lines.map((line) => {
    const { status, causes = [] } = line;
    if (status !== 'failed') return line;
    const known = causes.flatMap((cause) => first.get(cause) ?? [])[0];
    for (const cause of causes) if (!first.has(cause)) first.set(cause, known ?? line);
    return known
      ? {
          ...line,
          status: 'not tried',
          means: `the same cause as "${known.tried}", which failed: nothing more can be seen here`,
        }
      : line;
  });
}

/** Lets so many in at a time. */
function turnstile(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (inside >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else inside += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    }
  };
}
