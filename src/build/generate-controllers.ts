/** Makes `src/controllers/generated/index.ts`, the list of controllers, from the files beside it: a file's name is its controller's name. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Controller } from '../controllers/controller.ts';
import { packageRoot } from './paths.ts';
import { writeFileAtomically } from './write-file.ts';

const folder = join(packageRoot, 'src/controllers');

/** What stands among the controllers and is none. */
const OTHERS = ['controller', 'index'];

const files = (await readdir(folder))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))
  .filter((name) => !OTHERS.includes(name))
  .sort();
const ranked = await Promise.all(
  files.map(async (name) => {
    const { controller } = await import(pathToFileURL(join(folder, `${name}.ts`)).href);
    return { name, rank: (controller as Controller).rank ?? Number.POSITIVE_INFINITY };
  }),
);
const names = ranked
  .sort((left, right) => (left.rank === right.rank ? 0 : left.rank - right.rank))
  .map(({ name }) => name);
const variable = (name: string) =>
  name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
const imports = names.map(
  (name) => `import { controller as ${variable(name)} } from '../${name}.ts';\n`,
);
const rows = names.map((name) => `  ${JSON.stringify(name)}: ${variable(name)},\n`);
await writeFileAtomically(
  join(folder, 'generated/index.ts'),
  `// Generated from the files of src/controllers by \`npm run generate\`. Do not edit.
${imports.join('')}
export const CONTROLLERS = {
${rows.join('')}};
`,
);
