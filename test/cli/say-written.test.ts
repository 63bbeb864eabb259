import { PassThrough } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Io } from '../../src/cli/io.ts';
import { sayWritten } from '../../src/cli/say-written.ts';

const said = (isTTY: boolean, place: string): string => {
  const stderr = Object.assign(new PassThrough(), { isTTY });
  sayWritten('2 overlays', place, { stderr } as unknown as Io);
  return String(stderr.read() ?? '');
};

const written = suite('say-written');

written('says on a terminal what was written', () => {
  assert.is(said(true, 'rendered'), 'wrote 2 overlays to rendered\n');
  assert.is(said(true, 'a\u001b[2J'), 'wrote 2 overlays to a\\u001b[2J\n');
});

written('is silent in a pipe', () => {
  assert.is(said(false, 'rendered'), '');
});

written.run();
