/**
 * `npm run release -- VERSION [--dry-run]`: checks, tests, the golden diff, the changelog, the version, the bundle, a commit and a tag.
 * It prints what is left to do.
 */
import { execFileSync } from 'node:child_process';
import { packageRoot } from '../src/build/paths.ts';
import { goldenDiff } from './golden-diff.ts';
import { release } from './steps.ts';

const words = process.argv.slice(2);
const [version, ...more] = words.filter((word) => word !== '--dry-run');
const { stdin, stdout, stderr, env } = process;

if (version === undefined || version.startsWith('-') || more.length > 0) {
  stderr.write('usage: npm run release -- VERSION [--dry-run]\n');
  process.exitCode = 2;
} else {
  process.exitCode = await release(version, words.includes('--dry-run'), {
    cwd: packageRoot,
    date: new Date().toISOString().slice(0, 10),
    say: (text) => stdout.write(text),
    run: (command, words, isShown = false) => {
      // With `inherit` nothing is returned.
      const printed: string | null = execFileSync(command, words, {
        cwd: packageRoot,
        encoding: 'utf8',
        stdio: isShown ? 'inherit' : ['ignore', 'pipe', 'ignore'],
        maxBuffer: 2 ** 28,
      });
      return printed ?? '';
    },
    goldenDiff: (tag) => goldenDiff(tag, { stdin, stdout, stderr, env, cwd: packageRoot }),
  });
}
