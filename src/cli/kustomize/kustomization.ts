/** Which fields of a kustomization list files and folders, and what they list. */
import { resolve } from 'node:path';
import { type JsonObject, strings } from '../../yaml/json.ts';

/** What lists manifests, or folders with kustomizations of their own. */
export const RESOURCE_FIELDS = ['resources', 'bases', 'components'] as const;

/** What lists configs of programs that kustomize runs: files, folders with kustomizations that list such files, or the config itself as text. */
export const PLUGIN_FIELDS = ['transformers', 'generators', 'validators'] as const;

/** All fields that list files and folders. */
export const LIST_FIELDS = [...RESOURCE_FIELDS, ...PLUGIN_FIELDS] as const;

/** One of these fields. */
export type ListField = (typeof LIST_FIELDS)[number];

/** Whether what a field lists are manifests. */
export function isResourceField(field: string): boolean {
  return RESOURCE_FIELDS.some((name) => name === field);
}

/** Whether what a field lists is run. */
export function isPluginField(field: string): boolean {
  return PLUGIN_FIELDS.some((name) => name === field);
}

/** One line of such a list. */
export interface ListEntry {
  field: ListField;
  /** Where it stands: `resources[0]`. */
  at: string;
  /** As it is written: a path, an address to fetch, or the config of a plugin. */
  text: string;
  /** Where it leads as a path, absolute; nothing has to be there. */
  path: string;
}

/**
 * What the fields list, field by field.
 * @param folder - of the kustomization: its paths count from there
 */
export function listEntries(
  kustomization: JsonObject,
  folder: string,
  fields: readonly ListField[] = LIST_FIELDS,
): ListEntry[] {
  return fields.flatMap((field) =>
    strings(kustomization[field]).map((text, index): ListEntry => {
      return { field, at: `${field}[${index}]`, text, path: resolve(folder, text) };
    }),
  );
}
