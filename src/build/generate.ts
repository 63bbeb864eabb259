/**
 * Makes `src/config/generated/` from the JSON Schema: the schema with the names of the controllers, what messages need of
 * it, the types of a DomainConfig, and its validator.
 *
 * The validator is compiled once, here, so that the function starts without a compiler. What ajv emits still calls
 * `require` for string lengths and `uniqueItems`; esbuild bundles those helpers in, and the result loads as an ES
 * module everywhere.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { build, type Plugin } from 'esbuild';
import { compile, type JSONSchema } from 'json-schema-to-typescript';
import { CONTROLLERS } from '../controllers/index.ts';
import { messageSchema } from './message-schema.ts';
import { packagesIn } from './packages-in.ts';
import { packageRoot } from './paths.ts';
import { writeFileAtomically } from './write-file.ts';

const configFolder = join(packageRoot, 'src/config');
const schemaFile = join(configFolder, 'domain-config.schema.json');
const banner = '// Generated from domain-config.schema.json by `npm run generate`. Do not edit.\n';

const validatorTypes = `${banner}
import type { ErrorObject } from 'ajv';
import type { DomainConfig } from './domain-config.ts';

/** Whether a value has the shape of a DomainConfig; \`errors\` says what is wrong after a call that returned false. */
declare const validate: {
  (data: unknown): data is DomainConfig;
  errors?: null | ErrorObject[];
};
export default validate;
`;

/**
 * Drops what stands beside a reference to an object type, in place. A description there would make a type of its own
 * for each place: `Annotations1`, `Annotations2`.
 */
function shareObjectTypes(node: unknown, definitions: Record<string, { type?: unknown }>): void {
  if (typeof node !== 'object' || node === null) return;
  const reference = '$ref' in node ? String(node.$ref).replace('#/definitions/', '') : undefined;
  if (reference !== undefined && definitions[reference]?.type === 'object')
    for (const key of Object.keys(node)) if (key !== '$ref') delete node[key as keyof typeof node];
  for (const child of Object.values(node)) shareObjectTypes(child, definitions);
}

async function makeTypes(schema: JSONSchema): Promise<string> {
  return compile(schema, 'DomainConfig', {
    bannerComment: banner.trimEnd(),
    cwd: configFolder,
    // Resolving `$ref` as a file would need a file: every reference stays inside the schema.
    declareExternallyReferenced: true,
    strictIndexSignatures: false,
    unreachableDefinitions: false,
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, printWidth: 100 },
  });
}

/** ajv's helpers carry, for its own compiler, the text of the `require` call that loads them: dead weight here. */
const withoutRequireTexts: Plugin = {
  name: 'without-require-texts',
  setup({ onLoad }) {
    onLoad({ filter: /ajv[\\/]dist[\\/]runtime[\\/]\w+\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/^\w+\.code = .*$/m, ''),
      loader: 'js',
    }));
  },
};

/** The validator's source, and the npm packages of which something is in it. */
async function makeValidator(schema: object): Promise<{ source: string; packages: string[] }> {
  const ajv = new Ajv({
    allErrors: true,
    // schema-problems.ts has words of its own.
    messages: false,
    strict: true,
    // `hosts.aliases` and `tls.trust` take a text or an object.
    allowUnionTypes: true,
    // formats.ts in src/config/ checks them, with words of its own.
    validateFormats: false,
    // One function for each definition instead of a copy at each reference: a third of the size.
    inlineRefs: false,
    code: { source: true, esm: false, optimize: 1 },
  });
  // What the schema has for editors alone.
  ajv.addVocabulary(['defaultSnippets', 'enumDescriptions']);
  const contents = standalone.default(ajv, ajv.compile(schema));
  const bundle = await build({
    stdin: { contents, resolveDir: packageRoot, sourcefile: 'validate.cjs', loader: 'js' },
    absWorkingDir: packageRoot,
    bundle: true,
    plugins: [withoutRequireTexts],
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'node20',
    // Without it, the bytes would hold the paths of the helpers, which depend on where node_modules lies.
    minify: true,
    legalComments: 'none',
    metafile: true,
  });
  const text = bundle.outputFiles[0]?.text ?? '';
  if (text === '' || /\brequire\(/.test(text))
    throw new Error('The bundled validator is empty or still calls require.');
  return { source: `${banner}${text}`, packages: packagesIn(bundle.metafile) };
}

const schema = JSON.parse(await readFile(schemaFile, 'utf8'));
const { controller } = schema.definitions.IngressEntry.properties;
delete controller.$comment;
controller.enum = Object.keys(CONTROLLERS);
// json-schema-to-typescript changes the schema that it is given.
const schemaForTypes = structuredClone(schema);
shareObjectTypes(schemaForTypes, schema.definitions);
const types = await makeTypes(schemaForTypes);
const { source: validator, packages } = await makeValidator(schema);
const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
for (const [name, text] of [
  ['domain-config.schema.json', json(schema)],
  ['messages.schema.json', json(messageSchema(schema))],
  ['domain-config.ts', types],
  ['validate.js', validator],
  // Their notices go along with the bundle.
  ['validator-packages.json', json(packages)],
  ['validate.d.ts', validatorTypes],
] as const)
  await writeFileAtomically(join(configFolder, 'generated', name), text);
