/** What is wrong with the entries as they are configured, in the words of the config. */
import { PUBLIC_ROLES } from '../config/public-hosts.ts';
import type { Settings } from '../config/settings.ts';
import { CONTROLLERS, PASS_THROUGH_TITLES } from '../controllers/index.ts';
import { limitsOf, tlsPlace } from '../controllers/shared/wanted-marks.ts';
import type { Problem, ResourceReference } from '../errors.ts';
import { CLASS_ANNOTATION, classOf } from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Surface } from '../surface/surface.ts';
import type { JsonObject } from '../yaml/json.ts';
import { fieldOf, type Part } from './entry-part.ts';

/** Limits of the controllers, and what one Ingress cannot be for both hosts. */
export function entryProblems(
  parts: readonly Part[],
  settings: Settings,
  appEntries: readonly Resource[],
): Problem[] {
  const ofApp = parts.filter(({ role }) => role === 'app');
  const shared = [...new Set(parts.map(({ entry }) => entry))].flatMap((entry) => {
    const [first, ...others] = parts.filter((part) => part.entry === entry);
    const whys = others.flatMap((other) => (first && whyNotShared(first, other)) ?? []);
    return whys.slice(0, 1).map((why) => sharedIngress(entry.reference, why));
  });
  return [
    ...limitProblems(parts, settings),
    ...tlsBackendProblems(parts, settings),
    ...shared,
    ...appEntries.flatMap((entry) =>
      passThroughProblems(
        ofApp.find((part) => part.entry === entry),
        settings,
        entry,
      ),
    ),
    ...classProblems(parts, settings),
  ];
}

/** Pods that end TLS, behind an entry that would speak plain gRPC to them. */
function tlsBackendProblems(parts: readonly Part[], settings: Settings): Problem[] {
  return parts.flatMap(({ role, controller, isTlsBackend, service, port }): Problem[] => {
    if (!isTlsBackend || !controller || controller.grpcTls || !service) return [];
    const spoken = Object.values(CONTROLLERS).filter(({ grpcTls }) => grpcTls !== undefined);
    return [
      {
        code: 'entry-refused',
        severity: 'error',
        message: `the API server's pods end TLS themselves, and ${controller.title} is not told here how to speak TLS to them`,
        resource: service.reference,
        path: `spec.ports[${port?.index ?? 0}]`,
        found: `port ${port?.name || port?.port} with TLS behind it, by its name, the config of its pods or an entry that speaks TLS to it`,
        expected: `pods without TLS, or one of ${spoken.map(({ title }) => title).join(', ')}`,
        mend: `turn TLS of the API server off and name the port grpc, or leave \`${fieldOf(settings, role, 'controller')}\` out and keep the marks of the base`,
      },
    ];
  });
}

/** What the controllers cannot be told; once, where both entries have the same. */
function limitProblems(parts: readonly Part[], settings: Settings): Problem[] {
  const problems = new Map<string, Problem>();
  for (const { role, way, controller, place } of parts) {
    if (!controller) continue;
    const path = fieldOf(settings, role, 'controller');
    const given = new Set(Object.keys(way.annotations ?? {}));
    for (const limit of limitsOf({ controller, role, place }, settings.tlsMode, given)) {
      const { severity, message, mend } = limit;
      const code = severity === 'error' ? 'entry-refused' : 'entry-limit';
      if (!problems.has(message)) problems.set(message, { code, severity, message, path, mend });
    }
  }
  return [...problems.values()];
}

/** Why one Ingress cannot carry two hosts; undefined where it can. */
function whyNotShared(one: Part, other: Part): string | undefined {
  const { controller } = one;
  const isOneWay = controller === other.controller && one.way.className === other.way.className;
  if (!isOneWay) return 'each of them has a controller or a class of its own';
  if (one.place !== other.place)
    return `TLS of the app passes through it, and TLS of the ${one.role === 'api' ? 'API' : 'page'} ends at it`;
  return one.role === 'api' && controller?.oneProtocolPerIngress
    ? `${controller.title} takes one backend protocol for all of it: gRPC would break the app`
    : undefined;
}

function sharedIngress(resource: ResourceReference, why: string): Problem {
  return {
    code: 'entry-refused',
    severity: 'error',
    message: `one Ingress carries both hosts, but ${why}`,
    resource,
    path: 'spec.rules',
    expected: 'an Ingress for the API and one for the app',
    mend: 'split the Ingress: the rule of each host into an Ingress of its own',
  };
}

/** One class would make an internal entry a public one, or the other way round. */
function classProblems(parts: readonly Part[], settings: Settings): Problem[] {
  return PUBLIC_ROLES.flatMap((role): Problem[] => {
    const own = parts.filter((part) => part.role === role && part.hasClasses);
    const [first] = own;
    const isGiven = first?.way.annotations?.[CLASS_ANNOTATION] !== undefined;
    if (!first || (first.way.className === undefined && !isGiven)) return [];
    const path = fieldOf(settings, role, isGiven ? 'annotations' : 'className');
    return [
      {
        code: 'entry-refused',
        severity: 'error',
        message: `the Ingresses of the ${role === 'api' ? 'API' : 'app'} have several classes, and the config one for all of them`,
        path,
        found: own.map(({ entry }) => `${entry.name}: \`${classOf(entry) ?? 'none'}\``).join(', '),
        expected: 'the class of each as it is in the base',
        mend: `remove \`${path}\`: each Ingress keeps its class; or write one class into the Ingresses in the base`,
      },
    ];
  });
}

/** Where TLS ends at Envoy, the app's entry has to leave it alone. */
function passThroughProblems(
  app: Part | undefined,
  settings: Settings,
  appEntry: Resource,
): Problem[] {
  if (tlsPlace('app', settings) !== 'envoy') return [];
  // Without an Ingress among its ways, the entry is the Gateway's, and its Ingress goes.
  if (!app && settings.entries.app.gateway) return [];
  if (app?.controller) return app.controller.tls.envoy ? [] : [noPassThrough(app.controller.title)];
  const annotations = { ...appEntry.annotations, ...app?.way.annotations };
  return saysPassThrough(annotations) ? [] : [unknownPassThrough(appEntry.reference)];
}

function noPassThrough(title: string): Problem {
  return {
    code: 'entry-refused',
    severity: 'error',
    message: `${title} cannot pass TLS through to Envoy with an Ingress`,
    path: 'spec.tls.terminateAt',
    expected: `one of ${PASS_THROUGH_TITLES.join(', ')}; or a Gateway`,
    mend: 'use `entry.app.gateway`, which makes a TLSRoute, or a controller that can, or leave `terminateAt` at `entry`',
  };
}

/** What is not passed through would be spoken to in plain HTTP, and Envoy hangs up. */
function unknownPassThrough(resource: ResourceReference): Problem {
  return {
    code: 'entry-refused',
    severity: 'error',
    message: 'TLS ends at Envoy, and nothing says that this Ingress passes it through',
    resource,
    path: 'metadata.annotations',
    expected: `a controller that can: ${PASS_THROUGH_TITLES.join(', ')}; or a Gateway`,
    mend: 'set `entry.app.ingress.controller`, or give the annotation for it in `entry.app.ingress.annotations`, or use `entry.app.gateway`',
  };
}

/** In the key (`ssl-passthrough: "true"`) or in the value (`termination: passthrough`). */
function saysPassThrough(annotations: JsonObject): boolean {
  return Object.entries(annotations).some(
    ([key, value]) =>
      /pass-?through/i.test(`${key} ${String(value)}`) &&
      !/^(false|disabled)$/i.test(String(value)),
  );
}

const NAMES = { api: 'API', app: 'app', ui: 'page' } as const;

/** `entry.ingress` over a base that has routes: nothing would be told of the controller. */
export function routesInstead(settings: Settings, surface: Surface): Problem[] {
  return PUBLIC_ROLES.flatMap((role): Problem[] => {
    const { ingress, gateway } = settings.entries[role];
    const [route] = surface.routesOf(role);
    if (!ingress || gateway || !route || surface.ingressesOf(role).length > 0) return [];
    return [
      {
        code: 'entry-refused',
        severity: 'error',
        message: `\`${ingress.from}\` is set, and the base has routes of the Gateway API for the ${NAMES[role]}, not an Ingress`,
        resource: route.reference,
        path: ingress.from,
        expected: 'an Ingress in the base, or a config that leaves the routes as they are',
        mend: `remove \`${ingress.from}\`, so that the routes follow the config; or put an Ingress into the base in place of them`,
      },
    ];
  });
}
