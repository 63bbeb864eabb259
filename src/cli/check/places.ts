/** Where findings about manifests stand in the files that were given. */
import type { Finding } from '../../checks/check.ts';
import { type FilePlace, resourceLabel } from '../../errors.ts';
import type { Chunk } from '../../manifests/chunk.ts';
import { resourcesOf } from '../../manifests/resource.ts';
import { locate } from '../../yaml/locate.ts';

/** One file, in the pieces that it was read in. */
interface ReadFile {
  file: string;
  chunks: readonly Chunk[];
}

interface Place {
  file: string;
  chunk: Chunk;
  /** Lines of the file before the chunk. */
  before: number;
}

/** A finding with its file, line and column. It stays as it is where its resource is not there, is there twice, or is one of a list. */
export function placing(files: readonly ReadFile[]): (found: Finding) => Finding {
  let places: Map<string, Place | undefined> | undefined;
  return (found) => {
    if (found.file !== undefined || found.resource === undefined) return found;
    places ??= placesOf(files);
    const place = places.get(resourceLabel(found.resource));
    return place ? { ...found, ...placeIn(place, found.path) } : found;
  };
}

function placesOf(files: readonly ReadFile[]): Map<string, Place | undefined> {
  const places = new Map<string, Place | undefined>();
  for (const { file, chunks } of files) {
    let before = 0;
    for (const chunk of chunks) {
      const { resources } = resourcesOf(chunk);
      for (const { reference } of resources) {
        const label = resourceLabel(reference);
        const isOne = resources.length === 1 && !places.has(label);
        places.set(label, isOne ? { file, chunk, before } : undefined);
      }
      before += chunk.text.split('\n').length - 1;
    }
  }
  return places;
}

/** The resource itself begins at its kind. */
function placeIn({ file, chunk, before }: Place, path = 'kind'): FilePlace {
  const { parsed } = chunk;
  const found = locate(parsed, path) ?? locate(parsed, 'kind');
  return found ? { file, line: before + found.line, column: found.column } : { file };
}
