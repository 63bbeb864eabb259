/**
 * Building an overlay without losing what the function warns of: kustomize 5 drops the stderr of a plugin that succeeds. So
 * kustomize starts a small stand-in, which starts the function and keeps its stderr in a file.
 */
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { splitDocuments } from '../protocol/documents.ts';
import { placeholderProblems } from '../rules/placeholder.ts';
import { FUNCTION, linkExcept } from './function-calls.ts';
import { CommandError, formatCommandError, type Io } from './io.ts';
import { type BuildResult, buildOverlay, type Kustomize } from './kustomize.ts';
import type { Undo } from './undo.ts';

/** Builds one overlay. Whoever calls runs `undo` when all is done. A host that was never set makes the build fail. */
export async function buildWithWarnings(
  kustomize: Kustomize,
  overlay: string,
  pluginHome: string,
  undo: Undo,
  io: Io,
): Promise<BuildResult> {
  const folder = mkdtempSync(join(tmpdir(), 'ma-render-'));
  undo.remove(folder);
  const home = join(folder, 'home');
  const kept = join(folder, 'stderr');
  linkExcept(pluginHome, home, FUNCTION);
  writeStandIn(join(home, ...FUNCTION), join(pluginHome, ...FUNCTION), kept);
  const build = await buildOverlay(kustomize, overlay, home, io);
  if (!build.succeeded) return build;
  const isCalled = existsSync(kept);
  const stderr = build.stderr + (isCalled ? readFileSync(kept, 'utf8') : '');
  if (isCalled || !hasPlaceholder(build.stdout)) return { ...build, stderr };
  const complaint = formatCommandError(notCalled(overlay));
  return { succeeded: false, stdout: new Uint8Array(), stderr: stderr + complaint };
}

/** With nothing but what every shell has built in: PATH may be anything. It prints what it kept only where the function fails. */
function writeStandIn(path: string, real: string, kept: string): void {
  const program = `#!/bin/sh
${quoted(real)} "$@" 2>>${quoted(kept)}
status=$?
if [ "$status" -ne 0 ]; then
  while IFS= read -r line || [ -n "$line" ]; do printf '%s\\n' "$line"; done <${quoted(kept)} >&2
fi
exit "$status"
`;
  writeFileSync(path, program);
  chmodSync(path, 0o755);
}

/** As a word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The function refuses such output itself, so that it was not called where some is left. */
function hasPlaceholder(bytes: Uint8Array): boolean {
  return placeholderProblems(splitDocuments(Buffer.from(bytes))).length > 0;
}

function notCalled(overlay: string): CommandError {
  return new CommandError(
    1,
    `${overlay} still has DOMAIN_NOT_SET where a host belongs: kustomize built it without calling the function`,
    'name the file of a DomainConfig under `transformers:`, without an annotation config.kubernetes.io/function, which kustomize skips silently; or keep the annotation and build with `kustomize build --enable-alpha-plugins --enable-exec` yourself',
  );
}
