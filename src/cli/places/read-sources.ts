/** What an overlay is built from, read once for all findings. */

import { isAbsolute, relative, resolve } from 'node:path';
import { remembered } from '../../maps.ts';
import { splitDocuments } from '../../protocol/documents.ts';
import { readTextIfRegular } from '../../read-file.ts';
import { type Layer, layersOf } from '../kustomize/layers.ts';
import { type Piece, piecesOf } from './documents.ts';

/** Readers of one overlay's files; each file is read when it is first asked for, and once. */
export interface Sources {
  /** Innermost first. */
  layers: readonly Layer[];
  /** The text of a file; undefined where it cannot be read. */
  textOf(path: string): string | undefined;
  /** The resources in it. */
  piecesOf(path: string): readonly Piece[];
  /** A path as messages show it. */
  shown(path: string): string;
}

/** Nothing is read before it is asked for. */
export function sourcesOf(overlay: string, cwd: string): Sources {
  let layers: Layer[] | undefined;
  const texts = new Map<string, string | undefined>();
  const pieces = new Map<string, readonly Piece[]>();
  const textOf = (path: string) => remembered(texts, path, () => read(path));
  const shown = (path: string): string => relative(cwd, resolve(cwd, path));
  return {
    get layers() {
      layers ??= layersOf(overlay, cwd);
      return layers;
    },
    textOf,
    piecesOf: (path) =>
      remembered(pieces, path, () =>
        piecesOf(shown(path), splitDocuments(Buffer.from(textOf(path) ?? ''))),
      ),
    shown,
  };
}

function read(path: string): string | undefined {
  return isAbsolute(path) ? readTextIfRegular(path) : undefined;
}
