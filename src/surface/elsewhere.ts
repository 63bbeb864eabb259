/**
 * Parts that stand where the function does not write them: a config in a Secret or in binary data, Envoy's listeners in files of their own
 * or with a management server, its config among the arguments of a container, a page's config in a script. Old hosts in them are followed
 * where they are plain values; nothing else in them follows the config.
 */
import { isServedByOthers } from '../envoy/management-server.ts';
import { EmbeddedDocument } from '../manifests/embedded-document.ts';
import type { Resource } from '../manifests/resource.ts';
import { podSpecOf, podTemplatePath, WORKLOAD_KINDS } from '../manifests/workload.ts';
import { fromBase64 } from '../net/hidden-texts.ts';
import { list, objectAt, strings } from '../yaml/json.ts';
import { DOCUMENT_TESTS, isDataFile } from './document-roles.ts';
import { DOCUMENT_ROLES, type DocumentRole, type Role } from './roles.ts';
import type { Surface } from './surface.ts';

/** A part that the function does not write. */
export interface PartElsewhere {
  resource: Resource;
  /** `stringData[base.yaml]`. */
  path: string;
  /** What stands there, and why it is not written. */
  what: string;
  /** Whether old hosts in it are followed. */
  isFollowed: boolean;
  /** Whether what the role is about is in none of the manifests. */
  isOutside: boolean;
}

/** Words of a part in a text that is not a document of the expected form. */
const SIGNS: Readonly<Partial<Record<DocumentRole, RegExp>>> = {
  // Resources of Envoy's listener and route discovery, as files have them.
  envoy: /HttpConnectionManager|\bvirtual_hosts\b|\bvirtualHosts\b/,
  ui: /\bapiBaseUrl\b/,
};

const FIELDS = ['data', 'stringData', 'binaryData'] as const;

/** Everything that seems to be a role's part, where no document plays it. */
export function partsElsewhere(surface: Surface, role: Role): PartElsewhere[] {
  if (!isDocumentRole(role)) return [];
  // One that does not parse may be of no concern.
  const found = surface.manifests
    .mentioning(['ConfigMap', 'Secret'])
    .filter(({ kind }) => kind === 'ConfigMap' || kind === 'Secret');
  const inData = found.flatMap((resource) =>
    FIELDS.flatMap((field) =>
      Object.entries(objectAt(resource.json, [field])).flatMap(([key, value]): PartElsewhere[] => {
        const isBinary = field === 'binaryData' || (field === 'data' && resource.kind === 'Secret');
        const text = typeof value === 'string' && isBinary ? fromBase64(value) : value;
        if (typeof text !== 'string') return [];
        const place = { resource, path: `${field}[${key}]` };
        if (role === 'envoy' && isDataFile(key) && isServedByOthers(read(resource, key, text).json))
          return [{ ...place, what: MANAGED, isFollowed: false, isOutside: true }];
        if (!isPart(role, key, text, resource, surface)) return [];
        const isFollowed = !isBinary && isDataFile(key);
        return [{ ...place, what: placeOf(resource, isBinary), isFollowed, isOutside: false }];
      }),
    ),
  );
  return inData.length > 0 ? inData : inArguments(surface, role);
}

const MANAGED = 'a config whose listeners or routes come from a management server (xDS)';

function placeOf({ kind }: Resource, isBinary: boolean): string {
  if (kind === 'Secret') return 'a document in a Secret';
  return isBinary ? 'a document in binary data' : 'a text of another form';
}

/** A config that a container is given as text: `envoy --config-yaml`. */
function inArguments(surface: Surface, role: DocumentRole): PartElsewhere[] {
  const sign = SIGNS[role];
  if (!sign) return [];
  return surface.manifests
    .mentioning(WORKLOAD_KINDS)
    .filter(({ kind }) => WORKLOAD_KINDS.includes(kind))
    .flatMap((resource): PartElsewhere[] => {
      const given = argumentsOf(resource).find(({ text }) => sign.test(text));
      if (!given) return [];
      const what = 'a config among the arguments or variables of a container';
      return [{ resource, path: given.path, what, isFollowed: true, isOutside: false }];
    });
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
  const document = read(home, key, text);
  const hint = () => surface.upstreamHint(home);
  return document.problem === undefined && DOCUMENT_TESTS[role](document, hint);
}

/** What the containers of a workload are given as text, each with its place. */
function argumentsOf(workload: Resource): { text: string; path: string }[] {
  const pod = podSpecOf(workload);
  const path = [...podTemplatePath(workload), 'spec'].join('.');
  return ['containers', 'initContainers'].flatMap((field) =>
    list(pod[field]).flatMap((container, index) => {
      const variables = list(container['env']).map(({ value }) => value);
      const at = `${path}.${field}[${index}]`;
      return [
        ...['command', 'args'].flatMap((name) =>
          strings(container[name]).map((text) => ({ text, path: `${at}.${name}` })),
        ),
        ...strings(variables).map((text) => ({ text, path: `${at}.env` })),
      ];
    }),
  );
}

/** A resource keeps the documents that it has read. */
function read(home: Resource, key: string, text: string): EmbeddedDocument {
  const own = home.document(key);
  return own?.text === text ? own : new EmbeddedDocument(key, text);
}

function isDocumentRole(role: Role): role is DocumentRole {
  return (DOCUMENT_ROLES as readonly Role[]).includes(role);
}
