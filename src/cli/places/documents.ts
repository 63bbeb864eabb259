/** Files of manifests in the pieces that findings are about, and where in them something stands. */
import type { FilePlace } from '../../errors.ts';
import type { Chunk } from '../../manifests/chunk.ts';
import { type Resource, resourcesOf } from '../../manifests/resource.ts';
import { locateKeys } from '../../yaml/locate.ts';

/** A resource in a file. */
export interface Piece {
  /** As messages show it: from the working directory. */
  file: string;
  resource: Resource;
  /** Lines of the file before its chunk. */
  before: number;
}

/** Every resource of a file, in its order. */
export function piecesOf(file: string, chunks: readonly Chunk[]): Piece[] {
  let before = 0;
  return chunks.flatMap((chunk) => {
    const pieces = resourcesOf(chunk).resources.map((resource) => ({ file, resource, before }));
    before += chunk.text.split('\n').length - 1;
    return pieces;
  });
}

/** The place of keys in a resource, or of the innermost thing around it that is there; the resource itself begins at its kind. */
export function placeIn({ file, resource, before }: Piece, keys: readonly string[]): FilePlace {
  const [first = ''] = keys;
  const inside = Object.hasOwn(resource.json, first) ? keys : ['kind'];
  const place = locateKeys(resource.chunk.parsed, [...resource.path, ...inside]);
  return place ? { file, line: before + place.line, column: place.column } : { file };
}
