import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { problemsOf } from './fixtures.ts';

const unsupported: [spec: Record<string, unknown>, path: string][] = [
  [
    {
      role: 'control-plane',
      tls: { mode: 'none', terminateAt: 'entry' },
      entry: { ingress: { className: 'a' } },
    },
    '',
  ],
];
for (const [spec, paths] of unsupported)
  test(`says by name that there is no rule yet for ${paths || 'nothing here'}`, () => {
    const problems = problemsOf(spec);
    assert.is(problems.map(({ path }) => path).join(' '), paths);
    assert.ok(
      problems.every(
        ({ code, fix }) => code === 'config-not-supported' && /until a version/.test(fix),
      ),
    );
  });

test.run();
