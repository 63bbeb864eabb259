/** What is printed: names and answers of others forge no line, and the page in docs/ has every flag. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../../src/build/paths.ts';
import { NO_COLORS } from '../../../src/cli/colors.ts';
import { checklistText, liveChecklist } from '../../../src/cli/verify/checklist.ts';
import { toJson } from '../../../src/cli/verify/json.ts';
import type { Line, Status } from '../../../src/cli/verify/line.ts';
import { toText } from '../../../src/cli/verify/text.ts';
import { run } from '../../support/command-line.ts';

const HOSTILE = '\n::error::FORGED\n##[error]FORGED\r\nFORGED\u001b[2J\u202e';

const line = (status: Status, items: number[] = [], text = 'x'): Line => ({
  ...{ group: 'API', tried: text, command: text, came: text, means: text },
  ...{ status, items },
});
const STATUSES: Status[] = ['ok', 'failed', 'warning', 'not tried'];

const printed = suite('what verify prints');

printed('text of others stays on its line', () => {
  const lines = STATUSES.map((status) => line(status, [1], HOSTILE));
  const checked = [{ number: 1, item: 'one', state: 'pass', because: HOSTILE }] as const;
  const items = liveChecklist(checked, lines);
  for (const text of [
    toText(HOSTILE, lines, NO_COLORS, { isVerbose: true, seconds: 1 }),
    checklistText(items, NO_COLORS),
    toJson(HOSTILE, lines, 1, items),
  ]) {
    assert.not.match(text, /^\s*(?:FORGED|::)/m);
    assert.not.match(text, '##[');
    assert.not.match(text, '\u001b');
    assert.not.match(text, '\u202e');
  }
});

printed('the summary counts what was not tried', () => {
  const lines = [line('ok'), line('ok'), line('not tried')];
  const text = toText('o', lines, NO_COLORS, { isVerbose: false, seconds: 1.25 });
  assert.match(text, /\no: 2 ok, 1 not tried \(1\.3 s\)\n$/);
});

for (const [manifests, statuses, state] of [
  ['pass', ['ok'], 'pass'],
  ['pass', ['ok', 'warning'], 'pass'],
  ['pass', ['ok', 'failed'], 'fail'],
  ['fail', ['ok'], 'fail'],
  ['pass', ['ok', 'not tried'], 'partly seen'],
  ['pass', ['not tried'], 'partly seen'],
  ['pass', [], 'partly seen'],
  ['cannot be seen here', ['ok'], 'pass'],
  ['cannot be seen here', ['not tried'], 'not seen'],
  ['cannot be seen here', [], 'not seen'],
] as const)
  printed(`manifests: ${manifests}, live: ${statuses.join(', ') || 'no line'}: ${state}`, () => {
    const checked = [{ number: 1, item: 'one', state: manifests, because: 'so' }];
    const lines = statuses.map((status) => line(status, [1]));
    assert.is(liveChecklist(checked, lines)[0]?.state, state);
  });

printed('docs/verify.md has every flag, and no other', async () => {
  const page = readFileSync(join(packageRoot, 'docs/verify.md'), 'utf8');
  const { stdout } = await run(['verify', '--help'], { cwd: packageRoot });
  const flagsIn = (text: string) => new Set(text.match(/--[a-z][a-z-]+/g));
  const hidden = ['--debug-image', '--verbose'];
  const wanted = [...flagsIn(stdout), ...hidden].filter((flag) => flag !== '--help');
  const rows = page
    .split('\n')
    .filter((row) => row.startsWith('| `--') || row.includes('`--verbose`'));
  assert.equal([...flagsIn(rows.join('\n'))].sort(), [...new Set(wanted)].sort());
});

printed.run();
