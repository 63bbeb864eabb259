/** What the function did to the text of the manifests, as a unified diff. */
import { printed, resourceLabel } from '../errors.ts';
import { Chunk } from '../manifests/chunk.ts';
import { resourcesOf } from '../manifests/resource.ts';
import type { FunctionCall } from './call.ts';
import { isShowable, redactChunk } from './redact.ts';
import { textDiff } from './text-diff.ts';

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

function diffOf(old: Chunk, chunk: Chunk): ManifestDiff {
  const [oldLabels, newLabels] = [labelsOf(old), labelsOf(chunk)];
  const [from, to] = [titleOf(oldLabels), titleOf(newLabels)];
  const canShow = isShowable(old) && isShowable(chunk);
  const text = canShow
    ? textDiff(from, to, shownText(old), shownText(chunk))
    : `--- ${from}\n+++ ${to}\n# values of a Secret are not shown\n`;
  return { labels: [...new Set([...oldLabels, ...newLabels])], text };
}

/** The text of a chunk that is showable, fit to be shown. */
export function shownText(chunk: Chunk): string {
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
