/** Lines of `verify` against servers of the test: what an overlay says, and the way from its hosts to ports of this machine. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/build/paths.ts';
import type { Io } from '../../src/cli/io.ts';
import { readAuthorities } from '../../src/cli/verify/authorities.ts';
import { type Line, ok, type Probe } from '../../src/cli/verify/line.ts';
import type { Look } from '../../src/cli/verify/look.ts';
import { runProbes } from '../../src/cli/verify/run-probes.ts';
import { type PublicHost, type Targets, targetsOf } from '../../src/cli/verify/targets.ts';
import { readWays } from '../../src/cli/verify/ways.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { callFunction } from '../../src/report/call.ts';
import { type Surface, surfaceOf } from '../../src/surface/surface.ts';

/** The surface of a golden case's output, with what its config says. */
export function surfaceOfCase(name: string): Surface {
  const read = (file: string) => readFileSync(join(packageRoot, 'test/cases', name, file));
  const { loaded, output } = callFunction(read('config.yaml').toString('utf8'), read('input.yaml'));
  return surfaceOf(splitDocuments(output), { name, settings: loaded.settings });
}

/** The surface of manifests that nobody has a config for. */
export function surfaceOfText(text: string): Surface {
  return surfaceOf(splitDocuments(Buffer.from(text)));
}

export interface LookParts {
  surface?: Surface;
  targets?: Partial<Targets>;
  /** `HOST:PORT:ADDRESS:PORT`, as --connect-to takes it. */
  ways?: readonly string[];
  caFile?: string;
}

export function lookWith({ surface = surfaceOfText(''), targets, ways, caFile }: LookParts): Look {
  return {
    surface,
    targets: { ...targetsOf(surface), ...targets },
    ways: readWays([], ways),
    caFile,
    authorities: readAuthorities(caFile, '/'),
    io: ioWith(),
  };
}

/** Only folders of PATH are looked in for programs. */
export function ioWith(env: NodeJS.ProcessEnv = process.env): Io {
  const { stdin, stdout, stderr } = process;
  return { stdin, stdout, stderr, env, cwd: '/' };
}

/** A host without TLS. */
export function plainHost(host: string, roles: PublicHost['roles'], port = 80): PublicHost {
  return { host, port, scheme: 'http', roles };
}

/** What other lines stand on: a connection, of which nothing is to be said. */
export const CONNECTED: Probe = {
  group: 'page',
  tried: 'connection',
  command: 'true',
  run: async () => ok('', ''),
};

/** Runs them as the verb does, in little time. */
export function linesOf(probes: readonly Probe[], seconds = 5): Promise<Line[]> {
  return runProbes(probes, { end: Date.now() + seconds * 1000, stepSeconds: seconds, atOnce: 8 });
}
