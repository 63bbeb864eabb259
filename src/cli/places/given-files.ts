/** Where findings about manifests stand in the files that were given. */
import type { Finding } from '../../checks/check.ts';
import { resourceLabel } from '../../errors.ts';
import type { Chunk } from '../../manifests/chunk.ts';
import { keysOf } from '../../yaml/locate.ts';
import { type Piece, piecesOf, placeIn } from './documents.ts';

/** One file, in the pieces that it was read in. */
interface ReadFile {
  file: string;
  chunks: readonly Chunk[];
}

/** A finding with its file, line and column. It stays as it is where its resource is not there, or is there twice. */
export function placing(files: readonly ReadFile[]): (found: Finding) => Finding {
  let places: Map<string, Piece | undefined> | undefined;
  return (found) => {
    if (found.file !== undefined || found.resource === undefined) return found;
    places ??= placesOf(files);
    const piece = places.get(resourceLabel(found.resource));
    return piece ? { ...found, ...placeIn(piece, keysOf(found.path ?? '')) } : found;
  };
}

function placesOf(files: readonly ReadFile[]): Map<string, Piece | undefined> {
  const places = new Map<string, Piece | undefined>();
  for (const piece of files.flatMap(({ file, chunks }) => piecesOf(file, chunks))) {
    const label = resourceLabel(piece.resource.reference);
    places.set(label, places.has(label) ? undefined : piece);
  }
  return places;
}
