/** A program that stands for Envoy: it says a version, and refuses what it is told to. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary.ts';

export interface FakeEnvoy {
  /** A folder with it as `envoy`: an entry of PATH. */
  folder: string;
  command: string;
  /** Gets a copy of what it was shown the last time: the config, and what lay beside it. */
  seen: string;
}

/**
 * @param verdict - lines of a shell script for `--mode validate`, which has the config's path in `$config`; it takes everything by default
 * @param version - as Envoy prints it, `1.40.0` in it
 */
export function fakeEnvoy(verdict = '', version = '1.40.0'): FakeEnvoy {
  const folder = temporaryFolder();
  const command = join(folder, 'envoy');
  const seen = join(temporaryFolder(), 'seen');
  writeFileSync(
    command,
    `#!/bin/sh
if [ "$1" = --version ]; then
  printf '\\n%s  version: 9e55809/%s/Clean/RELEASE/BoringSSL\\n\\n' "$0" "${version}"
  exit 0
fi
while [ $# -gt 0 ]; do
  [ "$1" = --config-path ] && config=$2
  shift
done
rm -rf '${seen}' && cp -r "$(dirname "$config")" '${seen}'
${verdict}
echo "configuration '$config' OK"
`,
  );
  chmodSync(command, 0o755);
  return { folder, command, seen };
}

/** A script that refuses every config with these words. */
export function refusing(words: string): string {
  const quoted = words.replaceAll("'", "'\\''");
  return `printf '%s\\n' "error initializing configuration '$config': "'${quoted}' >&2\nexit 1`;
}
