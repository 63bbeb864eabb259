/** What is wrong with the entries as they are configured, in the words of the config. */
import { PUBLIC_ROLES } from '../config/public-hosts.ts';
import type { Settings } from '../config/settings.ts';
import { CONTROLLERS } from '../controllers/index.ts';
import { limitsOf } from '../controllers/shared/wanted-marks.ts';
import type { Problem, ResourceReference } from '../errors.ts';
import { CLASS_ANNOTATION, classOf } from '../manifests/ingress.ts';
import { controllersOf } from '../surface/controller-in-use.ts';
import type { Surface } from '../surface/surface.ts';
import { fieldOf, type Part } from './entry-part.ts';

/** Limits of the controllers, and what one Ingress cannot be for both hosts. */
export function entryProblems(
  parts: readonly Part[],
  settings: Settings,
  surface: Surface,
): Problem[] {
  const shared = [...new Set(parts.map(({ entry }) => entry))].flatMap((entry) => {
    const [first, ...others] = parts.filter((part) => part.entry === entry);
    const whys = others.flatMap((other) => (first && whyNotShared(first, other)) ?? []);
    return whys.slice(0, 1).map((why) => sharedIngress(entry.reference, why));
  });
  return [
    ...limitProblems(parts, settings),
    ...tlsBackendProblems(parts, settings),
    ...shared,
    ...classProblems(parts, settings, surface),
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
        fix: `turn TLS of the API server off and name the port grpc, or leave \`${fieldOf(settings, role, 'controller')}\` out and keep the marks of the base`,
      },
    ];
  });
}

/** What the controllers cannot carry at all; once, where both entries have the same. */
function limitProblems(parts: readonly Part[], settings: Settings): Problem[] {
  const problems = new Map<string, Problem>();
  for (const { role, way, controller, place } of parts) {
    if (!controller) continue;
    const path = fieldOf(settings, role, 'controller');
    const given = new Set(Object.keys(way.annotations ?? {}));
    for (const limit of limitsOf({ controller, role, place }, settings.tlsMode, given)) {
      const { severity, message, fix } = limit;
      // What it can be told elsewhere is looked for when everything is written.
      if (severity === 'error' && !problems.has(message))
        problems.set(message, { code: 'entry-refused', severity, message, path, fix });
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
    fix: 'split the Ingress: the rule of each host into an Ingress of its own',
  };
}

/** One class would make an internal entry a public one, or the other way round. */
function classProblems(
  parts: readonly Part[],
  settings: Settings,
  { manifests }: Surface,
): Problem[] {
  return PUBLIC_ROLES.flatMap((role): Problem[] => {
    const own = parts.filter((part) => part.role === role && part.hasClasses);
    const [first] = own;
    if (!first) return [];
    const { className, annotations, controller: name } = first.way;
    const isGiven = annotations?.[CLASS_ANNOTATION] !== undefined;
    // The class stays, so that the controller of that class would get the marks of another.
    const isMoved = own.some(({ entry }) => {
      const served = controllersOf(entry, manifests, undefined);
      return name !== undefined && served.length > 0 && !served.includes(name);
    });
    if (className === undefined && !isGiven && !isMoved) return [];
    const key = isGiven ? 'annotations' : 'className';
    const path = fieldOf(settings, role, className === undefined && !isGiven ? 'controller' : key);
    return [
      {
        code: 'entry-refused',
        severity: 'error',
        message: `the Ingresses of the ${role === 'api' ? 'API' : 'app'} have several classes, and the config one way in for all of them`,
        path,
        found: own.map(({ entry }) => `${entry.name}: \`${classOf(entry) ?? 'none'}\``).join(', '),
        expected: 'the class of each as it is in the base',
        fix: `remove \`${path}\`: each Ingress keeps its class; or write one class into the Ingresses in the base`,
      },
    ];
  });
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
        fix: `remove \`${ingress.from}\`, so that the routes follow the config; or put an Ingress into the base in place of them`,
      },
    ];
  });
}
