/** What this version makes of the golden cases of another one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison, OverlayResult } from '../src/cli/diff/compare.ts';
import { loadConfig } from '../src/config/load.ts';
import { main } from '../src/protocol/command.ts';
import { groupChanges } from '../src/report/diff/group.ts';
import { type ResourceChange, resourceChanges } from '../src/report/diff/resource-changes.ts';

/** A comparison of the cases that both versions carry out, and the names of the others. */
export interface CaseComparison extends Comparison {
  refusedNow: string[];
  acceptedNow: string[];
  /** What it says of them differs: warnings, or why it refuses. */
  otherWords: string[];
}

/**
 * Compares with what is expected there, which its own tests hold it to.
 * @param folder - `test/cases` of the other version
 * @param names - of all the cases in it
 */
export function compareCases(
  folder: string,
  from: string,
  to: string,
  names: readonly string[] = readdirSync(folder),
): CaseComparison {
  const overlays: OverlayResult[] = [];
  const changed: { overlay: string; changes: ResourceChange[] }[] = [];
  const result = {
    refusedNow: [] as string[],
    acceptedNow: [] as string[],
    otherWords: [] as string[],
  };
  for (const name of [...names].sort()) {
    const path = (file: string) => join(folder, name, file);
    if (!existsSync(path('input.yaml'))) continue;
    const config = readFileSync(path('config.yaml'));
    const { stdout, stderr, status } = runFunction(config, readFileSync(path('input.yaml')));
    const wasRefused = existsSync(path('errors.txt'));
    if (wasRefused !== (status !== 0)) result[wasRefused ? 'acceptedNow' : 'refusedNow'].push(name);
    else if (textAt(path(wasRefused ? 'errors.txt' : 'warnings.txt')) !== stderr)
      result.otherWords.push(name);
    if (wasRefused || status !== 0) continue;
    const { settings } = loadConfig(config.toString('utf8'));
    const stateOf = (manifests: Buffer) => ({ manifests, calls: [], settings });
    const changes = resourceChanges(
      stateOf(readFileSync(path('expected.yaml'))),
      stateOf(Buffer.concat(stdout)),
    );
    const state = changes.length > 0 ? 'changed' : 'same';
    overlays.push({ overlay: name, state, resources: 0, failures: [] });
    if (changes.length > 0) changed.push({ overlay: name, changes });
  }
  return { from, to, noun: 'golden case', overlays, entries: groupChanges(changed), ...result };
}

function runFunction(config: Buffer, input: Buffer): ReturnType<typeof main> {
  return main(['config.yaml'], {
    isFromKustomize: false,
    readConfig: () => config,
    readManifests: () => input,
    readStandardInput: () => input,
  });
}

function textAt(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
