/** The static executable: built here, it gives the same bytes as the bundle, without Node.js. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundleForQuickJs } from '../../src/build/bundle.ts';
import { packageRoot } from '../../src/build/paths.ts';
import { buildStatic, executableName } from '../../src/build/static/build.ts';
import { compile, OWN } from '../../src/build/static/compile.ts';
import { temporaryFolder } from '../support/temporary.ts';

const folder = temporaryFolder();
await buildStatic(folder);
const executable = join(folder, executableName(OWN));
const casesFolder = join(packageRoot, 'test/cases');

const built = suite('the static executables');

built('are for two architectures, and link to nothing', () => {
  for (const [architecture, machine] of [
    ['x86_64', 62],
    ['arm64', 183],
  ] as const) {
    const bytes = readFileSync(join(folder, executableName(architecture)));
    assert.is(bytes.toString('latin1', 0, 4), '\x7fELF');
    // e_machine, as the ELF specification numbers it.
    assert.is(bytes.readUInt16LE(18), machine);
    assert.not.match(bytes.toString('latin1'), /\/ld-(?:linux|musl)/);
    assert.ok(bytes.length < 3_000_000, `${bytes.length} bytes`);
  }
});

built('have checksums and notices', async () => {
  await execa('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: folder });
  const notices = readFileSync(join(folder, 'THIRD-PARTY-NOTICES'), 'utf8');
  for (const name of ['yaml', 'whatwg-url', 'tr46', 'QuickJS', 'musl'])
    assert.match(notices, new RegExp(`^${name} `, 'm'));
});

built('are the same bytes from another build', async () => {
  const again = await compile((await bundleForQuickJs()).content);
  for (const [architecture, bytes] of again)
    assert.ok(readFileSync(join(folder, executableName(architecture))).equals(bytes));
});

built('hold nothing of the C library that starts a shell or looks a host up', () => {
  const text = readFileSync(executable, 'latin1');
  for (const path of ['/bin/sh', '/etc/hosts', '/etc/resolv.conf'])
    assert.not.ok(text.includes(path), path);
});

built('print the version of the package', async () => {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  assert.is((await execa(executable, ['--version'])).stdout, `ma-overlays ${version}`);
  const { exitCode, stderr } = await execa(executable, ['--versions'], { reject: false });
  assert.is(exitCode, 2);
  assert.match(stderr, 'unknown option --versions');
});

built('answer as the bundle does in every golden case', async () => {
  const names = readdirSync(casesFolder);
  const failures: string[] = [];
  const work = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop())
      failures.push(...(await differences(executable, name)));
  };
  await Promise.all([work(), work()]);
  assert.equal(failures, []);
});

built('are read, and answer, as the bundle in its own tests', async () => {
  const test = join(packageRoot, 'test/function.test.ts');
  const env = { MA_FUNCTION: executable };
  await execa(process.execPath, ['--import', 'tsx', test], { cwd: packageRoot, env });
});

built('say what is wrong where values nest deeply, and do not break', async () => {
  const config = join(casesFolder, 'tls-secret/config.yaml');
  for (const nested of [
    `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
    `\n  ${'- '.repeat(50_000)}a`,
  ]) {
    const labels = '  labels: { network.michelangelo.api/role: worker }';
    const input = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: deep\n${labels}\ndata: ${nested}\n`;
    const { exitCode, stderr } = await execa(executable, [config], { input, reject: false });
    assert.is(exitCode, 1);
    assert.match(stderr, 'found     more than 500 levels of nesting');
  }
});

built('for another architecture answer in the same way', async () => {
  const emulator = OWN === 'x86_64' ? 'qemu-aarch64-static' : 'qemu-x86_64-static';
  const path = `/usr/bin/${emulator}`;
  if (!existsSync(path)) {
    process.stdout.write(`${emulator} is not installed: the other executable was not run\n`);
    return;
  }
  const other = join(folder, executableName(OWN === 'x86_64' ? 'arm64' : 'x86_64'));
  for (const name of ['tls-secret', 'config-several-mistakes', 'ui-json-trailing-comma'])
    assert.equal(await differences(path, name, [other]), []);
});

built.run();

/** What a program's answer has that the golden case has not. */
async function differences(program: string, name: string, words: string[] = []): Promise<string[]> {
  const read = (file: string) => {
    const path = join(casesFolder, name, file);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const isError = existsSync(join(casesFolder, name, 'errors.txt'));
  const { stdout, stderr, exitCode } = await execa(program, [...words, 'config.yaml'], {
    cwd: join(casesFolder, name),
    inputFile: join(casesFolder, name, 'input.yaml'),
    reject: false,
    stripFinalNewline: false,
    env: {},
    extendEnv: false,
  });
  const wanted = {
    status: isError ? 1 : 0,
    stderr: read(isError ? 'errors.txt' : 'warnings.txt'),
    stdout: read('expected.yaml'),
  };
  const found = { status: exitCode, stderr, stdout };
  return Object.entries(wanted).flatMap(([part, value]) =>
    found[part as keyof typeof found] === value
      ? []
      : [`${name}: ${part}\n${found[part as keyof typeof found]}`],
  );
}
