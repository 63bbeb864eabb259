/**
 * Every host of a part is served where one of them is: an alias, or the new host beside an old one that stays as an alias, gets its place in
 * each list of hosts, in each Ingress of the same host that is not a part's own, and in each annotation that is a list.
 */
import { PUBLIC_ROLES } from '../../config/public-hosts.ts';
import type { PublicHost, Settings } from '../../config/settings.ts';
import { secretNameOf } from '../../manifests/certificate.ts';
import type { Chunk } from '../../manifests/chunk.ts';
import { Draft } from '../../manifests/edit.ts';
import { type AppliedEdit, applyEdits } from '../../manifests/editor.ts';
import { type Resource, resourcesOf } from '../../manifests/resource.ts';
import { remembered } from '../../maps.ts';
import { type HostFinder, hostFinder } from '../../net/host-occurrences.ts';
import { HOST_ANNOTATIONS } from '../../surface/other-entries.ts';
import type { Surface } from '../../surface/surface.ts';
import { isObject, type Json } from '../../yaml/json.ts';
import type { KeptPlaces } from './leave.ts';
import { isCode, isName, isRecord, type Place } from './places.ts';
import { completeIngress } from './second-ingress.ts';
import { groupOf, UNIQUE_LISTS } from './siblings.ts';
import { documentsIn, isDocumentOf, MOST_LEVELS, type Piece } from './strings.ts';

type Hosts = readonly PublicHost[];
type Path = readonly (string | number)[];

/** Completes the lists of chunks in which a part's host stands; of none where the config has no aliases. */
export function serveAliases(
  chunks: readonly Chunk[],
  settings: Settings,
  surface: Surface,
  kept: KeptPlaces,
): AppliedEdit[] {
  // A page that shares the host of the app is not part of its own here.
  const parts = PUBLIC_ROLES.map((role) => settings.hosts[role]).filter(
    ([main, ...aliases], index, all) =>
      aliases.length > 0 && all.findIndex(([other]) => other.host === main.host) === index,
  );
  if (parts.length === 0) return [];
  const finder = hostFinder(parts.flat().map(({ host }) => host));
  const written = new Set(
    PUBLIC_ROLES.flatMap((role) => [...surface.ingressesOf(role), ...surface.routesOf(role)]).map(
      labelOf,
    ),
  );
  const secrets = PUBLIC_ROLES.flatMap((role) => settings.hosts[role]).map(
    ({ secretName }) => secretName,
  );
  return chunks
    .filter((chunk) => chunk.passes((text) => finder.mayStandIn(text)))
    .flatMap((chunk) => resourcesOf(chunk).resources)
    .flatMap((resource) => {
      const isWritten = written.has(labelOf(resource));
      const lists = new Lists(resource, parts, kept, finder);
      if (resource.kind === 'Ingress' || isWritten) lists.complete(undefined, ['metadata']);
      else if (resource.kind !== 'Certificate' || !secrets.includes(secretNameOf(resource)))
        lists.complete(undefined, []);
      if (resource.kind === 'ConfigMap')
        for (const key of resource.documentKeys((text) => finder.mayStandIn(text)))
          if (resource.document(key)?.problem === undefined) lists.complete(key, []);
      const ofIngress =
        resource.kind === 'Ingress' && !isWritten
          ? completeIngress(resource, parts, surface.manifests)
          : [];
      return applyEdits([...lists.edits, ...ofIngress]);
    });
}

function labelOf({ kind, namespace, name }: Resource): string {
  return [kind, namespace, name].join('/');
}

/** A list with the texts that it has, in lower case, and the lists beside it in which a host may stand only once among them all. */
interface HostList {
  path: Path;
  items: Json[];
  texts: Set<string>;
  beside: Beside | undefined;
}

/** The lists of one group that have a text, for each text. */
type Beside = Map<string, Set<HostList>>;

/** A host by itself, with a scheme before it or a port behind. */
const HOST_LIKE = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:\*|[\w*-]+(?:\.[\w*-]+)*\.?)(?::(?:\*|\d+))?$/i;

class Lists {
  readonly edits: Draft['edits'] = [];
  readonly #resource: Resource;
  readonly #parts: readonly Hosts[];
  readonly #kept: KeptPlaces;
  readonly #finder: HostFinder;
  /** How many documents are around what is looked at. */
  #level = 0;

  constructor(resource: Resource, parts: readonly Hosts[], kept: KeptPlaces, finder: HostFinder) {
    this.#resource = resource;
    this.#parts = parts;
    this.#kept = kept;
    this.#finder = finder;
  }

  complete(document: string | undefined, top: Path): void {
    const draft = new Draft(this.#resource, document);
    this.#completeBelow(draft, { resource: this.#resource, document, path: [] }, top);
    for (const edit of draft.edits) this.edits.push(edit);
  }

  /** @param around - the place of the document that the draft is of */
  #completeBelow(draft: Draft, around: Place, top: Path): void {
    const lists: HostList[] = [];
    const groups = new Map<string, Beside>();
    const walk = (value: Json | undefined, path: Path): void => {
      const place: Place = { ...around, path: [...around.path, ...path] };
      if (isRecord(place) || isCode(place)) return;
      if (Array.isArray(value)) {
        if (isListOfHosts(value, place.path)) lists.push(hostList(path, value, groups));
        for (const [index, item] of value.entries()) walk(item, [...path, index]);
      } else if (isObject(value))
        for (const [key, item] of Object.entries(value)) walk(item, [...path, key]);
      else if (
        typeof value === 'string' &&
        this.#finder.mayStandIn(value) &&
        !isName(place) &&
        !this.#kept.has(place)
      ) {
        const pieces = this.#level < MOST_LEVELS ? documentsIn(value, place) : undefined;
        if (pieces) this.#completePieces(draft, path, pieces, place);
        else this.#completeText(draft, path, value);
      }
    };
    walk(draft.get(top), top);
    for (const list of lists) this.#completeList(draft, around, list);
  }

  /** The documents in a string. The only one under a key of a ConfigMap has a draft of its own. */
  #completePieces(draft: Draft, path: Path, pieces: readonly Piece[], place: Place): void {
    if (pieces.length === 1 && isDocumentOf(place)) return;
    const edits = pieces.map(({ document }, index) => {
      if (!document) return [];
      const inside = new Draft(this.#resource, undefined, document.json);
      const step = pieces.length === 1 ? [] : [index];
      this.#level += 1;
      this.#completeBelow(inside, { ...place, path: [...place.path, ...step] }, []);
      this.#level -= 1;
      for (const { operation, result } of inside.edits)
        if (result) document.edit(operation, result.after);
      return inside.edits;
    });
    const [first] = edits.flat();
    if (!first) return;
    const texts = pieces.map(({ text, document }, index) =>
      document && edits[index]?.length ? document.write() : text,
    );
    draft.set(path, texts.join(''), first.field);
  }

  #completeList(draft: Draft, around: Place, list: HostList): void {
    for (let index = 0; index < list.items.length; index += 1) {
      const item = list.items[index] as Json;
      const text = textOf(item);
      const found = text === undefined ? undefined : this.#partOf(text);
      const place = { ...around, path: [...around.path, ...list.path, index] };
      if (text === undefined || !found || this.#kept.has(place)) continue;
      let next = index + 1;
      for (const { host, from } of found.hosts) {
        const wanted = found.write(host);
        if (has(list, wanted) || isBeside(list, wanted, text)) continue;
        const added = typeof item === 'string' ? wanted : { exact: wanted };
        draft.insert(list.path, next, added, from);
        list.items.splice(next, 0, added);
        addText(list, wanted);
        next += 1;
      }
    }
  }

  /** A text that is a list: `external-dns.kubernetes.io/hostname`, origins with commas between them. */
  #completeText(draft: Draft, path: Path, text: string): void {
    const key = String(path.at(-1));
    const items = text.split(',').map((item) => item.trim());
    const isList = HOST_ANNOTATIONS.includes(key) || /cors-allow-origins?$/.test(key);
    if (/server-?alias/i.test(key) || (items.length < 2 && !isList)) return;
    if (!items.every((item) => HOST_LIKE.test(item))) return;
    const known = new Set(items.map((item) => item.toLowerCase()));
    const written = items.flatMap((item) => {
      const found = this.#partOf(item);
      const missing = (found?.hosts ?? [])
        .map(({ host }) => found?.write(host) ?? '')
        .filter((each) => !known.has(each.toLowerCase()));
      for (const each of missing) known.add(each.toLowerCase());
      return [item, ...missing];
    });
    if (written.length === items.length) return;
    const separator = /,\s*/.exec(text)?.[0] ?? ',';
    const field = this.#parts.flat().find(({ host }) => written.includes(host))?.from;
    draft.set(path, written.join(separator), field ?? 'spec.hosts.aliases');
  }

  /** The part of which a text is a host, and how another of its hosts is written in the same form. */
  #partOf(text: string): { hosts: Hosts; write: (host: string) => string } | undefined {
    if (!HOST_LIKE.test(text)) return undefined;
    const [one, ...others] = this.#finder.find(text);
    const hosts = this.#parts.find((each) =>
      each.some(({ host }) => host.toLowerCase() === one?.host),
    );
    if (!one || !hosts || one.form !== 'whole' || others.length > 0) return undefined;
    return { hosts, write: (host) => text.slice(0, one.start) + host + text.slice(one.end) };
  }
}

/** Not the words of a command. */
function isListOfHosts(items: readonly Json[], path: Path): boolean {
  if (/^(?:args|command)$/.test(String(path.at(-1)))) return false;
  return items.every((item) => (typeof item === 'string' ? HOST_LIKE.test(item) : isObject(item)));
}

/** A string, or a matcher that is nothing but one: `{ exact: host }`. */
function textOf(item: Json): string | undefined {
  if (typeof item === 'string') return item;
  const exact = isObject(item) && Object.keys(item).length === 1 ? item['exact'] : undefined;
  return typeof exact === 'string' ? exact : undefined;
}

function hostList(path: Path, items: readonly Json[], groups: Map<string, Beside>): HostList {
  const isUnique = UNIQUE_LISTS.has(String(path.at(-1)));
  const beside = isUnique ? remembered(groups, groupOf(path), () => new Map()) : undefined;
  const made: HostList = { path, items: [...items], texts: new Set(), beside };
  for (const item of items) addText(made, textOf(item));
  return made;
}

function addText(list: HostList, text: string | undefined): void {
  if (text === undefined) return;
  const own = text.toLowerCase();
  list.texts.add(own);
  if (list.beside) remembered(list.beside, own, () => new Set()).add(list);
}

function has({ texts }: HostList, text: string): boolean {
  return texts.has(text.toLowerCase());
}

/** Whether a list beside one has a text, and not the one that it would stand beside. */
function isBeside(list: HostList, wanted: string, text: string): boolean {
  const others = list.beside?.get(wanted.toLowerCase()) ?? [];
  return [...others].some((other) => other !== list && !has(other, text));
}
