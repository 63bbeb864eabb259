/**
 * kustomize with a memory: a build that calls a plugin takes it most of a second, and tests build the same small
 * projects again and again. A folder that was built with the same files and the same words is not built again: the
 * function is called with what it was called with then, and where it says the same, what was built then is printed.
 *
 *     node remembering-kustomize.js KUSTOMIZE MEMORY WORD…
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';

const FUNCTION = 'network.michelangelo.api/v1alpha1/domainconfig/DomainConfig';
const [kustomize, memory, ...words] = process.argv.slice(2);
const home = process.env.KUSTOMIZE_PLUGIN_HOME;

// This package itself is too large to be read each time.
if (words[0] !== 'build' || fs.existsSync('package.json')) print(build(home));
else {
  const known = join(memory, keyOfBuild());
  print(remembered(known) ?? buildAndRemember(known));
}

function build(pluginHome) {
  return spawnSync(kustomize, words, {
    env: { ...process.env, KUSTOMIZE_PLUGIN_HOME: pluginHome },
    maxBuffer: Number.POSITIVE_INFINITY,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function print({ stdout, status }) {
  process.exitCode = status ?? 1;
  process.stdout.write(stdout);
}

/** Of all that a build can read; the function is called each time. `new` builds in a folder of a random name. */
function keyOfBuild() {
  const others = filesOf(home).filter(([path]) => path !== join(home, FUNCTION));
  const inHome = others.map(([path, text]) => [relative(home, path), text]);
  const text = JSON.stringify([words, [...filesBuilt(words.at(-1)).values()], inHome]);
  return createHash('sha256')
    .update(text.replaceAll(/\.ma-overlays-new-[\w.-]+/g, 'draft'))
    .digest('hex');
}

/** The files of a folder and of all that its kustomizations name outside of it. */
function filesBuilt(folder, found = new Map()) {
  for (const [path, text] of filesOf(folder)) {
    if (found.has(path)) continue;
    found.set(path, [path, text]);
    if (!/^kustomization(\.ya?ml)?$/i.test(basename(path))) continue;
    for (const [word] of text.matchAll(/\.\.(?:\/[^\s,"'\]}]*)?/g))
      filesBuilt(join(dirname(path), word), found);
  }
  return found;
}

/** Path and bytes of each. */
function filesOf(path) {
  const status = fs.statSync(path, { throwIfNoEntry: false });
  if (!status?.isDirectory()) return [[path, status ? fs.readFileSync(path, 'latin1') : '']];
  const names = fs.readdirSync(path).sort();
  return names.flatMap((name) => filesOf(join(path, name)));
}

/** Undefined where nothing is known, or where the function says something else than it did. */
function remembered(known) {
  if (!fs.existsSync(known)) return undefined;
  for (const name of fs.readdirSync(join(known, 'calls')).sort()) {
    const call = join(known, 'calls', name);
    const { stdout, stderr, status } = spawnSync(join(home, FUNCTION), [join(call, 'config')], {
      input: fs.readFileSync(join(call, 'input')),
      maxBuffer: Number.POSITIVE_INFINITY,
    });
    if (status !== 0 || !stdout.equals(fs.readFileSync(join(call, 'output')))) return undefined;
    process.stderr.write(stderr);
  }
  return { stdout: fs.readFileSync(join(known, 'stdout')), status: 0 };
}

/** Builds with a function in between that keeps what goes in and out. A build that fails is not remembered. */
function buildAndRemember(known) {
  const folder = fs.mkdtempSync(`${known}-`);
  fs.mkdirSync(join(folder, 'calls'));
  const copy = join(folder, 'home');
  fs.cpSync(home, copy, { recursive: true, dereference: true });
  fs.writeFileSync(
    join(copy, FUNCTION),
    `#!/bin/sh
set -e
call='${folder}'/calls/$(ls '${folder}/calls' | wc -l | tr -d ' ')
mkdir "$call"
cp "$1" "$call/config"
cat >"$call/input"
'${join(home, FUNCTION)}' "$call/config" <"$call/input" >"$call/output"
cat "$call/output"
`,
    { mode: 0o755 },
  );
  const built = build(copy);
  fs.rmSync(copy, { recursive: true });
  fs.writeFileSync(join(folder, 'stdout'), built.stdout);
  // Another process may have built the same meanwhile.
  if (built.status !== 0 || fs.existsSync(known)) fs.rmSync(folder, { recursive: true });
  else fs.renameSync(folder, known);
  return built;
}
