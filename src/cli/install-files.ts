/** The files of an installed plugin, and which of them are as they were installed. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getIn } from '../yaml/json.ts';
import { PLUGIN_FOLDER, packageRoot, packageVersion } from './package-root.ts';

const RECORD = 'installed-by-ma-overlays.json';

/** Beside the bundle, because a package.json further up, of any kind, would decide how Node.js reads it. */
const COMMON_JS = '{ "type": "commonjs" }\n';

const CONTENT = ['DomainConfig', 'domain-config.schema.json', 'README.md', 'package.json'];

/** Every file that an installation writes. */
export const INSTALLED_FILES: readonly string[] = [...CONTENT, RECORD];

/** Writes the plugin into an existing folder. */
export function writePlugin(folder: string): void {
  for (const name of INSTALLED_FILES) {
    writeFileSync(join(folder, name), contentOf(name));
    chmodSync(join(folder, name), name === 'DomainConfig' ? 0o755 : 0o644);
  }
}

/** Whether everything there is what would be installed. */
export function isSameInstallation(folder: string): boolean {
  return INSTALLED_FILES.every((name) => {
    const path = join(folder, name);
    return existsSync(path) && readFileSync(path).equals(contentOf(name));
  });
}

/** Files under our names that neither an installation left like this nor would write now. */
export function foreignFiles(folder: string): string[] {
  const sums = recordedSums(folder);
  return CONTENT.filter((name) => {
    const path = join(folder, name);
    if (!existsSync(path)) return false;
    const content = readFileSync(path);
    return !content.equals(contentOf(name)) && sha256(content) !== getIn(sums, ['sha256', name]);
  });
}

function contentOf(name: string): Buffer {
  if (name === 'package.json') return Buffer.from(COMMON_JS);
  if (name === RECORD) return Buffer.from(record());
  return readFileSync(join(packageRoot, 'plugin', PLUGIN_FOLDER, name));
}

function record(): string {
  const sums = Object.fromEntries(CONTENT.map((name) => [name, sha256(contentOf(name))]));
  const content = { package: 'michelangelo-overlays', version: packageVersion(), sha256: sums };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function recordedSums(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, RECORD), 'utf8'));
  } catch {
    return undefined;
  }
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
