/** The overlays that ship, built with the function of this source tree. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/build/paths.ts';
import { buildWith, bundled } from './kustomize.ts';
import { runFolder } from './run-folder.ts';
import { folderWith } from './temporary.ts';

export const CONTROL_PLANES = ['dev', 'staging', 'production', 'onprem'] as const;
export const OVERLAYS = [...CONTROL_PLANES, 'production-gpu'] as const;
export type OverlayName = (typeof OVERLAYS)[number];

const known = new Map<OverlayName, Promise<string>>();

/** The finished manifests of an overlay: built once in a run of `npm test`, once in a process without it. */
export function builtOverlay(name: OverlayName): Promise<string> {
  const built = known.get(name) ?? readOrBuild(name);
  known.set(name, built);
  return built;
}

async function readOrBuild(name: OverlayName): Promise<string> {
  const path = join(runFolder(), `${name}.yaml`);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const { status, stdout, stderr } = await buildWith(bundled, `overlays/${name}`, {
    pluginHome: sourcePlugin(),
  });
  if (status !== 0) throw new Error(`${name} cannot be built: ${stderr}`);
  writeFileSync(path, stdout);
  return stdout;
}

/** A plugin home whose function needs no build. */
function sourcePlugin(): string {
  const program = [process.execPath, '--import', import.meta.resolve('tsx')];
  const words = [...program, join(packageRoot, 'src/function.ts')].map((word) => `'${word}'`);
  return folderWith({
    'network.michelangelo.api/v1alpha1/domainconfig/DomainConfig': `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`,
  });
}
