/** Where the build reads and writes, from the package's own place rather than the working directory. */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's root folder, without a trailing slash. */
export const packageRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** Folder of kustomize's plugin home, relative to the package root. */
export const pluginHome = 'plugin';

/** The folder in the plugin home in which kustomize looks for a config of kind DomainConfig. */
const pluginFolder = `${pluginHome}/network.michelangelo.api/v1alpha1/domainconfig`;

/** The function's bundle. */
export const bundlePath = `${pluginFolder}/DomainConfig`;

/** The JSON Schema that editors get: the one that the validator is compiled from, with more for them. */
export const schemaPath = `${pluginFolder}/domain-config.schema.json`;

/** The reference page that is made from the schema. */
export const referencePath = `${pluginFolder}/README.md`;

/** Licenses of the libraries inside the bundle. */
export const noticesPath = `${pluginFolder}/THIRD-PARTY-NOTICES`;

/** What is in the bundle, for programs that look for versions with known faults. */
export const billPath = `${pluginFolder}/DomainConfig.cdx.json`;

/** SHA-256 of each file beside the bundle, as `sha256sum --check` reads it. */
export const checksumsPath = `${pluginFolder}/SHA256SUMS`;

/** The command line's bundle, `cli.js` and what it loads, which is not committed. */
export const commandLineFolder = 'dist';

/** The page of Ingress controllers, which is made from their data. */
export const controllersPath = 'docs/controllers.md';

/** The page of what `check` finds, which is made from the checks. */
export const checksPath = 'docs/checks.md';

/** The static executables, which are not committed. */
export const staticFolder = 'dist/static';

/** Where programs that builds and tests need are kept: `$MA_TOOLS_DIR`, which can outlive a clone, or `.cache/tools` in it. */
export const toolsFolder = process.env.MA_TOOLS_DIR
  ? resolve(process.env.MA_TOOLS_DIR)
  : join(packageRoot, '.cache/tools');
