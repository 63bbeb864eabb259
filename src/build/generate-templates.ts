/** Makes `src/templates/generated/templates.ts`: the YAML files beside it as text, for the bundle and for tests alike. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from './paths.ts';
import { writeFileAtomically } from './write-file.ts';

const folder = join(packageRoot, 'src/templates');

const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
const rows = await Promise.all(
  names.map(async (name) => {
    const text = await readFile(join(folder, name), 'utf8');
    return `  ${JSON.stringify(name.replace(/\.yaml$/, ''))}: ${JSON.stringify(text)},\n`;
  }),
);
await writeFileAtomically(
  join(folder, 'generated/templates.ts'),
  `// Generated from the YAML files of this folder by \`npm run generate\`. Do not edit.
export const TEMPLATES = {
${rows.join('')}} as const;
`,
);
