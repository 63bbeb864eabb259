import type { Controller } from '../controllers/controller.ts';
import { CONTROLLERS } from '../controllers/index.ts';
import {
  ROUTE_DURATIONS,
  STREAM_SECONDS,
  secondsOf,
  timeoutSeconds,
} from '../controllers/shared/durations.ts';
import type { Resource } from '../manifests/resource.ts';
import { rulesOf } from '../manifests/route.ts';
import { globalSetting } from '../surface/controller-settings.ts';
import type { Entry } from '../surface/entry.ts';
import { isCrossed } from '../surface/faults/entry-host.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { leftMarks } from '../surface/left-marks.ts';
import { redirectsAll } from '../surface/redirects.ts';
import type { Surface } from '../surface/surface.ts';
import { policyTimeouts } from '../surface/traffic-policies.ts';
import { getIn, type JsonObject, list } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { CUTTERS, cutterOf, hasOwnTimeout, unknownGateway } from './shared/route-cutter.ts';

/** Longer than most controllers' own default: whoever wrote it chose it. */
const CHOSEN = 60;

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: "Streams end at the controller's own timeout",
  why: "Watches and long calls of the API, and of gRPC-Web behind the app's host, are streams that may be silent for long. The default of most controllers ends them after 15 to 60 seconds.",
  fix: 'set reads and sends to 3600 seconds where the controller reads them',
  find: (surface) =>
    surface.entries
      .filter(({ roles }) => roles.has('api') || roles.has('envoy'))
      // What passes through is no HTTP to the entry.
      .filter(({ tlsPlace }) => tlsPlace !== 'envoy')
      .filter((entry) => !isCrossed(entry, surface))
      .flatMap((entry) =>
        entry.form === 'ingress'
          ? onIngress(entry, surface)
          : [...onRoute(entry, surface), ...onPolicies(entry, surface)],
      ),
};

function onIngress(entry: Entry, surface: Surface): Fault[] {
  if (redirectsAll(entry, surface.manifests) || leftMarks(entry, surface)) return [];
  const results = entry.controllers.map((name) => problemsOf(entry, CONTROLLERS[name], surface));
  // Of two controllers that may be in use, one that is content is enough.
  return results.some((found) => found.length === 0) ? [] : (results[0] ?? []);
}

function problemsOf(entry: Entry, controller: Controller, surface: Surface): Fault[] {
  const { timeouts, sendTimeouts } = controller;
  const isApi = entry.roles.has('api');
  if (timeouts === undefined) return [];
  const service = entry.paths.find(({ role }) => role === 'api' || role === 'envoy')?.backend
    .service;
  const groups = isApi && sendTimeouts ? [timeouts, sendTimeouts] : [timeouts];
  const wanted = groups.flatMap((marks) => [
    ...Object.entries(marks.ingress ?? {}).map((mark) => [marks, entry.resource, ...mark] as const),
    ...Object.entries(marks.service ?? {}).map((mark) => [marks, service, ...mark] as const),
  ]);
  const found = wanted.flatMap(([marks, resource, key, value]) => {
    if (!resource) return [];
    const written =
      resource.annotation(key) ??
      // Several controllers read a key of the Service on the Ingress as well, and the other way round.
      entry.resource.annotation(key) ??
      service?.annotation(key) ??
      globalSetting(controller, key, surface);
    const isOpen = marks === sendTimeouts && written === undefined;
    return judge(resource, key, value, written, controller).map((fault) => ({ fault, isOpen }));
  });
  const areReadsCut = found.some(({ fault, isOpen }) => !isOpen && fault.severity !== 'warning');
  return found.map(({ fault, isOpen }) => (isOpen && !areReadsCut ? onSend(fault) : fault));
}

/**
 * A client that is silent is not cut by it, only one whose message the API server does not take: nginx's timer runs while a write waits.
 * Source: nginx, `ngx_http_upstream_send_request`.
 */
function onSend(fault: Fault): Fault {
  const setting = fault.message.replace(/ is not set: .*/, '');
  return {
    ...fault,
    severity: 'warning',
    message: `${setting} is not set: a call ends when the API server takes nothing of a message for as long as the controller's default says`,
  };
}

function judge(
  resource: Resource,
  key: string,
  wanted: string,
  written: string | undefined,
  controller: Controller,
): Fault[] {
  const seconds = written === undefined ? undefined : timeoutSeconds(controller, written, wanted);
  if (seconds !== undefined && seconds >= STREAM_SECONDS) return [];
  const isChosen = seconds !== undefined && seconds > CHOSEN;
  const isInList = wanted.includes('=');
  const setting = isInList ? wanted.replace(/=.*/, '') : key;
  const isSet = written !== undefined && (!isInList || written.includes(`${setting}=`));
  return [
    {
      resource,
      path: `metadata.annotations[${key}]`,
      severity: isChosen ? 'warning' : undefined,
      message:
        seconds === undefined
          ? `${setting} is ${isSet ? 'no duration that the controller reads' : 'not set'}: ${controller.title} ends streams at its own default`
          : `${setting} ends streams after ${seconds} s`,
      // What else the list sets stays.
      fix:
        isInList && written !== undefined
          ? `write \`${wanted}\` in \`${key}\``
          : `annotate it with \`${key}: "${wanted}"\``,
    },
  ];
}

/** The timeouts of a rule; `backendRequest` is that of one attempt. */
const RULE_TIMEOUTS = ['request', 'backendRequest'] as const;

/** Of an HTTPRoute, where none is up to the implementation. */
function onRoute(entry: Entry, surface: Surface): Fault[] {
  const { resource } = entry;
  if (resource.kind !== 'HTTPRoute') return [];
  const isSetElsewhere = hasOwnTimeout(entry, surface);
  const cutter = cutterOf(entry, surface);
  const unknown = unknownGateway(entry, surface);
  return rulesOf(resource).flatMap((rule, position): Fault[] => {
    if (list(rule['backendRefs']).length === 0) return [];
    const found = RULE_TIMEOUTS.flatMap((name): Fault[] => {
      const written = getIn(rule, ['timeouts', name]);
      if (written === undefined) return [];
      const path = `spec.rules[${position}].timeouts.${name}`;
      return ended(resource, path, readDuration(written), 'the route', `set \`${name}: 0s\` there`);
    });
    if (found.length > 0 || isSetElsewhere || isSet(rule)) return found;
    if (cutter === undefined && unknown === undefined) return [];
    return [
      {
        resource,
        path: `spec.rules[${position}].timeouts.request`,
        severity: cutter === undefined ? 'warning' : undefined,
        message:
          cutter === undefined
            ? `the route sets no timeout, and what ${unknown?.name} does then is not known here: some implementations end calls after 15 or 30 s (${CUTTERS})`
            : `the route sets no timeout, and ${cutter.name} ends calls after ${cutter.seconds} s then`,
        fix: cutter?.fix ?? 'set `timeouts: {request: 0s}` on the rule',
      },
    ];
  });
}

function isSet(rule: JsonObject): boolean {
  return getIn(rule, ['timeouts', 'request']) !== undefined;
}

function readDuration(written: unknown): number | undefined {
  return typeof written === 'string' ? secondsOf(written, ROUTE_DURATIONS) : undefined;
}

/** Policies that stand beside a route. */
function onPolicies(entry: Entry, surface: Surface): Fault[] {
  return policyTimeouts(entry, surface).flatMap(({ policy, path, seconds, longest }) => {
    const name = path.replace(/^.*\./, '');
    const { kind, name: routeName } = entry.resource;
    const subject = `the policy, which holds for ${kind} ${routeName},`;
    return ended(policy, path, seconds, subject, `set \`${name}: ${longest}\``);
  });
}

function ended(
  resource: Resource,
  path: string,
  seconds: number | undefined,
  subject: string,
  fix: string,
): Fault[] {
  if ((seconds ?? 0) >= STREAM_SECONDS) return [];
  return [
    {
      resource,
      path,
      severity: (seconds ?? 0) > CHOSEN ? 'warning' : undefined,
      message:
        seconds === undefined
          ? `${path.replace(/^.*\./, '')} is not a duration that the implementation reads`
          : `${subject} ends calls after ${seconds} s`,
      fix,
    },
  ];
}
