/**
 * Edits of Envoy's document, and of the files beside it that it reads: a place is that of the whole, and a field is written in the spelling that
 * it has there.
 */
import { fileAt } from '../envoy/discovery-files.ts';
import { fieldsAt, type Path, spelled } from '../envoy/proto-json.ts';
import { Draft, type Edit } from '../manifests/edit.ts';
import { wholeOf } from '../surface/envoy-files.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import { getIn, type Json } from '../yaml/json.ts';

/** A draft of Envoy's whole document: each edit goes to the key of the ConfigMap that really has the place. */
export class EnvoyDraft {
  readonly #target: DocumentTarget;
  readonly #drafts = new Map<string, Draft>();

  constructor(target: DocumentTarget) {
    this.#target = target;
  }

  get edits(): Edit[] {
    return [...this.#drafts.values()].flatMap((draft) => draft.edits);
  }

  get(path: Path): Json | undefined {
    const { json } = this.#whole;
    return getIn(json, spelled(json, path));
  }

  set(path: Path, value: Json, field: string): void {
    this.removeTwin(path, field);
    this.#at(path, (draft, place) => draft.set(place, value, field));
  }

  reconcile(path: Path, value: Json, field: string): void {
    this.#at(path, (draft, place) => draft.reconcile(place, value, field));
  }

  insert(path: Path, index: number, value: Json, field: string): void {
    this.#at(path, (draft, place) => draft.insert(place, index, value, field));
  }

  /** Takes a field away in either spelling. */
  remove(path: Path, field: string): void {
    for (const place of this.#places(path))
      this.#at(place, (draft, own) => draft.remove(own, field));
  }

  /** Takes a field away where it stands in the other spelling too: Envoy joins lists, and of scalars it takes the last. */
  removeTwin(path: Path, field: string): void {
    for (const place of this.#places(path).slice(1))
      this.#at(place, (draft, own) => draft.remove(own, field));
  }

  get #whole() {
    const read = (key: string) => this.#draft(key).get([]);
    return wholeOf(read(this.#target.key), (file) =>
      this.#target.resource.document(file) ? read(file) : undefined,
    );
  }

  #draft(key: string): Draft {
    const draft = this.#drafts.get(key) ?? new Draft(this.#target.resource, key);
    this.#drafts.set(key, draft);
    return draft;
  }

  #at(path: Path, write: (draft: Draft, place: Path) => void): void {
    const { json, mounts } = this.#whole;
    const place = spelled(json, path);
    const inFile = fileAt(mounts, place);
    write(this.#draft(inFile?.file ?? this.#target.key), inFile?.path ?? place);
  }

  #places(path: Path): Path[] {
    return fieldsAt(this.#whole.json, path).map((place) => place.path);
  }
}
