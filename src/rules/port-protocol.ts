/** `appProtocol` of a Service's port: what stands there already is named where another takes its place. */
import type { Settings } from '../config/settings.ts';
import type { Controller } from '../controllers/controller.ts';
import { KNOWN_MARKS } from '../controllers/index.ts';
import type { Problem } from '../errors.ts';
import type { Draft } from '../manifests/edit.ts';
import type { Resource } from '../manifests/resource.ts';
import type { ServicePort } from '../manifests/service.ts';
import { toPath } from '../yaml/path.ts';
import { fieldOf } from './entry-part.ts';
import { replaced } from './replaced.ts';
import { suitsPort } from './standing-marks.ts';

/** The `appProtocol` that a port is to have. */
interface WantedProtocol {
  /** Of the port in the Service's list. */
  index: number;
  /** Undefined for none. */
  value: string | undefined;
  field: string;
  /** Whether what the base has does the same. */
  isSuited?: (old: string) => boolean;
}

/** What a controller is to be told by the API's port. */
interface PortMark {
  controller: Controller;
  /** The `appProtocol` that it wants; undefined where it is told by another mark. */
  value: string | undefined;
}

/**
 * The protocol of the API's port. A route of the Gateway API needs it as well: then it stays.
 * @param draft - of the Service
 */
export function writePort(
  draft: Draft,
  service: Resource,
  { index, appProtocol: old }: ServicePort,
  { controller, value }: PortMark,
  settings: Settings,
): Problem[] {
  const field = fieldOf(settings, 'api', 'controller');
  const { gateway: route } = settings.entries.api;
  if (value !== undefined) {
    const isSuited = (standing: string) => !route && suitsPort(standing, controller);
    return writeProtocol(draft, service, { index, value, field, isSuited });
  }
  if (old === '' || route) return [];
  if (KNOWN_MARKS.appProtocols.has(old)) {
    draft.remove(protocolPath(index), field);
    return [];
  }
  // Beside a protocol of the port the mark on the Service would not be read.
  return controller.portProtocolWins
    ? writeProtocol(draft, service, { index, value: undefined, field })
    : [];
}

function protocolPath(index: number): (string | number)[] {
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
    if (value !== undefined) draft.set(path, value, field);
    return [];
  }
  if (old === value || isSuited?.(old)) return [];
  if (value === undefined) draft.remove(path, field);
  else draft.set(path, value, field);
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
