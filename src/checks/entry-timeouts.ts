import { secondsOf } from '../controllers/durations.ts';
import { CONTROLLERS, type ControllerName } from '../controllers/index.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Entry } from '../surface/entry.ts';
import { annotationOf } from '../surface/issuers.ts';
import type { Surface } from '../surface/surface.ts';
import { getIn, list } from '../yaml/json.ts';
import type { Check, FindingDetails } from './check.ts';
import { cutterOf } from './shared/route-cutter.ts';

const HOUR = 3600;

/** Longer than most controllers' own default: whoever wrote it chose it. */
const CHOSEN = 60;

/** How each controller writes durations, where it is not with a unit. Sources: those of `src/controllers/`. */
const PLAIN_UNITS: Readonly<Partial<Record<ControllerName, 's' | 'ms'>>> = {
  'ingress-nginx': 's',
  'nginx-inc': 's',
  haproxy: 'ms',
  'haproxy-ingress': 'ms',
  kong: 'ms',
};

/** Written in Go, whose durations end at hours. */
const GO_DURATIONS: readonly ControllerName[] = ['cilium', 'contour'];

/** Where zero means without end. For nginx it would mean at once. */
const ZERO_IS_ENDLESS: readonly ControllerName[] = ['cilium', 'haproxy', 'haproxy-ingress'];

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: "Streams end at the controller's own timeout",
  why: "Watches and long calls of the API, and of gRPC-Web behind the app's host, are streams that may be silent for long. The default of most controllers ends them after 15 to 60 seconds.",
  mend: 'set reads and sends to 3600 seconds where the controller reads them',
  find: (view) =>
    view.entries
      .filter(({ roles }) => roles.has('api') || roles.has('envoy'))
      // What passes through is no HTTP to the entry.
      .filter(({ tlsPlace }) => tlsPlace !== 'envoy')
      .flatMap((entry) => (entry.form === 'ingress' ? onIngress(entry) : onRoute(entry, view))),
};

function onIngress(entry: Entry): FindingDetails[] {
  const results = entry.controllers.map((name) => problemsOf(entry, name));
  // Of two controllers that may be in use, one that is content is enough.
  return results.some((found) => found.length === 0) ? [] : (results[0] ?? []);
}

function problemsOf(entry: Entry, name: ControllerName): FindingDetails[] {
  const { timeouts, limits } = CONTROLLERS[name];
  if (timeouts === undefined) {
    const role = entry.roles.has('api') ? 'api' : 'app';
    // A limit on silent clients is one on the API: a browser has sent its request when the answer begins.
    const limit = limits?.find(
      (candidate) => /timeout/.test(candidate.message) && (candidate.role ?? 'api') === role,
    );
    if (!limit) return [];
    const { message, mend } = limit;
    return [{ resource: entry.resource, severity: 'warning', message, mend }];
  }
  const service = entry.paths.find(({ role }) => role === 'api' || role === 'envoy')?.backend
    .service;
  const wanted = [
    ...Object.entries(timeouts.ingress ?? {}).map(
      ([key, value]) => [entry.resource, key, value] as const,
    ),
    ...Object.entries(timeouts.service ?? {}).map(([key, value]) => [service, key, value] as const),
  ];
  return wanted
    .filter(([, key]) => entry.roles.has('api') || !isSend(key))
    .flatMap(([resource, key, value]) => {
      if (!resource) return [];
      const written =
        annotationOf(resource, key) ??
        // Several controllers read a key of the Service on the Ingress as well, and the other way round.
        annotationOf(entry.resource, key) ??
        (service && annotationOf(service, key));
      return judge(resource, key, value, written, name);
    });
}

/** A browser has sent its request when the answer begins: only the API has streams from clients. */
function isSend(key: string): boolean {
  return /send|write/.test(key);
}

function judge(
  resource: Resource,
  key: string,
  wanted: string,
  written: string | undefined,
  name: ControllerName,
): FindingDetails[] {
  const seconds = written === undefined ? undefined : readSeconds(written, wanted, name);
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
          ? `${setting} is ${written === undefined ? 'not set' : 'no duration that the controller reads'}: ${CONTROLLERS[name].title} ends streams at its own default`
          : `${setting} ends streams after ${seconds} s`,
      mend: `annotate it with \`${key}: "${wanted}"\``,
    },
  ];
}

/** Of load balancer attributes, the one that is meant. */
function readSeconds(written: string, wanted: string, name: ControllerName): number | undefined {
  const attribute = /^([\w.]+)=/.exec(wanted)?.[1];
  const text =
    attribute === undefined
      ? written
      : written
          .split(',')
          .map((item) => item.trim().split('='))
          .find(([known]) => known === attribute)?.[1];
  if (text === undefined) return undefined;
  if (!isReadable(text, wanted, name)) return undefined;
  const seconds = secondsOf(text, attribute === undefined ? PLAIN_UNITS[name] : 's');
  return seconds === 0 && ZERO_IS_ENDLESS.includes(name) ? Number.POSITIVE_INFINITY : seconds;
}

/** A value is readable in the form of the one that is wanted: where that is a whole number, a unit makes the controller ignore it. */
function isReadable(text: string, wanted: string, name: ControllerName): boolean {
  if (/^\d+$/.test(wanted.replace(/^.*=/, ''))) return /^\d+$/.test(text);
  if (/^infinit/.test(text)) return name === 'contour';
  return !(GO_DURATIONS.includes(name) && /d/.test(text));
}

/** Of an HTTPRoute, where zero is without end (GEP-1742) and none is up to the implementation. */
function onRoute(entry: Entry, view: Surface): FindingDetails[] {
  const { resource } = entry;
  if (resource.kind !== 'HTTPRoute') return [];
  const cutter = cutterOf(entry, view);
  const rules = list(getIn(resource.json, ['spec', 'rules']));
  return rules.flatMap((rule, position): FindingDetails[] => {
    if (list(rule['backendRefs']).length === 0) return [];
    const written = getIn(rule, ['timeouts', 'request']);
    const seconds = typeof written === 'string' ? secondsOf(written, undefined) : undefined;
    if (seconds === 0 || (seconds ?? 0) >= HOUR) return [];
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
