/**
 * Timeouts that policies beside a route set for it.
 *
 * Sources: Envoy Gateway, "BackendTrafficPolicy" (of a route before that of its Gateway; `timeout.http` has `requestTimeout`,
 * `maxStreamDuration`, `maxConnectionDuration`; 0s is without end) and "EnvoyPatchPolicy"; kgateway, "TrafficPolicy" (`timeouts.request`);
 * Google Cloud, "GCPBackendPolicy" (`default.timeoutSec`, a number, for a Service).
 */
import { ROUTE_DURATIONS, STREAM_SECONDS, secondsOf } from '../controllers/shared/durations.ts';
import { selectsLabels } from '../manifests/label-selectors.ts';
import type { Resource } from '../manifests/resource.ts';
import { asText, getIn, type JsonObject, list, objectAt } from '../yaml/json.ts';
import type { Entry } from './entry.ts';
import type { Surface } from './surface.ts';

/** How long a policy lets a call, or what carries it, live. */
interface PolicyTimeout {
  policy: Resource;
  /** `spec.timeout.http.requestTimeout`. */
  path: string;
  /** Infinity for a wait without end; undefined where it is not a duration. */
  seconds: number | undefined;
  /** Whether it stands in place of the implementation's own timeout of calls. */
  isOfCalls: boolean;
  /** What is written for the longest wait. */
  longest: string;
}

/** Each kind, with the fields that end calls, the one in place of the implementation's own first. */
const KINDS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  BackendTrafficPolicy: [
    ['timeout', 'http', 'requestTimeout'],
    ['timeout', 'http', 'maxStreamDuration'],
    ['timeout', 'http', 'maxConnectionDuration'],
  ],
  TrafficPolicy: [['timeouts', 'request']],
};

/** For Services, in seconds: each kind with its field. */
const OF_SERVICES: Readonly<Record<string, readonly string[]>> = {
  GCPBackendPolicy: ['default', 'timeoutSec'],
};

/** Of the policies that target a route, or its Gateway where none targets the route. */
export function policyTimeouts(entry: Entry, surface: Surface): PolicyTimeout[] {
  return [...onRoute(entry, surface), ...onServices(entry, surface)];
}

function onServices({ paths }: Entry, { manifests }: Surface): PolicyTimeout[] {
  const services = [...new Set(paths.flatMap(({ backend }) => backend.service ?? []))];
  return Object.entries(OF_SERVICES).flatMap(([kind, field]) =>
    manifests
      .ofKind(kind)
      .filter((policy) => services.some((service) => targets(policy, service)))
      .flatMap((policy): PolicyTimeout[] => {
        const seconds = getIn(policy.json, ['spec', ...field]);
        if (typeof seconds !== 'number') return [];
        const path = ['spec', ...field].join('.');
        return [{ policy, path, seconds, isOfCalls: true, longest: String(STREAM_SECONDS) }];
      }),
  );
}

function onRoute(entry: Entry, surface: Surface): PolicyTimeout[] {
  return Object.entries(KINDS).flatMap(([kind, fields]) => {
    const policies = targeting(kind, entry, surface);
    return policies.flatMap((policy) =>
      fields.flatMap((field, index): PolicyTimeout[] => {
        const written = getIn(policy.json, ['spec', ...field]);
        if (typeof written !== 'string') return [];
        const seconds = secondsOf(written, ROUTE_DURATIONS);
        const path = ['spec', ...field].join('.');
        return [{ policy, path, seconds, isOfCalls: index === 0, longest: '0s' }];
      }),
    );
  });
}

/** Whether something changes the implementation's Envoy in a way that is not read here. */
export function isPatched(entry: Entry, surface: Surface): boolean {
  return targeting('EnvoyPatchPolicy', entry, surface).length > 0;
}

function targeting(kind: string, { resource, listeners }: Entry, surface: Surface): Resource[] {
  const policies = surface.manifests.ofKind(kind);
  if (policies.length === 0) return [];
  const gateways = [...new Set(listeners.map(({ gateway }) => gateway))];
  const sections = listeners.map(({ json }) => json['name']);
  const onRoute = policies.filter((policy) => targets(policy, resource));
  if (onRoute.length > 0) return onRoute;
  return policies.filter((policy) =>
    gateways.some((gateway) => targets(policy, gateway, (name) => sections.includes(name))),
  );
}

/** A policy is about resources of its own namespace. */
function targets(
  { json, namespace }: Resource,
  target: Resource,
  isSection: (name: JsonObject[string] | undefined) => boolean = () => true,
): boolean {
  if (namespace !== target.namespace) return false;
  const one = getIn(json, ['spec', 'targetRef']);
  const references = [
    ...(one === undefined ? [] : [objectAt(json, ['spec', 'targetRef'])]),
    ...list(getIn(json, ['spec', 'targetRefs'])),
  ];
  const selectors = list(getIn(json, ['spec', 'targetSelectors']));
  return (
    references.some(
      ({ kind, name, sectionName }) =>
        kind === target.kind &&
        target.names.includes(asText(name)) &&
        (sectionName === undefined || isSection(sectionName)),
    ) ||
    selectors.some(
      (selector) =>
        selector['kind'] === target.kind &&
        selectsLabels(selector, objectAt(target.json, ['metadata', 'labels'])),
    )
  );
}
