/** Putting a new overlay in its place in one step, after it was built. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Undo } from '../undo.ts';
import { requireFree } from './names.ts';
import type { OverlayFiles } from './overlay-files.ts';

/** Writes the files into a folder beside their place, so that relative paths mean the same there. */
export function writeDraft(
  files: OverlayFiles,
  overlays: string,
  name: string,
  undo: Undo,
): string {
  undo.makeFolder(overlays);
  const draft = join(overlays, `.new-${name}-${randomBytes(4).toString('hex')}`);
  undo.remove(draft);
  mkdirSync(draft);
  for (const [path, file] of files) {
    const target = join(draft, path);
    mkdirSync(dirname(target), { recursive: true });
    if (file.link !== undefined) symlinkSync(file.link, target);
    else {
      writeFileSync(target, file.content);
      chmodSync(target, file.mode);
    }
  }
  return draft;
}

/** Moves the draft to its place. A folder that somebody else made there meanwhile stays as it is. */
export function moveDraft(draft: string, overlays: string, name: string): void {
  const target = join(overlays, name);
  requireFree(overlays, name);
  // Of two at the same time one gets the name; a rename alone would replace an empty folder in silence.
  mkdirSync(target);
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(target, { recursive: true, force: true });
    throw error;
  }
}
