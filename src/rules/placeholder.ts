/** The trip wire: a host that nobody set must not leave. */
import type { Problem } from '../errors.ts';
import type { Chunk } from '../manifests/chunk.ts';
import { type Resource, resourcesOf } from '../manifests/resource.ts';
import { isObject, type Json } from '../yaml/json.ts';

/** What base manifests carry where a public host name belongs; the Kubernetes API refuses it in an Ingress. */
export const PLACEHOLDER = 'DOMAIN_NOT_SET';

/** A problem for each resource that still carries the placeholder in a value or in a document's value. */
export function placeholderProblems(chunks: readonly Chunk[]): Problem[] {
  return chunks
    .filter((chunk) => chunk.toBytes().includes(PLACEHOLDER))
    .flatMap((chunk) => resourcesOf(chunk).resources.flatMap(problemOf));
}

function problemOf(resource: Resource): Problem[] {
  const [path, ...others] = findPlaceholders(resource.json, [], resource);
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
      mend: 'let the resource play its role, or write the host there; replacements of the same kustomization run before the function and cannot copy what it writes',
    },
  ];
}

/** Every place with the placeholder, in a key or a value. A comment in a document that parses does not count. */
function findPlaceholders(
  value: Json | undefined,
  path: readonly string[],
  resource: Resource,
): string[] {
  if (typeof value === 'string')
    return value.includes(PLACEHOLDER) ? placesInText(path, resource) : [];
  const entries = Array.isArray(value)
    ? [...value.entries()]
    : isObject(value)
      ? Object.entries(value)
      : [];
  return entries.flatMap(([key, item]) => {
    const place = [...path, String(key)];
    const own = String(key).includes(PLACEHOLDER) ? [place.join('.')] : [];
    return [...own, ...findPlaceholders(item, place, resource)];
  });
}

/** The places in a document, or the one of the text where it is none. */
function placesInText(path: readonly string[], resource: Resource): string[] {
  const [data, key] = path;
  const isData = data === 'data' && path.length === 2 && resource.kind === 'ConfigMap';
  const document = isData && key ? resource.document(key) : undefined;
  if (!document || document.problem || typeof document.json !== 'object') return [path.join('.')];
  const inner = findPlaceholders(document.json, [], resource);
  return inner.map((place) => `data[${key}].${place}`);
}
