/** The reference page of the function, from the schema and the list of problem codes: it cannot drift from either. */
import { code } from '../config/wording.ts';
import { PROBLEM_CODES } from '../errors.ts';
import { ROLE_LABEL } from '../manifests/resource.ts';
import { kindsOf } from '../surface/role-labels.ts';
import { ROLES, type Role } from '../surface/roles.ts';
import { printYaml } from '../yaml/yaml.ts';
import { capitalize, table } from './markdown.ts';
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

const ROLES_HEAD = `## How parts are recognized

By what they are, not by their names. The label ${code(`${ROLE_LABEL}: ROLE`)} on a resource of the kind below decides where that is not enough: the ones that
have it are then the only ones that count. One for a role that does not exist, or on another kind, is an error. Roles that nothing plays and two that play
one are errors as well, which say what was looked for; what a base lacks on purpose goes into ${code('spec.absent')}.
`;

/** The whole page as Markdown, ending in a line feed. */
export function referencePage(): string {
  const fields = listFields();
  const sections = fields
    .filter(({ path }) => /^spec\.\w+$/.test(path))
    .map((head) => {
      const below = fields.filter(({ path }) => /^[.[]/.test(path.replace(head.path, '')));
      return section(head, below);
    });
  const problems = table(
    'code | meaning',
    Object.entries(PROBLEM_CODES).map(([name, meaning]) => [code(name), meaning]),
  );
  const page = [INTRODUCTION, ROLES_HEAD, roles(), '## Fields\n', ...sections];
  return [...page, '## Problems\n', problems].join('\n');
}

function roles(): string {
  const rows = (Object.keys(ROLES) as Role[]).map((role) => {
    const { recognizedBy, ...more } = ROLES[role];
    const besides = 'besides' in more ? more.besides : '';
    return [code(role), kindsOf(role).join(', '), recognizedBy, besides];
  });
  return table('role | label on | recognized as | besides', rows);
}

/** One field of `spec` with everything below it: its description, its examples, and a table where it has fields. */
function section(head: SchemaField, below: readonly SchemaField[]): string {
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
    parts.push(table('field | values | default | meaning', below.map(row)).trimEnd());
  return `${parts.join('\n\n')}\n`;
}

function row(field: SchemaField): string[] {
  const standard = field.required ? 'required' : field.standard;
  const same = field.sameAs && `Fields as in ${code(field.sameAs.slice('spec.'.length))}.`;
  const examples = field.examples.map((example) => {
    const text = typeof example === 'string' ? example : JSON.stringify(example);
    return `Example: ${code(text)}.`;
  });
  const meaning = sentences([field.description, same, ...examples]);
  return [code(field.path.slice('spec.'.length)), field.values, standard, meaning];
}

function sentences(texts: readonly (string | undefined)[]): string {
  return texts.filter(Boolean).join(' ');
}
