/** What differs between two states of one overlay, resource by resource. */
import { type ResourceReference, resourceLabel } from '../../errors.ts';
import { Chunk } from '../../manifests/chunk.ts';
import { groupOfVersion } from '../../manifests/manifests.ts';
import { resourcesOf } from '../../manifests/resource.ts';
import { splitDocuments } from '../../protocol/documents.ts';
import { withoutHash } from '../../surface/near-names.ts';
import { shownText } from '../manifest-diff.ts';
import { isShowable } from '../redact.ts';
import { type Block, blocksBetween } from '../text-diff.ts';
import { commonPath, linesOf } from './field-path.ts';
import { hiddenChanges } from './hidden-changes.ts';
import { type BuiltState, type OwnValues, ownValues } from './own-values.ts';

/** A block with where it is, and what makes it the same change as one of another environment. */
export interface ChangedBlock extends Block {
  /** `spec.template.spec.containers[worker].image`; empty for a whole resource. */
  path: string;
  /** Equal where every byte is. */
  key: string;
  /** Equal where all is but what is each environment's own. */
  ownKey: string;
}

/** One resource, or one document that has several. */
export interface ResourceChange {
  state: 'added' | 'removed' | 'changed';
  /** With its name in this overlay: `Deployment michelangelo/dev-michelangelo-worker`. */
  label: string;
  /** With its name in the base: equal in all overlays that are built from it. */
  identity: string;
  /** Lines that are fit to be shown; none of what has a Secret in it. */
  old: readonly string[];
  now: readonly string[];
  blocks: readonly ChangedBlock[];
  /** Paths of values that changed and are never shown. */
  hidden: readonly string[];
}

/** The chunks of finished manifests by what is in them. */
interface Documents {
  chunks: ReadonlyMap<string, Chunk>;
  resources: readonly ResourceReference[];
}

/** In the order of the stream; what is gone comes last. */
export function resourceChanges(there: BuiltState, here: BuiltState): ResourceChange[] {
  if (there.manifests.equals(here.manifests)) return [];
  const [before, after] = [documentsOf(there.manifests), documentsOf(here.manifests)];
  // What is not known of one state is known of the other.
  const oldValues = ownValues(knownOf(there, here), before.resources);
  const newValues = ownValues(knownOf(here, there), after.resources);
  const titles = [
    ...after.chunks.keys(),
    ...[...before.chunks.keys()].filter((title) => !after.chunks.has(title)),
  ];
  return titles.flatMap((title) => {
    const [old, now] = [before.chunks.get(title), after.chunks.get(title)];
    if (old && now && bodyOf(old) === bodyOf(now)) return [];
    return changeOf(old, now, oldValues, newValues) ?? [];
  });
}

/** The first document of a stream has no marker, and is the same one behind another. */
function bodyOf({ text }: Chunk): string {
  return text.replace(/^---\n/, '');
}

/** How many resources are in finished manifests. */
export function countResources(manifests: Buffer): number {
  return documentsOf(manifests).resources.length;
}

function knownOf(state: BuiltState, other: BuiltState): Pick<BuiltState, 'calls' | 'settings'> {
  return {
    calls: state.calls.length > 0 ? state.calls : other.calls,
    settings: state.settings ?? other.settings,
  };
}

/** A ConfigMap with other content has another hash at the end of its name, and is the same one. */
function documentsOf(manifests: Buffer): Documents {
  const chunks = new Map<string, Chunk>();
  const all: ResourceReference[] = [];
  for (const chunk of splitDocuments(manifests)) {
    const references = resourcesOf(chunk).resources.map(({ reference }) => reference);
    all.push(...references);
    let title = references
      .map(
        ({ apiVersion, ...rest }) =>
          `${groupOfVersion(apiVersion)} ${withoutHash(resourceLabel(rest as ResourceReference))}`,
      )
      .join(', ');
    while (chunks.has(title)) title += ' ';
    chunks.set(title, chunk);
  }
  return { chunks, resources: all };
}

/** Undefined where nothing differs but what does not leave kustomize. */
function changeOf(
  oldChunk: Chunk | undefined,
  newChunk: Chunk | undefined,
  oldValues: OwnValues,
  newValues: OwnValues,
): ResourceChange | undefined {
  const canShow = [oldChunk, newChunk].every((chunk) => !chunk || isShowable(chunk));
  const [old, now] = [oldChunk, newChunk].map((chunk) =>
    chunk && canShow ? splitLines(shownText(chunk)) : [],
  ) as [string[], string[]];
  const named = newChunk ?? oldChunk ?? new Chunk(Buffer.from(''));
  const values = newChunk ? newValues : oldValues;
  const references = resourcesOf(named).resources.map(({ reference }) => reference);
  const state = !oldChunk ? 'added' : !newChunk ? 'removed' : 'changed';
  const hidden = state === 'changed' ? hiddenChanges(oldChunk as Chunk, newChunk as Chunk) : [];
  const blocks = blocksBetween(old, now).map((block) => {
    const path = state === 'changed' ? commonPath(linesOf(block, old, now)) : '';
    const keyWith = (then: (text: string) => string, since: (text: string) => string) =>
      [since(path), then(alike(block.removed)), since(alike(block.added))].join('\n\n');
    return {
      ...block,
      path,
      key: keyWith(String, String),
      ownKey: keyWith(oldValues.replaceIn, newValues.replaceIn),
    };
  });
  if (state === 'changed' && canShow && blocks.length + hidden.length === 0) return undefined;
  return {
    state,
    label: references.map(resourceLabel).join(', ') || 'a document without a resource',
    identity: references
      .map((one) => `${groupOfVersion(one.apiVersion)} ${values.baseLabel(one)}`)
      .join(', '),
    ...{ old, now, blocks, hidden },
  };
}

/** Lines without what says where they stand: a field may be the first of its item in one overlay, and come later in another. */
function alike([first = '', ...others]: readonly string[]): string {
  const lines = [first.replace(/^(?: *- )+/, (marks) => ' '.repeat(marks.length)), ...others];
  const filled = lines.filter((line) => line.trim() !== '');
  const indent = filled.reduce(
    (least, line) => Math.min(least, line.search(/\S/)),
    Number.POSITIVE_INFINITY,
  );
  return lines.map((line) => line.slice(Number.isFinite(indent) ? indent : 0)).join('\n');
}

function splitLines(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}
