/** Makes `src/checks/generated/`: the codes that `check` can find, and their checks, from the file names of the folder. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from './paths.ts';
import { writeFileAtomically } from './write-file.ts';

const folder = join(packageRoot, 'src/checks');
const banner =
  '// Generated from the file names of src/checks/ by `npm run generate`. Do not edit.\n';

/** What is no check: the contract, and what runs the checks. */
const OTHERS = ['check.ts', 'index.ts'];

const codes = (await readdir(folder))
  .filter((name) => name.endsWith('.ts') && !OTHERS.includes(name))
  .map((name) => name.replace(/\.ts$/, ''))
  .sort();
const imports = codes.map((code, index) => `import { check as c${index} } from '../${code}.ts';\n`);
const rows = codes.map((code, index) => `  '${code}': c${index},\n`);

// The codes have a module of their own: checks import their type, and the list of checks imports the checks.
await writeFileAtomically(
  join(folder, 'generated/codes.ts'),
  `${banner}export const CODES = ${JSON.stringify(codes)} as const;\nexport type FindingCode = (typeof CODES)[number];\n`,
);
await writeFileAtomically(
  join(folder, 'generated/checks.ts'),
  `${banner}import type { Check } from '../check.ts';
import type { FindingCode } from './codes.ts';
${imports.join('')}
export const CHECKS: Readonly<Record<FindingCode, Check>> = {
${rows.join('')}};
`,
);
