/** The page of checks, from their files: a section for each code, under the heading that findings point at. */
import { FAMILIES, type Row } from '../checks/check.ts';
import { CATALOGUE, canBeAccepted, type FindingCode } from '../checks/shared/catalogue.ts';
import { IGNORE_ANNOTATION } from '../surface/accepted.ts';
import { table } from './markdown.ts';

const INTRODUCTION = `# What \`check\` finds

<!-- Made from src/checks by \`npm run build\`: edits here are lost. -->

\`ma-overlays check <overlay, file or ->…\` looks at finished manifests, whoever made them: overlays of this repository, the output of
a Helm chart, files that people wrote. An \`error\` breaks now and gives exit status 1; a \`warning\` may break, or cannot be seen from
manifests alone, and fails with \`--strict\` only. A finding may be milder than its section says, where it says why.

What the function warns of while it writes is found as well, under the same codes, and so is what keeps an overlay from being built: one
list, which \`report\`, \`new\` and the function itself have in common. What is silenced is silent in all of them.

Overlays that are named together are also compared with each other. \`--checklist\` answers the nine items of the network and ingress
guide, each by these findings, or with the command that shows it where manifests cannot.

## Other tools beside it

What these find is not said here again. They read the same rendered manifests:

\`\`\`sh
ma-overlays render overlays/production > rendered.yaml
# the shape of every resource, custom ones included
kubeconform -strict -summary -schema-location default -schema-location \\
  'https://raw.githubusercontent.com/datreeio/CRDs-catalog/main/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json' rendered.yaml
# what every workload should have: requests, probes, security contexts
kube-linter lint rendered.yaml
\`\`\`

Envoy's own verdict needs no command: where \`check\` has an Envoy (\`--envoy PATH\`, \`$ENVOY\`, or \`envoy\` on PATH), it runs
\`envoy --mode validate\` on each bootstrap of the stream, and a refusal is [\`envoy-verdict\`](#envoy-verdict).

## To silence a finding

In an overlay, in its DomainConfig, with the resource as the finding prints it; without one every resource is meant:

\`\`\`yaml
spec:
  checks:
    ignore:
      - code: entry-stream-limit
        resource: Ingress michelangelo/michelangelo-apiserver
        reason: readTimeout of the entry point is set in the values of Traefik's chart
\`\`\`

In any other manifest by an annotation on the resource that the finding names. Its value is the reason, and has to be there:

\`\`\`yaml
metadata:
  annotations:
    ${IGNORE_ANNOTATION}entry-stream-limit: readTimeout of the entry point is set in the values of Traefik's chart
\`\`\`

What is silenced is counted in the summary. A line that silences nothing any more is a warning itself.
`;

/** The whole page as Markdown, ending in a line feed. */
export function checksPage(): string {
  const checks = Object.entries(CATALOGUE);
  const families = FAMILIES.map((heading) => {
    const sections = checks.filter(([, { family }]) => family === heading).map(section);
    return `\n## ${heading}\n${sections.join('')}`;
  });
  const rows = checks.map(([code, { severity, title }]) => [
    `[\`${code}\`](#${code})`,
    severity,
    title,
  ]);
  return `${INTRODUCTION}\n${table('code | severity |', rows)}${families.join('')}`;
}

function section([code, { severity, title, why, fix }]: [string, Row]): string {
  const silence = !canBeAccepted(code as FindingCode)
    ? 'it cannot be silenced'
    : `\`code: ${code}\` under \`spec.checks.ignore\`, or the annotation \`${IGNORE_ANNOTATION}${code}\``;
  return `
### ${code}

${title} (${severity}).

- **Why it breaks**: ${why}
- **To fix it**: ${fix}.
- **To silence it**: ${silence}.
`;
}
