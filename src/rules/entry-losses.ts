/**
 * What an entry would lose with its controller, or with the Ingress that a Gateway takes the place of: access lists, authentication,
 * rewrites, further paths. Each is named, unless the config gives it up.
 */
import type { IngressEntry } from '../config/generated/domain-config.ts';
import { PUBLIC_ROLES } from '../config/public-hosts.ts';
import {
  ANNOTATION_PREFIXES,
  CONTROLLERS,
  type ControllerName,
  KNOWN_MARKS,
} from '../controllers/index.ts';
import { GATEWAY_IMPLEMENTATIONS } from '../controllers/shared/gateways.ts';
import type { Problem } from '../errors.ts';
import { Draft } from '../manifests/edit.ts';
import {
  classOf,
  hostOfRule,
  type IngressPath,
  pathsOfRule,
  rulesOf,
} from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import { servicePort } from '../manifests/service.ts';
import { controllersOf } from '../surface/controller-in-use.ts';
import { publicServicePort } from '../surface/envoy-service.ts';
import { EXTERNAL_DNS } from '../surface/other-entries.ts';
import { isRewrite } from '../surface/rewrites.ts';
import type { Surface } from '../surface/surface.ts';
import { type IngressPart, ingressParts } from './ingress-part.ts';
import { fromDrafts, type Rule } from './rule.ts';
import type { RuleSettings } from './rule-settings.ts';

/** One role on its way to another controller, or to a Gateway, while the Ingress stays as well. */
interface Move {
  part: IngressPart;
  /** The field of the way in: `spec.entry.gateway`. */
  from: string;
  /** As messages call what takes over. */
  to: string;
  /** The controllers that may serve the entry today. */
  controllers: readonly ControllerName[];
  isGateway: boolean;
  /** What the config gives up, and what it writes itself. */
  settled: ReadonlySet<string>;
}

export const entryLosses: Rule = ({ settings, surface }) => {
  const moves = ingressParts(settings, surface).flatMap((part) => movesOf(part, settings, surface));
  const problems = moves.flatMap((move) => [
    ...[move.part.resource, surface.serviceOf(move.part.role)].flatMap((resource) =>
      resource ? annotationLoss(move, resource) : [],
    ),
    ...(move.isGateway ? pathLoss(move, settings, surface) : []),
  ]);
  problems.push(...classLoss(moves));
  const drafts = moves.filter(({ isGateway }) => !isGateway).map(withoutDropped);
  const once = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return fromDrafts(drafts, [...once.values()]);
};

function movesOf(part: IngressPart, settings: RuleSettings, surface: Surface): Move[] {
  const { ingress, gateway } = settings.entries[part.role];
  const controllers = controllersOf(part.resource, surface.manifests, undefined);
  const common = { part, controllers };
  const settledBy = ({ annotations = {}, drop = [] }: Pick<IngressEntry, 'annotations' | 'drop'>) =>
    new Set([...Object.keys(annotations), ...drop]);
  const moves: Move[] = [];
  // Rules for other hosts stay where they are.
  if (gateway && part.main !== undefined) {
    const settled = settledBy(gateway.value);
    // The route takes the same away.
    if (part.role === 'app' && settings.callsPrefix !== undefined)
      for (const key of Object.keys(part.resource.annotations))
        if (isRewrite(key)) settled.add(key);
    moves.push({ ...common, from: gateway.from, to: 'a Gateway', isGateway: true, settled });
  }
  const name = ingress?.value.controller;
  if (ingress && name && !controllers.includes(name)) {
    const settled = settledBy(ingress.value);
    const to = CONTROLLERS[name].title;
    moves.push({ ...common, from: ingress.from, to, isGateway: false, settled });
  }
  return moves;
}

/** The annotations that are read today and that nothing would read any more. */
function unread(move: Move, { annotations }: Resource): string[] {
  return Object.keys(annotations).filter(
    (key) =>
      !KNOWN_MARKS.annotations.has(key) &&
      (isOfController(key, move) || (move.isGateway && isOfExternalDns(key))),
  );
}

/** Where it is not known which controller serves an entry, an annotation of any. */
function isOfController(key: string, { controllers }: Move): boolean {
  const begins = (name: ControllerName) =>
    ANNOTATION_PREFIXES.get(name)?.some((prefix) => key.startsWith(prefix)) ?? false;
  const readers = [...ANNOTATION_PREFIXES.keys()].filter(begins);
  if (controllers.length > 0) return readers.some((name) => controllers.includes(name));
  return readers.length > 0 || /^[\w.-]*\bingress\.[\w.-]*\//.test(key);
}

/** Host names are those of the routes. Source: external-dns, "Annotations". */
function isOfExternalDns(key: string): boolean {
  const [prefix = '', name] = key.split('/');
  return EXTERNAL_DNS.includes(prefix) && name !== 'hostname';
}

function annotationLoss(move: Move, resource: Resource): Problem[] {
  if (resource.kind === 'Service' && isReadByGateway(move)) return [];
  const lost = unread(move, resource).filter((key) => !move.settled.has(key));
  const what = resource.kind === 'Service' ? 'this Service' : 'this Ingress';
  const loss = (keys: readonly string[], texts: Pick<Problem, 'message' | 'expected' | 'fix'>) =>
    keys.length === 0
      ? []
      : [
          {
            code: 'entry-loses' as const,
            severity: 'error' as const,
            resource: resource.reference,
            path: 'metadata.annotations',
            found: keys.map((key) => `\`${key}\``).join(', '),
            ...texts,
          },
        ];
  const others = lost.filter((key) => !isOfExternalDns(key));
  return [
    ...loss(others, {
      message: `${move.to} does not read annotations that ${what} has today`,
      expected: `the same by means of ${move.to}, or nothing on purpose`,
      fix: `set up for ${move.to} what is needed of it, then list the annotations in \`${move.from}.drop\``,
    }),
    // Source: external-dns, "Gateway API Annotation Placement": the target from the Gateway, everything else from the route.
    ...loss(lost.filter(isOfExternalDns), {
      message: `annotations that external-dns reads of ${what} today are not taken over to the Gateway and its route`,
      expected: 'the target at the Gateway, the others at the route, or nothing on purpose',
      fix: `write the target in \`${move.from}.annotations\`, and what else is needed at the route in an overlay; list in \`${move.from}.drop\` what is not written there`,
    }),
  ];
}

/** A program that serves Ingresses and Gateways alike reads Services the same way for both. */
function isReadByGateway({ isGateway, controllers }: Move): boolean {
  return (
    isGateway &&
    GATEWAY_IMPLEMENTATIONS.some(
      ({ ingressController }) => ingressController && controllers.includes(ingressController),
    )
  );
}

/** The route of a Gateway leads every path of the host to the role's Service: others, and a path alone, are lost. */
function pathLoss(move: Move, { callsPrefix }: RuleSettings, surface: Surface): Problem[] {
  const { role, resource, hosts, main } = move.part;
  const moved = [main, ...hosts.map(({ host }) => host)];
  const rules = rulesOf(resource).filter((rule) => moved.includes(hostOfRule(rule)));
  const paths = rules
    .filter((rule) => move.part.ownOf([rule]).length > 0)
    .flatMap((rule) => pathsOfRule(rule));
  const isOwn = (path: IngressPath) => leadsAsRoute(path, role, resource, surface);
  const isPrefixed = role === 'app' && callsPrefix !== undefined;
  const isWhole = isPrefixed || takesAll(move.part, surface);
  const elsewhere = [
    ...paths.filter((path) => !isOwn(path)),
    ...pathsElsewhere(move.part, surface),
  ];
  const others = isWhole ? elsewhere : [...paths.filter(isOwn), ...elsewhere];
  const lost = [...new Set(others.map(({ path }) => path))].filter(
    (path) => !move.settled.has(path),
  );
  if (lost.length === 0 || !paths.some((path) => surface.leadsTo(role, path, resource))) return [];
  return [
    {
      code: 'entry-loses',
      severity: 'error',
      message:
        elsewhere.length === 0
          ? 'this Ingress opens a part of the host alone, and the route that takes its place opens every path'
          : 'the route that takes the place of this Ingress leads every path to one port of one Service',
      resource: resource.reference,
      path: 'spec.rules',
      found: lost.map((path) => `\`${path}\``).join(', '),
      expected: 'one path, /, to the Service of the role and its public port',
      fix:
        elsewhere.length === 0
          ? `list the paths in \`${move.from}.drop\` where every path may be open, or make a route with these matches yourself and leave \`${move.from}\` out`
          : `make routes for these paths yourself, then list them in \`${move.from}.drop\``,
    },
  ];
}

/** Whether an Ingress of the role, this one or another of the host, leads every path to where the route does. */
function takesAll({ role, main }: IngressPart, surface: Surface): boolean {
  return surface.ingressesOf(role).some((ingress) =>
    rulesOf(ingress)
      .filter((rule) => hostOfRule(rule) === main)
      .flatMap((rule) => pathsOfRule(rule))
      .some((path) => /^\/?\*?$/.test(path.path) && leadsAsRoute(path, role, ingress, surface)),
  );
}

/** Whether a path leads to the role's Service, and to the port of it that a route gets. */
function leadsAsRoute(
  path: IngressPath,
  role: IngressPart['role'],
  ingress: Resource,
  surface: Surface,
): boolean {
  const service = surface.manifests.named('Service', path.service, ingress.namespace);
  const port = service && path.port !== undefined ? servicePort(service, path.port) : undefined;
  const wanted = publicServicePort(role, surface)?.port;
  return (
    surface.leadsTo(role, path, ingress) &&
    (port === undefined || wanted === undefined || port.port === wanted)
  );
}

/** Internal and external ones of one host would come in the same way. */
function classLoss(moves: readonly Move[]): Problem[] {
  return PUBLIC_ROLES.flatMap((role): Problem[] => {
    const own = moves.filter(({ part, isGateway }) => isGateway && part.role === role);
    const classes = new Set(own.map(({ part }) => classOf(part.resource)));
    const [first] = own;
    if (!first || classes.size < 2) return [];
    const found = own.map(
      ({ part: { resource } }) => `${resource.name}: \`${classOf(resource) ?? 'none'}\``,
    );
    return [
      {
        code: 'entry-loses',
        severity: 'error',
        message: 'one Gateway would take the place of Ingresses that have several classes',
        resource: first.part.resource.reference,
        path: 'spec.ingressClassName',
        found: found.join(', '),
        expected: `Ingresses of one class, or \`${first.from}\` left out`,
        fix: 'take the Ingresses of the other classes out of the base, and make entries for them yourself',
      },
    ];
  });
}

/** Paths of the host that another Ingress has for a Service of no role: a page beside the calls, for instance. */
export function pathsElsewhere(
  { main, resource }: IngressPart,
  surface: Surface,
  isMeant: (other: Resource) => boolean = () => true,
): IngressPath[] {
  if (!main) return [];
  const isOfRole = (path: IngressPath, other: Resource) =>
    PUBLIC_ROLES.some((role) => surface.leadsTo(role, path, other));
  return surface.manifests
    .find(['Ingress'], [main])
    .filter((other) => other !== resource && isMeant(other))
    .flatMap((other) =>
      rulesOf(other)
        .filter((rule) => hostOfRule(rule) === main)
        .flatMap((rule) => pathsOfRule(rule))
        .filter((path) => !isOfRole(path, other)),
    );
}

/** What the config gives up goes: the annotations of a controller that is not in use any more would only mislead. */
function withoutDropped({ part, from, settled, ...move }: Move): Draft {
  const draft = new Draft(part.resource);
  for (const key of unread({ part, from, settled, ...move }, part.resource))
    if (settled.has(key)) draft.remove(['metadata', 'annotations', key], `${from}.drop`);
  return draft;
}
