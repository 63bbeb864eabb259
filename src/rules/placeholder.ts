/** The trip wire: a host that nobody set must not leave. */
import { PUBLIC_ROLES } from '../config/public-hosts.ts';
import type { Problem } from '../errors.ts';
import type { Chunk } from '../manifests/chunk.ts';
import { type Resource, resourcesOf } from '../manifests/resource.ts';
import { partPlaceholder } from '../surface/old-hosts.ts';
import { PLACEHOLDER, type TextPlace, textsWith } from '../surface/placeholders.ts';

const PATTERN = new RegExp(PLACEHOLDER);
const PARTS = PUBLIC_ROLES.map(partPlaceholder);

/** A problem for each resource that still carries the placeholder in a value or in a document's value. */
export function placeholderProblems(chunks: readonly Chunk[]): Problem[] {
  return chunks
    .filter((chunk) => chunk.toBytes().includes(PLACEHOLDER))
    .flatMap((chunk) => resourcesOf(chunk).resources.flatMap(problemOf));
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
