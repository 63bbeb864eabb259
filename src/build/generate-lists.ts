/**
 * Makes the version in `src/protocol/generated/`, and the lists in `src/checks/generated/` and `src/controllers/generated/` from the files of the two folders: a file's name is
 * the code of its check, or the name of its controller.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Controller } from '../controllers/controller.ts';
import { packageRoot } from './paths.ts';
import { writeFileAtomically } from './write-file.ts';

const checks = join(packageRoot, 'src/checks');
const controllers = join(packageRoot, 'src/controllers');
const banner = '// Generated from file names by `npm run generate`. Do not edit.\n';

/** @param others - what stands in the folder and is not a member of its list */
async function namesIn(folder: string, others: readonly string[]): Promise<string[]> {
  return (await readdir(folder))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replace(/\.ts$/, ''))
    .filter((name) => !others.includes(name))
    .sort();
}

const importsOf = (names: readonly string[], member: string) =>
  names.map((name, index) => `import { ${member} as m${index} } from '../${name}.ts';\n`).join('');
const rowsOf = (names: readonly string[]) =>
  names.map((name, index) => `  '${name}': m${index},\n`).join('');

// The function has no package.json beside it.
const { name, version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8'));
await writeFileAtomically(
  join(packageRoot, 'src/protocol/generated/version.ts'),
  `// Generated from package.json by \`npm run generate\`. Do not edit.
/** As \`--version\` prints it. */
export const VERSION = '${name} ${version}';
`,
);

// The codes have a module of their own: checks import their type, and the list of checks imports the checks.
const codes = await namesIn(checks, ['check', 'index']);
await writeFileAtomically(
  join(checks, 'generated/codes.ts'),
  `${banner}export const CODES = ${JSON.stringify(codes)} as const;
export type CheckCode = (typeof CODES)[number];
`,
);
await writeFileAtomically(
  join(checks, 'generated/checks.ts'),
  `${banner}import type { Check } from '../check.ts';
import type { CheckCode } from './codes.ts';
${importsOf(codes, 'check')}
export const CHECKS: Readonly<Record<CheckCode, Check>> = {
${rowsOf(codes)}};
`,
);

const names = await namesIn(controllers, ['controller', 'index']);
const ranks: Record<string, number> = {};
for (const name of names) {
  const module = await import(pathToFileURL(join(controllers, `${name}.ts`)).href);
  ranks[name] = (module.controller as Controller).rank ?? Number.MAX_SAFE_INTEGER;
}
names.sort((left, right) => Number(ranks[left]) - Number(ranks[right]));
await writeFileAtomically(
  join(controllers, 'generated/index.ts'),
  `${banner}${importsOf(names, 'controller')}
export const CONTROLLERS = {
${rowsOf(names)}};
`,
);
