/** The trip wire: a host that nobody set must not leave. */
import type { Problem } from '../errors.ts';
import { isObject, type Json } from '../json.ts';
import type { Chunk } from '../resources/chunk.ts';
import { type Resource, resourcesOf } from '../resources/resource.ts';

/** What base manifests carry where a public host name belongs; the Kubernetes API refuses it in an Ingress. */
export const PLACEHOLDER = 'DOMAIN_NOT_SET';

/** A problem for each resource that still carries the placeholder in a value or in a document's value. */
export function placeholderProblems(chunks: readonly Chunk[]): Problem[] {
  return chunks
    .filter((chunk) => chunk.toBytes().includes(PLACEHOLDER))
    .flatMap((chunk) => resourcesOf(chunk).resources.flatMap(problemOf));
}

function problemOf(resource: Resource): Problem[] {
  const path = findPlaceholder(resource.json, [], resource);
  if (!path) return [];
  return [
    {
      code: 'placeholder-left',
      severity: 'error',
      message: `a host that was never set (${PLACEHOLDER}) is left in the output`,
      resource: resource.reference,
      path,
      found: PLACEHOLDER,
      expected: 'a host that one of the roles carries',
      mend: 'let the resource play its role, or write the host there; replacements of the same kustomization run before the function and cannot copy what it writes',
    },
  ];
}

/** The first place with the placeholder. A comment in a document that parses does not count. */
function findPlaceholder(
  value: Json | undefined,
  path: readonly string[],
  resource: Resource,
): string | undefined {
  if (typeof value === 'string') {
    if (!value.includes(PLACEHOLDER)) return undefined;
    const [data, key] = path;
    const document =
      data === 'data' && key && path.length === 2 ? resource.document(key) : undefined;
    const isDocument = document && !document.problem && typeof document.json === 'object';
    if (!isDocument) return path.join('.');
    const inner = findPlaceholder(document.json, [], resource);
    return inner === undefined ? undefined : `data[${key}].${inner}`;
  }
  const entries = Array.isArray(value) ? [...value.entries()] : isObject(value) ? Object.entries(value) : [];
  for (const [key, item] of entries) {
    const found = findPlaceholder(item, [...path, String(key)], resource);
    if (found !== undefined) return found;
  }
  return undefined;
}
