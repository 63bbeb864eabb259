import type { Controller } from '../controllers/controller.ts';
import { CONTROLLERS } from '../controllers/index.ts';
import { ROUTE_DURATIONS, secondsOf, timeoutSeconds } from '../controllers/shared/durations.ts';
import type { Resource } from '../manifests/resource.ts';
import { rulesOf } from '../manifests/route.ts';
import type { Entry } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, list } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { cutterOf } from './shared/route-cutter.ts';

const HOUR = 3600;

/** Longer than most controllers' own default: whoever wrote it chose it. */
const CHOSEN = 60;

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: "Streams end at the controller's own timeout",
  why: "Watches and long calls of the API, and of gRPC-Web behind the app's host, are streams that may be silent for long. The default of most controllers ends them after 15 to 60 seconds.",
  mend: 'set reads and sends to 3600 seconds where the controller reads them',
  find: (surface) =>
    surface.entries
      .filter(({ roles }) => roles.has('api') || roles.has('envoy'))
      // What passes through is no HTTP to the entry.
      .filter(({ tlsPlace }) => tlsPlace !== 'envoy')
      .flatMap((entry) => (entry.form === 'ingress' ? onIngress(entry) : onRoute(entry, surface))),
};

function onIngress(entry: Entry): Fault[] {
  const results = entry.controllers.map((name) => problemsOf(entry, CONTROLLERS[name]));
  // Of two controllers that may be in use, one that is content is enough.
  return results.some((found) => found.length === 0) ? [] : (results[0] ?? []);
}

function problemsOf(entry: Entry, controller: Controller): Fault[] {
  const { timeouts, sendTimeouts, limits } = controller;
  const isApi = entry.roles.has('api');
  if (timeouts === undefined) {
    // A limit on silent clients is one on the API: a browser has sent its request when the answer begins.
    const limit = limits?.find(
      ({ kind, role = 'api' }) => kind === 'timeout' && role === (isApi ? 'api' : 'app'),
    );
    if (!limit) return [];
    const { message, mend } = limit;
    return [{ resource: entry.resource, severity: 'warning', message, mend }];
  }
  const service = entry.paths.find(({ role }) => role === 'api' || role === 'envoy')?.backend
    .service;
  const groups = isApi && sendTimeouts ? [timeouts, sendTimeouts] : [timeouts];
  const wanted = groups.flatMap((marks) => [
    ...Object.entries(marks.ingress ?? {}).map((mark) => [entry.resource, ...mark] as const),
    ...Object.entries(marks.service ?? {}).map((mark) => [service, ...mark] as const),
  ]);
  return wanted.flatMap(([resource, key, value]) => {
    if (!resource) return [];
    const written =
      resource.annotation(key) ??
      // Several controllers read a key of the Service on the Ingress as well, and the other way round.
      entry.resource.annotation(key) ??
      service?.annotation(key);
    return judge(resource, key, value, written, controller);
  });
}

function judge(
  resource: Resource,
  key: string,
  wanted: string,
  written: string | undefined,
  controller: Controller,
): Fault[] {
  const seconds = written === undefined ? undefined : timeoutSeconds(controller, written, wanted);
  if (seconds !== undefined && seconds >= HOUR) return [];
  const isChosen = seconds !== undefined && seconds > CHOSEN;
  const setting = wanted.includes('=') ? wanted.replace(/=.*/, '') : key;
  return [
    {
      resource,
      path: `metadata.annotations[${key}]`,
      severity: isChosen ? 'warning' : undefined,
      message:
        seconds === undefined
          ? `${setting} is ${written === undefined ? 'not set' : 'no duration that the controller reads'}: ${controller.title} ends streams at its own default`
          : `${setting} ends streams after ${seconds} s`,
      mend: `annotate it with \`${key}: "${wanted}"\``,
    },
  ];
}

/** Of an HTTPRoute, where none is up to the implementation. */
function onRoute(entry: Entry, surface: Surface): Fault[] {
  const { resource } = entry;
  if (resource.kind !== 'HTTPRoute') return [];
  const cutter = cutterOf(entry, surface);
  return rulesOf(resource).flatMap((rule, position): Fault[] => {
    if (list(rule['backendRefs']).length === 0) return [];
    const written = getIn(rule, ['timeouts', 'request']);
    const seconds = typeof written === 'string' ? secondsOf(written, ROUTE_DURATIONS) : undefined;
    if ((seconds ?? 0) >= HOUR) return [];
    if (written === undefined && cutter === undefined) return [];
    return [
      {
        resource,
        path: `spec.rules[${position}].timeouts.request`,
        severity: (seconds ?? 0) > CHOSEN ? 'warning' : undefined,
        message:
          seconds === undefined
            ? `the route sets no timeout, and ${cutter ?? 'its implementation'} ends calls after 15 s then`
            : `the route ends calls after ${seconds} s`,
        mend: 'set `timeouts: {request: 0s}` on the rule',
      },
    ];
  });
}
