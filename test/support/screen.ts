/** How much of a terminal a text takes. */
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';

/** Fails where a help text is higher than `height` lines or wider than 100 characters, wherever the project lies. */
export function assertFitsScreen(help: string, height = 24): void {
  // Outside the project the path of its documentation is absolute, and as long as that.
  const lines = help.replaceAll(join(packageRoot, 'docs'), 'docs').split('\n');
  assert.ok(lines.length <= height, `${lines.length} lines`);
  for (const line of lines) assert.ok(line.length <= 100, `${line.length} characters: ${line}`);
}
