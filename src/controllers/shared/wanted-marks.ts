/** What an entry wants of its controller: the marks, and what no mark can say. */
import type { PublicRole } from '../../config/public-hosts.ts';
import type { Settings, TlsMode } from '../../config/settings.ts';
import type { Controller, Limit, TlsPlace } from '../controller.ts';

/** One entry and the controller that serves it. */
interface EntryCase {
  controller: Controller;
  role: PublicRole;
  place: TlsPlace;
  /** Whether the backend's pods end TLS themselves. */
  isTlsBackend?: boolean;
}

/** What stands in the values of marks; undefined where there is no such Service. */
interface MarkValues {
  service: string | undefined;
  port: number | undefined;
  publicPort: number;
}

interface WantedMark {
  value: string;
  /** Whether it follows from where TLS ends. */
  isOfTls: boolean;
}

/** What an entry is to carry, by annotation. */
export interface WantedMarks {
  ingress: Map<string, WantedMark>;
  service: Map<string, WantedMark>;
  appProtocol: string | undefined;
}

/** Where TLS of a role's host ends. */
export function tlsPlace(
  role: PublicRole,
  { tlsMode, terminateAt, hasPageHost }: Pick<Settings, 'tlsMode' | 'terminateAt' | 'hasPageHost'>,
): TlsPlace {
  if (tlsMode === 'external' || tlsMode === 'none') return tlsMode;
  return role === 'app' || (role === 'ui' && !hasPageHost) ? terminateAt : 'entry';
}

/** The marks of one entry. A later group wins over an earlier one: what gRPC wants goes last. */
export function wantedMarks(entry: EntryCase, values: MarkValues): WantedMarks {
  const { controller, role, place, isTlsBackend } = entry;
  // Where TLS goes through, the controller sees no HTTP that could be buffered.
  const web = place === 'envoy' ? undefined : controller.web;
  const { both, timeouts, sendTimeouts, tls } = controller;
  const grpc = isTlsBackend ? controller.grpcTls : controller.grpc;
  const groups = [both, timeouts, sendTimeouts, tls[place], role === 'api' ? grpc : web];
  const wanted: WantedMarks = { ingress: new Map(), service: new Map(), appProtocol: undefined };
  for (const marks of groups.filter((group) => group !== undefined)) {
    for (const target of ['ingress', 'service'] as const)
      for (const [key, template] of Object.entries(marks[target] ?? {})) {
        const value = fill(template, values);
        if (value !== undefined) wanted[target].set(key, { value, isOfTls: marks === tls[place] });
      }
    wanted.appProtocol = marks.appProtocol ?? wanted.appProtocol;
  }
  return wanted;
}

function fill(template: string, { service, port, publicPort }: MarkValues): string | undefined {
  const isMissing =
    (service === undefined && template.includes('{service}')) ||
    (port === undefined && template.includes('{port}'));
  if (isMissing) return undefined;
  return template
    .replaceAll('{service}', service ?? '')
    .replaceAll('{port}', String(port))
    .replaceAll('{publicPort}', String(publicPort));
}

/** The limits that hold for an entry. */
export function limitsOf(
  { controller, role, place }: EntryCase,
  mode: TlsMode,
  given: ReadonlySet<string>,
): Limit[] {
  return (controller.limits ?? []).filter(
    (limit) =>
      (limit.role ?? role) === role &&
      (limit.places?.includes(place) ?? true) &&
      (limit.modes?.includes(mode) ?? true) &&
      !(limit.unless !== undefined && given.has(limit.unless)),
  );
}
