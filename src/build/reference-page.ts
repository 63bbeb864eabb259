/** The reference page of the function, from the schema and the list of problem codes: it cannot drift from either. */
import { PROBLEM_CODES } from '../errors.ts';
import { printYaml } from '../yaml/yaml.ts';
import { listFields, type SchemaField } from './schema-fields.ts';

const INTRODUCTION = `# DomainConfig

<!-- Made from the schema by \`npm run build\`: edits here are lost. -->

One small file per environment, from which every host name, port and certificate reference of Michelangelo's manifests
follows. The function is a kustomize transformer: list the file under \`transformers:\` in the overlay's
\`kustomization.yaml\`, the outermost one, which sets \`namePrefix\` and \`namespace\`.

\`\`\`yaml
# yaml-language-server: $schema=./domain-config.schema.json
apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata:
  name: production
spec:
  domain: ml.example.com
  tls:
    mode: secret
\`\`\`

| called as | reads | prints |
|---|---|---|
| \`DomainConfig CONFIG\` | YAML documents on standard input | YAML documents; kustomize calls it so from its plugin home |
| \`DomainConfig CONFIG FILE…\` | the files; \`-\` is standard input | YAML documents |
| \`DomainConfig\` | a KRM ResourceList on standard input, with the config as \`functionConfig\` | a ResourceList with \`results\` |

Exit status 0, or 1 where there is an error. Unknown fields are errors. All problems are reported at once, on standard
error; the first two forms then print nothing on standard output, the third its input and \`results\`.
`;

/** The whole page as Markdown, ending in a line feed. */
export function referencePage(): string {
  const fields = listFields().filter((field) => field.path.startsWith('spec.'));
  const groups = new Map<string, SchemaField[]>();
  for (const field of fields) {
    const group = field.path.split(/[.[]/)[1] ?? '';
    groups.set(group, [...(groups.get(group) ?? []), field]);
  }
  const sections = [...groups.values()].map(section);
  return [INTRODUCTION, '## Fields\n', ...sections, problems()].join('\n');
}

/** One field of `spec` with everything below it: its description, its examples, and a table where it has fields. */
function section(fields: readonly SchemaField[]): string {
  const [head, ...below] = fields;
  if (head === undefined) return '';
  const facts = [
    head.required ? 'Required.' : '',
    `${capitalize(head.values)}.`,
    head.standard && `Default: ${head.standard}.`,
  ];
  const parts = [`### ${head.path}`, sentences([head.description, ...facts])];
  for (const example of head.examples) {
    const key = head.path.slice('spec.'.length);
    parts.push(`\`\`\`yaml\n${printYaml({ spec: { [key]: example } })}\`\`\``);
  }
  if (below.length > 0)
    parts.push(
      ['| field | values | default | meaning |', '|---|---|---|---|', ...below.map(row)].join('\n'),
    );
  return `${parts.join('\n\n')}\n`;
}

function row(field: SchemaField): string {
  const standard = field.required ? 'required' : field.standard;
  const same = field.sameAs && `Fields as in ${code(field.sameAs.slice('spec.'.length))}.`;
  const meaning = sentences([field.description, same, ...field.examples.map(inlineExample)]);
  const cells = [code(field.path.slice('spec.'.length)), field.values, standard, meaning];
  return `| ${cells.map(cell).join(' | ')} |`;
}

function inlineExample(example: unknown): string {
  return `Example: ${code(inline(example))}.`;
}

function problems(): string {
  const rows = Object.entries(PROBLEM_CODES).map(
    ([name, meaning]) => `| ${code(name)} | ${cell(meaning)} |`,
  );
  return ['## Problems\n', '| code | meaning |', '|---|---|', ...rows, ''].join('\n');
}

function inline(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function code(text: string): string {
  return `\`${text}\``;
}

function sentences(texts: readonly (string | undefined)[]): string {
  return texts.filter(Boolean).join(' ');
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function cell(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll('|', '\\|');
}
