/** One call of the function in this process, with everything that it did still at hand. */
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import type { Problem } from '../errors.ts';
import { Batch } from '../manifests/batch.ts';
import type { Chunk } from '../manifests/chunk.ts';
import { splitDocuments } from '../protocol/documents.ts';
import { mistake } from '../protocol/input-problems.ts';
import { hasErrors, type RunResult, run } from '../run.ts';

/** Its config, its input as it came, and what became of both. */
export interface FunctionCall {
  loaded: LoadedConfig;
  result: RunResult;
  /** The chunks of the input that are left, with their text as it came. */
  before: ReadonlyMap<Chunk, string>;
  batch: Batch;
  /** What the function prints; empty where it has errors. */
  output: Buffer;
}

/** `DomainConfig CONFIG` with documents on standard input. It takes the input apart, and never throws. */
export function callFunction(configText: string, input: Buffer): FunctionCall {
  const batch = new Batch('documents', splitDocuments(input));
  const before = new Map(batch.chunks.map((chunk) => [chunk, chunk.text]));
  const loaded = loadConfig(configText);
  try {
    const result = run(batch, loaded);
    const output = hasErrors(result.problems) ? Buffer.alloc(0) : batch.toBytes();
    return { loaded, result, before, batch, output };
  } catch (error) {
    const result = { edits: [], added: [], removed: [], problems: [mistake(error)], accepted: [] };
    return { loaded, result, before, batch, output: Buffer.alloc(0) };
  }
}

/** What the function warned of in all calls of a build, accepted or not. */
export function saidIn(calls: readonly FunctionCall[]): Problem[] {
  return calls.flatMap(({ result: { problems, accepted } }) => [
    ...problems,
    ...accepted.map(({ problem }) => problem),
  ]);
}
