// `npm run prepare`, after an installation: the command line in dist/. With --global, as pre-commit calls it, npm prepares a git dependency
// without its development dependencies: they are installed here then, in a copy that npm throws away.
import { execFileSync } from 'node:child_process';

const { npm_config_global: _, npm_execpath: npm = '', ...env } = process.env;
const run = (...words) =>
  execFileSync(process.execPath, [npm, ...words], { env, stdio: 'inherit' });

try {
  import.meta.resolve('tsx');
} catch {
  run('ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund');
}
run('run', '-s', 'build:command-line');
