/** What is never shown: values of Secrets, and private keys wherever they stand. */
import type { Chunk } from '../manifests/chunk.ts';
import { resourcesOf } from '../manifests/resource.ts';
import { isObject, type Json } from '../yaml/json.ts';

/** Stands where a value is left out. */
const HIDDEN = '(not shown)';

const PRIVATE_KEY =
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

/** A value of a resource, fit to be shown. */
export function redact(kind: string, value: Json): Json {
  return kind === 'Secret' ? HIDDEN : withoutKeys(value);
}

/** A whole resource, fit to be shown: of a Secret its name and type are left. */
export function redactResource(resource: Json): Json {
  if (!isObject(resource) || resource['kind'] !== 'Secret') return withoutKeys(resource);
  const { apiVersion = '', kind, metadata, type } = resource;
  const { name = '', namespace } = isObject(metadata) ? metadata : {};
  return {
    apiVersion,
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    ...(type === undefined ? {} : { type }),
    data: HIDDEN,
  };
}

/** Whether the text of a chunk may be shown at all: one that does not parse could hold anything. */
export function isShowable(chunk: Chunk): boolean {
  const { resources, problem } = resourcesOf(chunk);
  return !problem && resources.every(({ kind }) => kind !== 'Secret');
}

/** A text without the private keys in it. */
export function redactText(text: string): string {
  return text.replace(PRIVATE_KEY, HIDDEN);
}

function withoutKeys(value: Json): Json {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(withoutKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutKeys(item)]));
}
