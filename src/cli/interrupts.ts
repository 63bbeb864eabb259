/** What has to be done before this program ends, however it ends: by a signal, by a mistake, or in the middle of its work. */
import { constants } from 'node:os';
import type { Io } from './io.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

interface Step {
  /** Synchronous, because nothing waits for a program that ends. */
  run: () => void;
  io: Io;
}

const steps = new Set<Step>();

/** Registers a step, until the returned function is called. The newest is done first. */
export function beforeEnd(io: Io, run: () => void): () => void {
  const step = { run, io };
  if (steps.size === 0) listen();
  steps.add(step);
  return () => {
    if (steps.delete(step) && steps.size === 0) stopListening();
  };
}

function listen(): void {
  for (const signal of SIGNALS) process.on(signal, interrupted);
  process.on('exit', runSteps);
}

function stopListening(): void {
  for (const signal of SIGNALS) process.off(signal, interrupted);
  process.off('exit', runSteps);
}

/** Every step is done, whatever becomes of the others. Returns what went wrong. */
function runSteps(): string[] {
  const open = [...steps].reverse();
  steps.clear();
  return open.flatMap(({ run }) => {
    try {
      run();
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

function interrupted(signal: (typeof SIGNALS)[number]): void {
  const [first] = steps;
  const failures = runSteps();
  const said =
    failures.length > 0 ? `this is left: ${failures.join('; ')}` : 'nothing was left behind';
  first?.io.stderr.write(`\ninterrupted: ${said}\n`);
  stopListening();
  // Ends this process as the signal would have, so that a calling shell sees it: with status 128 and its number.
  process.kill(process.pid, signal);
  // The first process of a container is not ended by a signal.
  process.exit(128 + constants.signals[signal]);
}
