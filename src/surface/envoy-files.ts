/** Envoy's document with what it reads from other keys of the same ConfigMap. */
import { composed, fileAt } from '../envoy/discovery-files.ts';
import type { Path } from '../envoy/proto-json.ts';
import type { Json } from '../yaml/json.ts';
import type { DocumentTarget } from './parts.ts';

type Composed = ReturnType<typeof composed>;

/**
 * What each document was put together to, with the files that it took. What readers keep of a document they keep by its identity: an equal one
 * that is another object would be read by all of them again.
 */
const known = new WeakMap<object, { read: Map<string, Json | undefined>; found: Composed }>();

/** The document as a whole. It stays the same object as long as neither it nor a file changes. */
export function wholeOf(
  json: Json | undefined,
  readFile: (file: string) => Json | undefined,
): Composed {
  if (typeof json !== 'object' || json === null) return { json, mounts: [] };
  const last = known.get(json);
  if (last && [...last.read].every(([file, before]) => readFile(file) === before))
    return last.found;
  const read = new Map<string, Json | undefined>();
  const found = composed(json, (file) => {
    const text = readFile(file);
    read.set(file, text);
    return text;
  });
  known.set(json, { read, found });
  return found;
}

/** The keys of a ConfigMap from which Envoy's document is put together. */
export function filesOf({ resource, key }: DocumentTarget): string[] {
  const { mounts } = wholeOf(resource.document(key)?.json, (file) => resource.document(file)?.json);
  return [key, ...mounts.map(({ file }) => file)];
}

/** The key and the path in it at which a place of the whole document really stands. */
export function placeOfPart(target: DocumentTarget, path: Path): { key: string; path: Path } {
  const { resource, key } = target;
  const { mounts } = wholeOf(resource.document(key)?.json, (file) => resource.document(file)?.json);
  const place = fileAt(mounts, path);
  return place ? { key: place.file, path: place.path } : { key, path };
}
