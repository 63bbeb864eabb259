/**
 * `entry.ingress` → the controller's marks on both Ingresses and on the Services behind them, the class, the given annotations.
 *
 * Of other controllers only the marks in the table of `src/controllers/` go; any other annotation is somebody's own.
 */

import { PUBLIC_ROLES, type PublicRole } from '../config/public-hosts.ts';
import type { Settings } from '../config/settings.ts';
import type { Controller } from '../controllers/controller.ts';
import { CONTROLLERS, isWrittenHere, KNOWN_MARKS } from '../controllers/index.ts';
import { tlsPlace, wantedMarks } from '../controllers/shared/wanted-marks.ts';
import type { Problem } from '../errors.ts';
import { Draft } from '../manifests/edit.ts';
import { CLASS_ANNOTATION } from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import { remembered } from '../maps.ts';
import { apiEndsTls } from '../surface/api-tls.ts';
import { saysBackendTls } from '../surface/backend-tls.ts';
import { publicServicePort } from '../surface/envoy-service.ts';
import { endsTls } from '../surface/envoy-tls-listener.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, isObject } from '../yaml/json.ts';
import { hasClasses, writeClass } from './entry-class.ts';
import { fieldOf, type Part } from './entry-part.ts';
import { entryProblems, routesInstead } from './entry-problems.ts';
import { ingressParts } from './ingress-part.ts';
import { passThroughProblems } from './pass-through.ts';
import { writePort } from './port-protocol.ts';
import { replaced } from './replaced.ts';
import { fromDrafts, type Rule } from './rule.ts';
import {
  hostsOfOthers,
  pathsOfOthers,
  sharedIngressProblems,
  sharedMarkProblems,
} from './shared-ingress.ts';
import { isStricterRedirect, suits } from './standing-marks.ts';

/** What a value is to be, with the config field that it follows from. */
interface MarkValue {
  value: string;
  field: string;
  /** Where it is one of a list: the names that the same thing had before. */
  list?: { replaced: readonly string[] } | undefined;
  /** Whether what the base has does the same. */
  isSuited?: (old: string) => boolean;
}

type Values = Map<string, MarkValue>;

/** What one resource is to carry. */
interface Target {
  draft: Draft;
  marks: Values;
  given: Values;
  /** The field that names the controller; without one nothing is stale. */
  controllerField: string | undefined;
  /** Marks of the controller that are lists, in which others may have their place. */
  lists: Set<string>;
  /** Whether a mark that is not wanted is stricter than what is. */
  isStricter: (key: string, old: string) => boolean;
  problems: Problem[];
}

export const entryMarks: Rule = ({ settings, surface }) => {
  const parts = PUBLIC_ROLES.flatMap((role) => partsOf(settings, surface, role));
  // One Ingress may carry both hosts: both parts then add to the same target.
  const targets = new Map<Resource, Target>();
  for (const part of parts) {
    const target = targetOf(targets, part.entry);
    const field = fieldOf(settings, part.role, 'annotations');
    for (const [key, value] of Object.entries(part.way.annotations ?? {}))
      target.given.set(key, { value, field });
    if (part.controller) addMarks(targets, part, part.controller, settings);
  }
  for (const part of parts) {
    const { draft, marks, problems } = targetOf(targets, part.entry);
    const written = writeClass(draft, part, settings, surface);
    if (written.annotation) marks.set(CLASS_ANNOTATION, written.annotation);
    problems.push(...written.problems);
  }
  // An Envoy that ends TLS itself has to be spoken to as before.
  const isKept = tlsPlace('app', settings) !== 'envoy' && endsTls(surface) ? saysBackendTls : never;
  for (const [resource, target] of targets) writeAnnotations(resource, target, isKept);
  return fromDrafts(
    [...targets.values()].map(({ draft }) => draft),
    [
      ...entryProblems(parts, settings, surface),
      ...passThroughProblems(parts, settings, surface),
      ...routesInstead(settings, surface),
      ...sharedProblems(parts, targets, settings, surface),
      ...[...targets.values()].flatMap(({ problems }) => problems),
    ],
  );
};

/** What is written at an Ingress that others share: it counts for their hosts and paths too. */
function sharedProblems(
  parts: readonly Part[],
  targets: Map<Resource, Target>,
  settings: Settings,
  surface: Surface,
): Problem[] {
  const ingresses = ingressParts(settings, surface);
  const found = parts.flatMap(({ entry, place }) =>
    sharedIngressProblems(
      entry,
      targetOf(targets, entry).draft,
      hostsOfOthers(entry, ingresses, surface),
      place,
    ),
  );
  // Two parts of one Ingress say the same.
  const shared = [...new Map(found.map((one) => [JSON.stringify(one), one])).values()];
  for (const entry of new Set(parts.map((part) => part.entry))) {
    const hosts = hostsOfOthers(entry, ingresses, surface);
    const paths = pathsOfOthers(entry, surface, hosts);
    shared.push(...sharedMarkProblems(entry, targetOf(targets, entry).draft, hosts, paths));
  }
  return shared;
}

function partsOf(settings: Settings, surface: Surface, role: PublicRole): Part[] {
  const way = settings.entries[role].ingress?.value;
  const service = surface.serviceOf(role);
  if (!way) return [];
  const controller = way.controller && CONTROLLERS[way.controller];
  const place = tlsPlace(role, settings);
  const port = publicServicePort(role, surface);
  const entries = surface.ingressesOf(role);
  const isTlsBackend = role === 'api' && service !== undefined && apiEndsTls(service, surface);
  return entries.map((entry) => ({
    ...{
      role,
      entry,
      service,
      port,
      way,
      controller,
      place,
      hasClasses: hasClasses(role, surface),
      isTlsBackend,
    },
  }));
}

function targetOf(targets: Map<Resource, Target>, resource: Resource): Target {
  return remembered(targets, resource, () => ({
    draft: new Draft(resource),
    marks: new Map(),
    given: new Map(),
    controllerField: undefined,
    lists: new Set<string>(),
    isStricter: () => false,
    problems: [],
  }));
}

function addMarks(
  targets: Map<Resource, Target>,
  part: Part,
  controller: Controller,
  settings: Settings,
): void {
  const { role, entry, service, port, place, isTlsBackend } = part;
  const field = fieldOf(settings, role, 'controller');
  const values = { service: service?.name, port: port?.port, publicPort: settings.port };
  const wanted = wantedMarks({ controller, role, place, isTlsBackend }, values);
  for (const [resource, marks] of [
    [entry, wanted.ingress],
    [service, wanted.service],
  ] as const) {
    if (!resource) continue;
    const target = targetOf(targets, resource);
    target.controllerField = field;
    target.isStricter = (key, old) => isStricterRedirect({ key, old }, controller, place);
    for (const { key, values } of controller.grpcWays ?? [])
      if (typeof values === 'string') target.lists.add(key);
    for (const [key, { value, isOfTls }] of marks) {
      const list = target.lists.has(key) ? { replaced: service?.names ?? [] } : undefined;
      const isSuited = (old: string) => suits({ key, old, wanted: value }, controller);
      target.marks.set(key, { value, field: isOfTls ? 'spec.tls.mode' : field, list, isSuited });
    }
  }
  if (role !== 'api' || !service || !port) return;
  const { draft, problems } = targetOf(targets, service);
  const protocol = { controller, value: wanted.appProtocol };
  problems.push(...writePort(draft, service, port, protocol, settings));
}

function never(): boolean {
  return false;
}

/** Stale marks go, wanted ones come, and what the config gives wins over either. */
function writeAnnotations(
  resource: Resource,
  { draft, marks, given, controllerField, lists, isStricter, problems }: Target,
  isKept: typeof saysBackendTls,
): void {
  const path = ['metadata', 'annotations'];
  const present = draft.get(path);
  const stale = Object.keys(isObject(present) ? present : {}).filter(
    (key) =>
      KNOWN_MARKS.annotations.has(key) &&
      !isKept(key, draft.get([...path, key])) &&
      !marks.has(key) &&
      !given.has(key) &&
      // Services and ports of others stay in their list.
      !lists.has(key) &&
      !isStricter(key, asText(draft.get([...path, key]))),
  );
  const name = (key: string, old: string, value: string | undefined, field: string) =>
    problems.push(replaced(resource.reference, [...path, key].join('.'), old, value, field));
  if (controllerField !== undefined)
    for (const key of stale) {
      const old = asText(draft.get([...path, key]));
      draft.remove([...path, key], controllerField);
      // What this table writes for a controller says nothing of its own.
      if (!isWrittenHere(key, old)) name(key, old, undefined, controllerField);
    }
  for (const [key, mark] of marks)
    if (!given.has(key)) {
      const old = draft.get([...path, key]);
      const value = united(old, mark);
      if (typeof old === 'string' && (old === value || mark.isSuited?.(old))) continue;
      draft.set([...path, key], value, mark.field);
      if (typeof old === 'string' && !mark.list) name(key, old, value, mark.field);
    }
  for (const [key, { value, field }] of given) draft.set([...path, key], value, field);
  const left = draft.get(path);
  if (isObject(left) && Object.keys(left).length === 0 && controllerField !== undefined)
    draft.remove(path, controllerField);
}

/** Settings, Services and ports that are a list in one annotation: those of the base stay beside ours. */
function united(old: unknown, { value, list }: MarkValue): string {
  if (typeof old !== 'string') return value;
  const items = old
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
  if (list) {
    const others = items.filter((item) => item === value || !list.replaced.includes(item));
    if (others.includes(value)) return others.length === items.length ? old : others.join(',');
    return [...others, value].join(',');
  }
  const name = /^([\w.]+=)[^,]*$/.exec(value)?.[1];
  return name === undefined
    ? value
    : [...items.filter((item) => !item.startsWith(name)), value].join(',');
}
