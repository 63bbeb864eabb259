/** The notices of the libraries inside the bundle: their licenses ask that the text goes along with every copy. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import validatorPackages from '../config/generated/validator-packages.json' with { type: 'json' };
import { packagesIn } from './packages-in.ts';
import { packageRoot } from './paths.ts';

/** As `packagesIn`, with what the generated validator has. */
export function bundledPackages(metafile: Metafile): string[] {
  return [...new Set([...packagesIn(metafile), ...validatorPackages])].sort();
}

/** One text with name, version, license and license text of each package. Throws where a package has no license file. */
export function thirdPartyNotices(packages: readonly string[]): string {
  const head =
    'DomainConfig contains the libraries below, under the licenses that follow each name. DomainConfig itself is under the Apache License 2.0.\n';
  return [head, ...packages.map(noticeOf)].join(`\n${'-'.repeat(80)}\n\n`);
}

function noticeOf(name: string): string {
  const folder = join(packageRoot, 'node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(?:-mit)?(?:\.\w+)?$/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no license file`);
  const text = readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}
