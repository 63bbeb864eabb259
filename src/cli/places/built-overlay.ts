/** Where findings of a built overlay stand: at what a person would edit, in the overlay, its base, or the DomainConfig. */
import { existsSync } from 'node:fs';
import type { Finding } from '../../checks/check.ts';
import { type FilePlace, type ResourceReference, resourceLabel } from '../../errors.ts';
import { referenceOf } from '../../manifests/resource.ts';
import type { FunctionCall } from '../../report/call.ts';
import { withoutHash } from '../../surface/near-names.ts';
import type { Surface } from '../../surface/surface.ts';
import { fromPointer } from '../../yaml/json.ts';
import { keysOf } from '../../yaml/locate.ts';
import type { Io } from '../io.ts';
import type { Builder } from '../kustomize/build-options.ts';
import { type FieldPlaces, fieldPlacesOf } from '../kustomize/config-lines.ts';
import { listEntries, RESOURCE_FIELDS } from '../kustomize/kustomization.ts';
import { type Origin, originsOf } from '../kustomize/origins.ts';
import { align } from './align.ts';
import { type Piece, placeIn } from './documents.ts';
import { generatedPlace, inLayer } from './generated.ts';
import { patchedPlace } from './patched.ts';
import { type Sources, sourcesOf } from './read-sources.ts';
import { type Sought, soughtFor, sourcesWithin } from './sought.ts';

/** An overlay that was built, or that the function refused. */
interface Build {
  overlay: string;
  builder: Builder;
  calls: readonly FunctionCall[];
  surface: Surface | undefined;
}

/**
 * Gives findings their places. kustomize builds once more where there is one of a manifest; what cannot be told stays as it is.
 */
export async function placeInSources(
  findings: readonly Finding[],
  build: Build,
  io: Io,
): Promise<Finding[]> {
  const fieldPlace = fieldPlacesOf(build.overlay, io.cwd);
  const first = findings.map((found) => atConfig(found, build, fieldPlace));
  if (!first.some(isOpen)) return first;
  const originOf = await originsOf(build.builder, build.overlay, io);
  if (!originOf) return first;
  const sources = sourcesOf(build.overlay, io.cwd);
  return first.map((found) => {
    if (!isOpen(found)) return found;
    const origin = originOf(found.resource);
    return origin ? { ...found, ...placeOf(found, origin, build, sources) } : found;
  });
}

function isOpen(found: Finding): found is Finding & { resource: ResourceReference } {
  return found.file === undefined && found.resource !== undefined;
}

/** What the function added or wrote stands in the DomainConfig. What it says itself of the rest is about what it was given. */
function atConfig(found: Finding, { calls }: Build, fieldPlace: FieldPlaces): Finding {
  const { resource, source, path = '' } = found;
  if (found.file !== undefined || !resource) return found;
  const isJudged = source === 'manifests';
  const keys = keysOf(path);
  const call = calls.at(-1);
  if (resource.kind === 'DomainConfig' && call && isJudged)
    return { ...found, ...fieldPlace(call, path, '') };
  const label = plainLabel(resource);
  for (const call of calls.toReversed()) {
    const { added, edits } = call.result;
    const addition = added.find(({ json }) => plainLabel(referenceOf(json)) === label);
    const edit = edits.findLast(
      ({ resource: edited, document, operation }) =>
        isJudged &&
        operation.op !== 'remove' &&
        plainLabel(edited.reference) === label &&
        [
          ...(document === undefined ? [] : ['data', document]),
          ...fromPointer(operation.path),
        ].every((key, index) => keys[index] === key),
    );
    const field = addition?.field ?? edit?.field;
    const place = field && fieldPlace(call, field, keys.at(-1) ?? '');
    if (place) return { ...found, ...place };
  }
  return found;
}

function plainLabel(resource: ResourceReference): string {
  return withoutHash(resourceLabel(resource));
}

function placeOf(
  { resource, path }: Finding & { resource: ResourceReference },
  origin: Origin,
  { surface }: Build,
  sources: Sources,
): FilePlace & { from?: string } {
  const { kind, name, namespace } = resource;
  const built = surface?.manifests.named(kind, name, namespace) ?? origin.resource;
  const sought = soughtFor(resource, built.json, path);
  if (origin.repository !== undefined)
    return {
      from: `${origin.repository}: ${origin.file}`,
      ...(patchedPlace(sought, sources) ?? listedPlace(origin.repository, sources)),
    };
  if (!existsSync(origin.file)) return {};
  const file = sources.shown(origin.file);
  if (origin.generator !== undefined)
    return (
      generatedPlace(sought, origin.generator, file, sources) ??
      // A patch of all annotations takes the origin away.
      patchedPlace(sought, sources) ?? { file }
    );
  const piece = pieceFor(sought, sources.piecesOf(origin.file));
  if (!piece) return { file };
  const { keys, isSame } = align(sought.keys, sought.json, piece.resource.json);
  const named = { ...sought, baseName: piece.resource.name };
  return (isSame ? undefined : patchedPlace(named, sources)) ?? placeIn(piece, keys);
}

/** The one in the file that became the resource; undefined where two may have. */
function pieceFor(sought: Sought, pieces: readonly Piece[]): Piece | undefined {
  const { kind, namespace } = sought.resource;
  const ofKind = pieces.filter(({ resource }) => resource.kind === kind);
  const best = sourcesWithin(sought, ofKind, ({ resource }) => resource.name);
  const here = best.filter(({ resource }) => resource.namespace === namespace);
  const [first, ...others] = here.length > 0 ? here : best;
  return others.length > 0 ? undefined : first;
}

/** The line of the kustomization that has something fetched. */
function listedPlace(repository: string, sources: Sources): FilePlace {
  const address = repository
    .replace(/,.*$/, '')
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/\.git$/, '');
  for (const layer of sources.layers.toReversed())
    for (const { at, text } of listEntries(layer.json, layer.folder, RESOURCE_FIELDS))
      if (text.includes(address)) return inLayer(layer, keysOf(at));
  return {};
}
