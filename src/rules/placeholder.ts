/** The trip wire: a host that nobody set must not leave. */
import { PUBLIC_ROLES } from '../config/public-hosts.ts';
import type { Problem } from '../errors.ts';
import type { Chunk } from '../manifests/chunk.ts';
import { type Resource, resourcesOf } from '../manifests/resource.ts';
import { partPlaceholder } from '../surface/old-hosts.ts';
import { PLACEHOLDER, type TextPlace, textsWith } from '../surface/placeholders.ts';
import type { SyntaxProblem } from '../yaml/yaml.ts';

const PATTERN = new RegExp(PLACEHOLDER);
const PARTS = PUBLIC_ROLES.map(partPlaceholder);

/** A problem for each resource that still carries the placeholder in a value or in a document's value. */
export function placeholderProblems(chunks: readonly Chunk[]): Problem[] {
  return chunks
    .filter((chunk) => chunk.toBytes().includes(PLACEHOLDER))
    .flatMap((chunk) => {
      const { resources, problem } = resourcesOf(chunk);
      return problem ? [brokenProblem(chunk, problem)] : resources.flatMap(problemOf);
    });
}

/** It stays in a document that cannot be read, whatever role that plays. */
function brokenProblem(chunk: Chunk, { line, column, what }: SyntaxProblem): Problem {
  const { kindHint: kind, nameHint: name = '' } = chunk;
  return {
    code: 'placeholder-left',
    severity: 'error',
    message: `a host that was never set (${PLACEHOLDER}) is left in a document that is not well-formed YAML`,
    ...(kind === undefined ? {} : { resource: { apiVersion: '', kind, name } }),
    found: `${what} at line ${line}, column ${column} of it`,
    expected: 'YAML as Kubernetes reads it, in which the host can be followed',
    fix: 'fix the YAML at this place',
  };
}

function problemOf(resource: Resource): Problem[] {
  const [path, ...others] = textsWith(resource, PATTERN).map(placeOf);
  if (path === undefined) return [];
  return [
    {
      code: 'placeholder-left',
      severity: 'error',
      message: `a host that was never set (${PLACEHOLDER}) is left in the output`,
      resource: resource.reference,
      path,
      found: others.length > 0 ? `${PLACEHOLDER}, and again at ${others.join(', ')}` : PLACEHOLDER,
      expected: 'a host that one of the roles carries',
      fix: `let the resource play its role, or write ${PARTS.join(' or ')} there, which is followed in any resource; replacements of the same kustomization run before the function and cannot copy what it writes`,
    },
  ];
}

function placeOf({ path, document }: TextPlace): string {
  return [...(document === undefined ? [] : [`data[${document}]`]), ...path].join('.');
}
