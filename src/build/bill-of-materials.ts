/**
 * What is in the bundle, as CycloneDX JSON: the bytes are the same in every build, so that there is neither a time nor a serial number.
 *
 * Source: CycloneDX 1.5, JSON reference; package-url specification, type `npm`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './paths.ts';

/** @param packages - names of npm packages of which something is in it */
export function billOfMaterials(packages: readonly string[]): string {
  const bill = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: { ...componentOf(packageRoot), type: 'application' } },
    components: packages.map((name) => ({
      ...componentOf(join(packageRoot, 'node_modules', name)),
      type: 'library',
    })),
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

function componentOf(folder: string) {
  const file = readFileSync(join(folder, 'package.json'), 'utf8');
  const { name, version, license }: Record<string, string> = JSON.parse(file);
  const purl = `pkg:npm/${name?.replace('@', '%40')}@${version}`;
  return { 'bom-ref': purl, name, version, purl, licenses: [{ license: { id: license } }] };
}
