import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package: the nearest one above that has a package.json, from src/cli and from dist alike. */
export const packageRoot = nearestPackage(dirname(fileURLToPath(import.meta.url)));

/** Where kustomize looks in a plugin home for a config of kind DomainConfig. */
export const PLUGIN_FOLDER = 'network.michelangelo.api/v1alpha1/domainconfig';

/** This package's documentation, from the working directory where it is below it. */
export function docsPath(cwd: string): string {
  const docs = join(packageRoot, 'docs');
  // A dependency may be a link; the path of a project goes through its node_modules.
  const found = [join(cwd, 'docs'), join(cwd, 'node_modules/ma-overlays/docs')].find(
    (path) => existsSync(path) && realpathSync(path) === realpathSync(docs),
  );
  return found === undefined ? docs : relative(cwd, found);
}

/** The version in its package.json. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8'));
  return version;
}

function nearestPackage(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : nearestPackage(dirname(folder));
}
