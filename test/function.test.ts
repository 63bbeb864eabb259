/** The bundle, or the program that `$MA_FUNCTION` names, as it is called: what it reads, and what it says where it cannot read or write. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundleFunction } from '../src/build/bundle.ts';
import { packageRoot } from '../src/build/paths.ts';
import { folderWith } from './support/temporary.ts';

const golden = (file: string) =>
  readFileSync(join(packageRoot, 'test/cases/tls-secret', file), 'utf8');
const CANARY = 'canary-3f9c1d';
const SECRET = `---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  password: ${CANARY}\n`;

const folder = folderWith({
  'config.yaml': golden('config.yaml'),
  'input.yaml': golden('input.yaml'),
  'secret.yaml': golden('input.yaml') + SECRET,
  'more.yaml': `${golden('config.yaml')}argsOneLiner: secret.yaml\n`,
  'broken.yaml': 'kind: DomainConfig\nspec: [\n',
});
writeFileSync(join(folder, 'function.cjs'), (await bundleFunction()).content);
const PROGRAM = process.env.MA_FUNCTION ?? `${process.execPath} function.cjs`;

interface Run {
  stdout: string;
  stderr: string;
  status: number | null;
}

/** A line of bash in the folder of the files above; `$F` is the function. */
function bash(line: string, env: NodeJS.ProcessEnv = {}): Run {
  const { stdout, stderr, status } = spawnSync('bash', ['-c', line], {
    cwd: folder,
    env: { PATH: process.env['PATH'], F: PROGRAM, ...env },
    encoding: 'utf8',
    // A shell whose input is a socket takes itself for a remote one.
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 20_000,
  });
  return { stdout, stderr, status };
}

const FROM_KUSTOMIZE = { KUSTOMIZE_PLUGIN_CONFIG_STRING: 'kind: DomainConfig' };
const expected = bash('$F config.yaml < input.yaml').stdout;
const noTrace = ({ stderr }: Run) => assert.not.match(stderr, /^ +at .*:\d+/m);

const reading = suite('what the function reads');

reading('is the config first: with one that says nothing no file is opened', () => {
  const { status, stderr } = bash('$F broken.yaml /no/such/file < /dev/null');
  assert.is(status, 1);
  assert.match(stderr, '[config-syntax]');
  assert.not.match(stderr, '/no/such/file');
});

reading('is not a file where kustomize calls it, whatever the config has it pass', () => {
  for (const words of ['secret.yaml', '/dev/zero', '- secret.yaml', '--help', 'a b c']) {
    const result = bash(`$F more.yaml ${words} < input.yaml`, FROM_KUSTOMIZE);
    assert.is(result.status, 1, words);
    assert.is(result.stdout, '');
    assert.match(result.stderr, 'kustomize passes more arguments than the config');
    assert.match(result.stderr, '`argsOneLiner` is not a key of a DomainConfig');
    assert.not.match(result.stderr, CANARY);
  }
});

reading('is nothing where the version is asked for, which a look at the file says too', () => {
  const { status, stdout } = bash('$F --version < /dev/zero');
  assert.is(status, 0);
  assert.match(stdout, /^ma-overlays \d+\.\d+\.\d+\n$/);
  const second = readFileSync(join(folder, 'function.cjs'), 'utf8').split('\n')[1];
  assert.is(`${second}\n`, `// ${stdout}`);
  assert.is(bash('$F --version config.yaml').status, 2);
});

reading('is standard input where kustomize calls it as it does', () => {
  assert.is(bash('$F config.yaml < input.yaml', FROM_KUSTOMIZE).stdout, expected);
});

for (const [path, found] of [
  ['/dev/zero', 'a device'],
  ['/dev/null', 'a device'],
  ['.', 'a folder'],
  ['fifo', 'a FIFO'],
  ['<(cat input.yaml)', 'a FIFO'],
  ['/no/such/file', 'it does not exist'],
] as const)
  reading(`is no FILE that is ${found}: ${path}`, () => {
    const result = bash(`rm -f fifo; mkfifo fifo; $F config.yaml ${path}`);
    assert.is(result.status, 1);
    assert.match(result.stderr, found);
    noTrace(result);
  });

reading('is a config in a pipe that the shell makes', () => {
  assert.is(bash('$F <(cat config.yaml) < input.yaml').stdout, expected);
});

for (const path of ['/dev/zero', '/dev/null', '.'])
  reading(`is no config that is a device or a folder: ${path}`, () => {
    const result = bash(`$F ${path} < input.yaml`);
    assert.is(result.status, 1);
    assert.match(result.stderr, '[config-missing]');
    noTrace(result);
  });

reading('ends where a config has no end', () => {
  const { status, stderr } = bash('$F <(cat /dev/zero) < input.yaml');
  assert.is(status, 1);
  assert.match(stderr, 'more than 262144 bytes');
});

reading('waits for a standard input that has nothing yet', () => {
  const python = `import os,fcntl,sys,subprocess,threading,time
r,w=os.pipe()
fcntl.fcntl(r,fcntl.F_SETFL,fcntl.fcntl(r,fcntl.F_GETFL)|os.O_NONBLOCK)
p=subprocess.Popen([*sys.argv[1].split(),'config.yaml'],stdin=r)
time.sleep(0.4)
data=open('input.yaml','rb').read()
os.write(w,data[:100]); time.sleep(0.1); os.write(w,data[100:]); os.close(w)
sys.exit(p.wait())`;
  const { stdout, status } = spawnSync('python3', ['-c', python, PROGRAM], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (status === null) return; // Without Python nothing makes such a pipe.
  assert.is(status, 0);
  assert.is(stdout, expected);
});

reading('is named where standard input is a folder', () => {
  for (const call of ['$F config.yaml < .', '$F < .']) {
    const result = bash(call);
    assert.is(result.status, 1);
    assert.match(result.stderr, 'a folder');
    noTrace(result);
  }
});

reading('may be empty, or closed', () => {
  for (const call of ['$F config.yaml < /dev/null', '$F < /dev/null', '$F config.yaml <&-']) {
    const result = bash(call);
    assert.is(result.status, 1, call);
    noTrace(result);
  }
});

reading('needs no other permission of Node.js than for what it is given', () => {
  const flag = ['--permission', '--experimental-permission'].find((one) =>
    process.allowedNodeEnvironmentFlags.has(one),
  );
  if (flag === undefined || process.env.MA_FUNCTION) return;
  const allowed = ['function.cjs', 'config.yaml', 'input.yaml'].map(
    (name) => `--allow-fs-read=${join(folder, name)}`,
  );
  const program = `${process.execPath} ${[flag, ...allowed].join(' ')} function.cjs`;
  assert.is(bash(`${program} config.yaml < input.yaml`).stdout, expected);
  assert.is(bash(`${program} config.yaml input.yaml`).stdout, expected);
  const refused = bash(`${program} config.yaml secret.yaml`);
  assert.match(refused.stderr, 'the permission model of Node.js forbids it');
  assert.is(refused.status, 1);
});

reading.run();

const writing = suite('what the function writes');

writing('has nothing of what the YAML library can be told to print', () => {
  const plain = bash('$F config.yaml < secret.yaml');
  const told = bash('$F config.yaml < secret.yaml', { LOG_STREAM: '1', LOG_TOKENS: '1' });
  assert.equal(told, plain);
  assert.is(told.status, 0);
});

writing('stops without a word where nobody reads on', () => {
  const large = '(cat input.yaml; yes "# nothing" | head -20000) > large.yaml';
  const call = '{ $F config.yaml large.yaml; echo "status $?" >&2; }';
  const heard = bash(`${large}; ${call} > /dev/null`).stderr;
  assert.match(heard, /status 0\n$/);
  assert.is(bash(`${large}; ${call} | true`).stderr, heard);
});

writing('is an error where the disk is full', () => {
  if (!existsSync('/dev/full')) return;
  const result = bash('$F config.yaml < input.yaml > /dev/full');
  assert.is(result.status, 1);
  assert.match(result.stderr, 'error: the output cannot be written: the disk is full');
  noTrace(result);
});

writing.run();
