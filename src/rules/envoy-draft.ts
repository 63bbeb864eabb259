/** Edits of Envoy's document: a field is written in the spelling that it has there. */
import { fieldsAt, type Path, spelled } from '../envoy/proto-json.ts';
import { Draft } from '../manifests/edit.ts';
import type { DocumentTarget } from '../surface/parts.ts';
import type { Json } from '../yaml/json.ts';

export class EnvoyDraft extends Draft {
  constructor({ resource, key }: DocumentTarget) {
    super(resource, key);
  }

  override get(path: Path): Json | undefined {
    return super.get(this.#spelled(path));
  }

  override set(path: Path, value: Json, field: string): void {
    this.removeTwin(path, field);
    super.set(this.#spelled(path), value, field);
  }

  override reconcile(path: Path, value: Json, field: string): void {
    super.reconcile(this.#spelled(path), value, field);
  }

  override insert(path: Path, index: number, value: Json, field: string): void {
    super.insert(this.#spelled(path), index, value, field);
  }

  /** Takes a field away in either spelling. */
  override remove(path: Path, field: string): void {
    for (const place of this.#places(path)) super.remove(place, field);
  }

  /** Takes a field away where it stands in the other spelling too: Envoy joins lists, and of scalars it takes the last. */
  removeTwin(path: Path, field: string): void {
    for (const place of this.#places(path).slice(1)) super.remove(place, field);
  }

  #places(path: Path): Path[] {
    return fieldsAt(super.get([]), path).map((place) => place.path);
  }

  #spelled(path: Path): Path {
    return spelled(super.get([]), path);
  }
}
