/** Something that is wrong with a link of the surface: what a check reports, and what the map draws in red. */

import { spelled } from '../../envoy/proto-json.ts';
import type { ResourceReference } from '../../errors.ts';
import type { Resource } from '../../manifests/resource.ts';
import { toPath } from '../../yaml/path.ts';
import { placeOfPart } from '../envoy-files.ts';
import type { DocumentTarget } from '../parts.ts';

/** `error` breaks now; `warning` may, and fails only with `--strict`. */
export type Severity = 'error' | 'warning';

/** Severity and fix are those of the check that reports it unless they are given. */
export interface Fault {
  /** The resource that has to change; absent where it is about the input as a whole. */
  resource?: Resource | ResourceReference | undefined;
  /** Other resources that the same is true of. */
  also?: readonly ResourceReference[] | undefined;
  /** The place in it: `spec.tls[0].hosts`, or `data[envoy.yaml].static_resources` inside a document. */
  path?: string | undefined;
  /** One sentence without a full stop: what is wrong, with the names and values that show it. */
  message: string;
  /** What to do, as an instruction without a full stop. */
  fix?: string | undefined;
  severity?: Severity | undefined;
}

/** A fault of a link between two resources, with the code of the check that reports it. */
export interface LinkFault extends Fault {
  code: 'backend-missing' | 'reference-missing';
}

/** What a message needs of the resource of a fault. */
export function referenceIn({ resource }: Fault): ResourceReference | undefined {
  return resource && 'reference' in resource ? resource.reference : resource;
}

/** In a document inside a ConfigMap; `path` counts from the top of that document, and is shown as it is spelled there. */
export function inDocument(
  target: DocumentTarget,
  path: readonly (string | number)[],
  details: Fault,
): Fault {
  const { resource } = target;
  const { key, path: own } = placeOfPart(target, path);
  const place = spelled(resource.document(key)?.json, own);
  return { ...details, resource, path: `data[${key}].${toPath(place)}` };
}
