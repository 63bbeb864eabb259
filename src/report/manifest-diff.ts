/** What the function did to the text of the manifests, as a unified diff. The one door to `diff`. */
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { printed, resourceLabel } from '../errors.ts';
import { Chunk } from '../manifests/chunk.ts';
import { resourcesOf } from '../manifests/resource.ts';
import { splitDocuments } from '../protocol/documents.ts';
import { withoutHash } from '../surface/near-names.ts';
import type { FunctionCall } from './call.ts';
import { isShowable, redactChunk } from './redact.ts';

/** kustomize's own notes, which do not leave it. */
const INTERNAL =
  /^( *)(?:internal\.config\.kubernetes\.io\/|kustomize\.config\.k8s\.io\/id:).*\n(?:\1 .*\n)*/gm;
const EMPTY_ANNOTATIONS = /^( *)annotations:\n(?!\1 )/gm;

/** The change of one document of the stream. */
export interface ManifestDiff {
  /** `Ingress michelangelo/michelangelo-apiserver`, for each resource in it. */
  labels: string[];
  /** A unified diff, its two header lines included. */
  text: string;
}

/** A diff for each document that was changed, added or taken away, in the order of the stream. */
export function manifestDiffs({ batch, before }: FunctionCall): ManifestDiff[] {
  return batch.chunks.flatMap((chunk) => {
    const old = before.get(chunk) ?? '';
    return chunk.text === old ? [] : [diffOf(new Chunk(Buffer.from(old)), chunk)];
  });
}

/** A unified diff of two texts that are fit to be shown. */
export function textDiff(from: string, to: string, old: string, now: string): string {
  return createTwoFilesPatch(from, to, old, now, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  });
}

/** A diff for each document of finished manifests that differs between two states; documents are matched by what is in them. */
export function diffsBetween(there: Buffer, here: Buffer): ManifestDiff[] {
  const [before, after] = [chunksByName(there), chunksByName(here)];
  const nothing = new Chunk(Buffer.from(''));
  const titles = [...after.keys(), ...[...before.keys()].filter((title) => !after.has(title))];
  return titles.flatMap((title) => {
    const [old, chunk] = [before.get(title) ?? nothing, after.get(title) ?? nothing];
    return old.text === chunk.text ? [] : [diffOf(old, chunk)];
  });
}

/** A ConfigMap with other content has another hash at the end of its name, and is the same one. */
function chunksByName(bytes: Buffer): Map<string, Chunk> {
  const chunks = new Map<string, Chunk>();
  for (const chunk of splitDocuments(bytes)) {
    let name = titleOf(labelsOf(chunk).map(withoutHash));
    while (chunks.has(name)) name += ' ';
    chunks.set(name, chunk);
  }
  return chunks;
}

function diffOf(old: Chunk, chunk: Chunk): ManifestDiff {
  const [oldLabels, newLabels] = [labelsOf(old), labelsOf(chunk)];
  const [from, to] = [titleOf(oldLabels), titleOf(newLabels)];
  const canShow = isShowable(old) && isShowable(chunk);
  const text = canShow
    ? textDiff(from, to, textOf(old), textOf(chunk))
    : `--- ${from}\n+++ ${to}\n# values of a Secret are not shown\n`;
  return { labels: [...new Set([...oldLabels, ...newLabels])], text };
}

function textOf(chunk: Chunk): string {
  const text = redactChunk(chunk)
    .replace(/^---\n/, '')
    .replace(INTERNAL, '');
  return text.replace(EMPTY_ANNOTATIONS, '');
}

function labelsOf(chunk: Chunk): string[] {
  return resourcesOf(chunk).resources.map(({ reference }) => resourceLabel(reference));
}

function titleOf(labels: readonly string[]): string {
  return printed(labels.join(', ')) || '/dev/null';
}
