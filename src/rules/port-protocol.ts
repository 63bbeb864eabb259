/** `appProtocol` of a Service's port: what stands there already is named where another takes its place. */
import type { Problem } from '../errors.ts';
import type { Draft } from '../manifests/edit.ts';
import type { Resource } from '../manifests/resource.ts';
import { toPath } from '../yaml/path.ts';
import { replaced } from './replaced.ts';

/** The `appProtocol` that a port is to have. */
interface WantedProtocol {
  /** Of the port in the Service's list. */
  index: number;
  value: string;
  field: string;
  /** Whether what the base has does the same. */
  isSuited?: (old: string) => boolean;
}

export function protocolPath(index: number): (string | number)[] {
  return ['spec', 'ports', index, 'appProtocol'];
}

/** @param draft - of the Service */
export function writeProtocol(
  draft: Draft,
  service: Resource,
  { index, value, field, isSuited }: WantedProtocol,
): Problem[] {
  const path = protocolPath(index);
  const old = draft.get(path);
  if (typeof old !== 'string' || old === '') {
    draft.set(path, value, field);
    return [];
  }
  if (old === value || isSuited?.(old)) return [];
  draft.set(path, value, field);
  return [
    replaced(
      service.reference,
      toPath(path),
      old,
      value,
      field,
      'take it out of the base where this is right; a mesh or another route that needs the old one gets a port of its own in the Service',
    ),
  ];
}
