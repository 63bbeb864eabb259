/**
 * Old hosts are followed: wherever one stands as a whole host, in any resource of any kind and in the documents inside, the new host of the
 * same part takes its place. Where nobody can tell what that would do (code, prose, comments, binary data) it stays, and is named.
 *
 * It runs after every rule, on the text of each piece of the input in which an old host can stand; every other piece is not even parsed.
 */
import type { Settings } from '../../config/settings.ts';
import type { Problem, ResourceReference } from '../../errors.ts';
import type { Chunk } from '../../manifests/chunk.ts';
import type { AppliedEdit } from '../../manifests/editor.ts';
import type { EmbeddedDocument } from '../../manifests/embedded-document.ts';
import type { Manifests } from '../../manifests/manifests.ts';
import { resourcesOf } from '../../manifests/resource.ts';
import { fromBase64 } from '../../net/hidden-texts.ts';
import { isForPrograms } from '../../net/host-texts.ts';
import type { OldHosts } from '../../surface/old-hosts.ts';
import type { Surface } from '../../surface/surface.ts';
import { toPointer } from '../../yaml/json.ts';
import type { Language } from '../../yaml/print.ts';
import {
  commentLines,
  commentsIn,
  rewriteStrings,
  type StringPlace,
  stringsIn,
} from '../../yaml/rewrite-strings.ts';
import { type ParsedYaml, parseYaml, placeAt } from '../../yaml/yaml.ts';
import { serveAliases } from './beside.ts';
import { isClient } from './clients.ts';
import { HostMap, type NewText } from './host-map.ts';
import { KeptPlaces } from './leave.ts';
import { type Left, leftProblems, type Reason, reasonAt } from './left.ts';
import { leadsTo } from './loops.ts';
import { ownRedirectProblems } from './own-redirects.ts';
import { isRecord, type Place, printPlace } from './places.ts';
import { Siblings } from './siblings.ts';
import { solverProblems } from './solver-zones.ts';
import { documentsIn, isDataOf, isDocumentOf, lineOf, MOST_LEVELS, type Piece } from './strings.ts';
import { writtenBy } from './written.ts';

interface Run {
  settings: Settings;
  surface: Surface;
  /** What the rules wrote: a host that another part had is the right one there. */
  before?: readonly AppliedEdit[];
}

/** Follows every old host in chunks, whose text is changed in place. */
export function followOldHosts(
  chunks: readonly Chunk[],
  old: OldHosts,
  { settings, surface, before = [] }: Run,
): { edits: AppliedEdit[]; problems: Problem[] } {
  const follower = new Follower(old, settings, surface.manifests, before);
  for (const chunk of chunks) follower.follow(chunk);
  const { left, kept } = follower;
  const edits = [...follower.edits, ...serveAliases(chunks, settings, surface, kept)];
  const problems = [
    ...leftProblems(left, settings),
    ...solverProblems(surface, old, settings, kept),
    ...ownRedirectProblems(before, settings, surface.manifests),
    ...kept.problems(),
  ];
  return { edits, problems };
}

/** A document that is read, and how. */
type Document = Pick<EmbeddedDocument, 'parsed' | 'language' | 'parse'>;

class Follower {
  readonly edits: AppliedEdit[] = [];
  readonly left: Left[] = [];
  readonly kept: KeptPlaces;
  readonly #hosts: HostMap;
  readonly #isWritten: (place: Place) => boolean;
  readonly #manifests: Manifests;
  /** How many documents are around what is looked at. */
  #level = 0;

  constructor(
    old: OldHosts,
    settings: Settings,
    manifests: Manifests,
    before: readonly AppliedEdit[],
  ) {
    this.#isWritten = writtenBy(before);
    this.#manifests = manifests;
    this.kept = new KeptPlaces(settings);
    this.#hosts = new HostMap(old, settings);
  }

  follow(chunk: Chunk): void {
    if (!chunk.passes((text) => this.#hosts.mayStandInSource(text))) return;
    const { resources, problem } = resourcesOf(chunk);
    if (problem || resources.length === 0) {
      const { kindHint: kind = '', nameHint: name = '' } = chunk;
      const reference = kind === '' ? undefined : { apiVersion: '', kind, name };
      for (const host of this.#hosts.wholeIn(chunk.text)) this.#note(reference, '', 'broken', host);
      return;
    }
    const known = new Map(resources.map((resource) => [toPointer(resource.path), resource]));
    const placeOf = ({ path }: StringPlace): Place => {
      const depth = path.findIndex((_, index) => known.has(toPointer(path.slice(0, index))));
      const resource = depth < 0 ? undefined : known.get(toPointer(path.slice(0, depth)));
      return { resource, document: undefined, path: path.slice(Math.max(depth, 0)) };
    };
    const { parsed, language } = chunk;
    const [only, ...others] = resources;
    this.#nameComments(parsed, language, {
      resource: others.length === 0 ? only : undefined,
      document: undefined,
      path: [],
    });
    const written = this.#rewrite({ parsed, language, parse: parseYaml }, placeOf, true);
    if (written) chunk.rewrite(written.parsed);
  }

  /**
   * Every string of a document, and of those inside it; undefined where none changes.
   * @param isRecorded - whether each string is an edit of its own; one inside a string belongs to that one's
   */
  #rewrite(
    { parsed, language, parse }: Document,
    placeOf: (string: StringPlace) => Place,
    isRecorded: boolean,
  ): { parsed: ParsedYaml; followed: ReadonlySet<string> } | undefined {
    const strings = stringsIn(parsed);
    const found = strings
      .map((string) => ({ string, place: placeOf(string) }))
      .filter(({ string: { value, isBinary }, place }) => {
        const mayMatter =
          isBinary ||
          isDataOf(place) ||
          this.#hosts.mayStandIn(value) ||
          this.#hosts.mayBeEncodedIn(value);
        return mayMatter && !isRecord(place);
      });
    const keys = new Set(found.flatMap(({ string: { isKey, value } }) => (isKey ? [value] : [])));
    const siblings = new Siblings(strings);
    const changes = new Map<StringPlace, string>();
    const followed = new Set<string>();
    for (const { string, place } of found) {
      const made = this.#renew(string, place, keys.has(string.value), isRecorded);
      if (!made) continue;
      const reason =
        this.#whyNot(made, string, place, parsed) ??
        (siblings.replace(string, made.text) ? undefined : 'twice');
      if (reason) {
        for (const host of made.followed) this.#leave(place, reason, host);
        continue;
      }
      changes.set(string, made.text);
      for (const host of made.followed) followed.add(host);
      if (isRecorded && !made.isDocument) this.#record(place, string.value, made);
    }
    if (changes.size === 0) return undefined;
    return { parsed: rewriteStrings(parsed, language, parse, changes), followed };
  }

  #whyNot(
    { followed, isDocument }: NewText & { isDocument?: boolean },
    { path }: StringPlace,
    place: Place,
    { json: root }: ParsedYaml,
  ): 'loop' | undefined {
    if (isDocument !== undefined) return undefined;
    const hosts = [...followed].flatMap((host) => this.#hosts.newHost(host)?.host ?? []);
    const isRuled = (inner: Place['path']) => this.#isWritten({ ...place, path: inner });
    const around = { root, path, manifests: this.#manifests, isWritten: isRuled };
    return hosts.some((host) => leadsTo(host, place, around)) ? 'loop' : undefined;
  }

  #record({ resource, document, path }: Place, old: string, { text, followed }: NewText): void {
    if (!resource) return;
    const [host = ''] = followed;
    this.edits.push({
      resource,
      document,
      operation: { op: 'replace', path: toPointer(path), value: text },
      field: this.#hosts.newHost(host)?.from ?? '',
      old,
      follows: [...followed].join(', '),
    });
  }

  /**
   * A string with new hosts; undefined where it stays.
   * @param isKeyToo - whether a key of the document says the same
   */
  #renew(
    string: StringPlace,
    place: Place,
    isKeyToo: boolean,
    isRecorded: boolean,
  ): (NewText & { isDocument?: boolean }) | undefined {
    const { value, isKey, isBinary } = string;
    // What a rule wrote because the config says so.
    if (this.#hosts.isTyped(value) && this.#isWritten(place)) return undefined;
    const decoded = isBinary || isDataOf(place) ? fromBase64(value) : undefined;
    if (decoded !== undefined) {
      for (const host of this.#hosts.wholeIn(decoded)) this.#leave(place, 'binary', host);
      return undefined;
    }
    const reason = reasonAt(place, isKey, isKeyToo || isClient(string));
    const isDocument = !reason && this.#level < MOST_LEVELS;
    const pieces = isDocument ? documentsIn(value, place) : undefined;
    if (pieces && !this.kept.has(place)) return this.#renewDocuments(pieces, place, isRecorded);
    return this.#renewText(value, place, reason);
  }

  /** @param line - how many lines stand before the text, where it is a piece of a longer one */
  #renewText(
    text: string,
    place: Place,
    reason: Reason | undefined,
    line?: number,
  ): NewText | undefined {
    for (const host of this.#hosts.encodedIn(text)) this.#leave(place, 'binary', host);
    const why = reason ?? (isForPrograms(text) ? undefined : 'text');
    const { made, left } = this.#hosts.renew(text, why);
    if ((!made && left.length === 0) || this.kept.has(place)) return undefined;
    for (const one of left)
      this.#leave(
        place,
        one.reason,
        one.name,
        line === undefined ? lineOf(text, one.start) : line + placeAt(text, one.start).line,
      );
    return made;
  }

  #renewDocuments(
    pieces: readonly Piece[],
    place: Place,
    isRecorded: boolean,
  ): (NewText & { isDocument: boolean }) | undefined {
    const key = isDocumentOf(place) ? String(place.path[1]) : undefined;
    const [only, ...others] = pieces;
    const isOne = others.length === 0;
    const isDocument = isOne && key !== undefined;
    const around = key === undefined ? place : { ...place, document: key, path: [] };
    if (isOne && only?.document) {
      const made = this.#renewDocument(only.document, around, isRecorded && isDocument);
      return made && { ...made, isDocument };
    }
    const followed = new Set<string>();
    const texts = pieces.map(({ text, document, line }, index) => {
      const inside = { ...around, path: [...around.path, index] };
      const made = document
        ? this.#renewDocument(document, inside, false, line)
        : this.#renewText(text, inside, undefined, line);
      for (const host of made?.followed ?? []) followed.add(host);
      return made?.text ?? text;
    });
    return followed.size > 0 ? { text: texts.join(''), followed, isDocument } : undefined;
  }

  #renewDocument(
    document: EmbeddedDocument,
    around: Place,
    isRecorded: boolean,
    line = 0,
  ): NewText | undefined {
    this.#nameComments(document.parsed, document.language, around, line);
    const placeOf = ({ path }: StringPlace) => ({ ...around, path: [...around.path, ...path] });
    this.#level += 1;
    const written = this.#rewrite(document, placeOf, isRecorded);
    this.#level -= 1;
    return written && { text: written.parsed.text, followed: written.followed };
  }

  #nameComments(parsed: ParsedYaml, language: Language, place: Place, line = 0): void {
    if (language === 'json' || !this.#hosts.mayStandIn(parsed.text)) return;
    // Of a resource nobody sees the lines in which kustomize hands it over.
    const isInside = place.document !== undefined || place.path.length > 0;
    const found = commentsIn(parsed).flatMap((comment) =>
      comment
        .split('\n')
        .map((text) => ({ text: text.trimEnd(), hosts: this.#hosts.wholeIn(text.trimEnd()) }))
        .filter(({ hosts }) => hosts.length > 0),
    );
    const lines = found.length > 0 && isInside ? commentLines(parsed.text) : undefined;
    for (const { text, hosts } of found)
      for (const host of hosts) {
        const index = lines?.get(text);
        this.#leave(place, 'comment', host, index === undefined ? undefined : line + index + 1);
      }
  }

  #leave(place: Place, reason: Reason, name: string, line?: number): void {
    if (this.kept.has(place) || (this.#hosts.isReused(name) && this.#isWritten(place))) return;
    this.#note(place.resource?.reference, printPlace(place), reason, name, line);
  }

  #note(
    resource: ResourceReference | undefined,
    path: string,
    reason: Reason,
    name: string,
    line?: number,
  ): void {
    // What is left of a placeholder has an error of its own.
    if (this.#hosts.isPlaceholder(name)) return;
    this.left.push({ resource, path, line, reason, name, role: this.#hosts.roleOf(name) });
  }
}
