/**
 * Parts that stand where the function does not write them: a config in a Secret or in binary data, Envoy's listeners in files of their own,
 * a page's config in a script. Old hosts in them are followed where they are plain values; nothing else in them follows the config.
 */
import { EmbeddedDocument } from '../manifests/embedded-document.ts';
import type { Resource } from '../manifests/resource.ts';
import { fromBase64 } from '../net/hidden-texts.ts';
import { objectAt } from '../yaml/json.ts';
import { DOCUMENT_TESTS, isDataFile } from './document-roles.ts';
import { DOCUMENT_ROLES, type DocumentRole, type Role } from './roles.ts';
import type { Surface } from './surface.ts';

/** A part that the function does not write. */
export interface PartElsewhere {
  resource: Resource;
  /** `stringData[base.yaml]`. */
  path: string;
  /** Whether old hosts in it are followed. */
  isFollowed: boolean;
}

/** Words of a part in a text that is not a document of the expected form. */
const SIGNS: Readonly<Partial<Record<DocumentRole, RegExp>>> = {
  // Resources of Envoy's listener and route discovery, as files have them.
  envoy: /HttpConnectionManager|\bvirtual_hosts\b|\bvirtualHosts\b/,
  ui: /\bapiBaseUrl\b/,
};

/** Everything that seems to be a role's part, where no document plays it. */
export function partsElsewhere(surface: Surface, role: Role): PartElsewhere[] {
  if (!isDocumentRole(role)) return [];
  // One that does not parse may be of no concern.
  const found = surface.manifests
    .mentioning(['ConfigMap', 'Secret'])
    .filter(({ kind }) => kind === 'ConfigMap' || kind === 'Secret');
  return found.flatMap((resource) =>
    ['data', 'stringData', 'binaryData'].flatMap((field) =>
      Object.entries(objectAt(resource.json, [field])).flatMap(([key, value]): PartElsewhere[] => {
        const isBinary = field === 'binaryData' || (field === 'data' && resource.kind === 'Secret');
        const text = typeof value === 'string' && isBinary ? fromBase64(value) : value;
        if (typeof text !== 'string' || !isPart(role, key, text, resource, surface)) return [];
        return [{ resource, path: `${field}[${key}]`, isFollowed: !isBinary && isDataFile(key) }];
      }),
    ),
  );
}

function isPart(
  role: DocumentRole,
  key: string,
  text: string,
  home: Resource,
  surface: Surface,
): boolean {
  if (SIGNS[role]?.test(text)) return true;
  if (!isDataFile(key)) return false;
  // A resource keeps the documents that it has read.
  const own = home.document(key);
  const document = own?.text === text ? own : new EmbeddedDocument(key, text);
  const hint = () => surface.upstreamHint(home);
  return document.problem === undefined && DOCUMENT_TESTS[role](document, hint);
}

function isDocumentRole(role: Role): role is DocumentRole {
  return (DOCUMENT_ROLES as readonly Role[]).includes(role);
}
