/** A kustomize that says what sound manifests say, in no time. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/build/paths.ts';
import { folderWith } from './temporary.ts';

/** A command for `$KUSTOMIZE`; any folder with a kustomization.yaml can be built. */
export function soundKustomize(): string {
  const folder = folderWith({
    'sound.yaml': readFileSync(join(packageRoot, 'test/checks/foreign/sound.yaml'), 'utf8'),
    kustomize: `#!/bin/sh
case "$1" in
  version) echo v5.0.0 ;;
  *) test -e "$3/kustomization.yaml" && cat "$(dirname "$0")/sound.yaml" ;;
esac
`,
  });
  return join(folder, 'kustomize');
}
