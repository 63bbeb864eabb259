/** Where TLS of the app ends at Envoy: its Ingresses have to pass it through, and see no path then. */
import { PASS_THROUGH_TITLES } from '../controllers/index.ts';
import { tlsPlace } from '../controllers/shared/wanted-marks.ts';
import type { Problem, ResourceReference } from '../errors.ts';
import { classOf, pathsOfRule, rulesOf } from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, type JsonObject } from '../yaml/json.ts';
import { pathsElsewhere } from './entry-losses.ts';
import type { Part } from './entry-part.ts';
import { type IngressPart, ingressParts } from './ingress-part.ts';
import type { RuleSettings } from './rule-settings.ts';

export function passThroughProblems(
  parts: readonly Part[],
  settings: RuleSettings,
  surface: Surface,
): Problem[] {
  if (tlsPlace('app', settings) !== 'envoy') return [];
  const { gateway, ingress } = settings.entries.app;
  // Without an Ingress among its ways, the entry is the Gateway's, and its Ingress goes.
  if (gateway && !ingress) return [];
  return [
    ...surface.ingressesOf('app').flatMap((entry) =>
      wayProblems(
        parts.find((part) => part.role === 'app' && part.entry === entry),
        entry,
      ),
    ),
    ...ingressParts(settings, surface)
      .filter(({ role }) => role === 'app')
      .flatMap((part) => otherPaths(part, surface)),
  ];
}

function wayProblems(app: Part | undefined, entry: Resource): Problem[] {
  if (app?.controller) return app.controller.tls.envoy ? [] : [noPassThrough(app.controller.title)];
  const annotations = { ...entry.annotations, ...app?.way.annotations };
  return saysPassThrough(annotations) ? [] : [unknownPassThrough(entry.reference)];
}

function noPassThrough(title: string): Problem {
  return {
    code: 'entry-refused',
    severity: 'error',
    message: `${title} cannot pass TLS through to Envoy with an Ingress`,
    path: 'spec.tls.terminateAt',
    expected: `one of ${PASS_THROUGH_TITLES.join(', ')}; or a Gateway`,
    fix: 'use `entry.app.gateway`, which makes a TLSRoute, or a controller that can, or leave `terminateAt` at `entry`',
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
    fix: 'set `entry.app.ingress.controller`, or give the annotation for it in `entry.app.ingress.annotations`, or use `entry.app.gateway`',
  };
}

/** In the key (`ssl-passthrough: "true"`) or in the value (`termination: passthrough`). */
function saysPassThrough(annotations: JsonObject): boolean {
  return Object.entries(annotations).some(
    ([key, value]) =>
      /pass-?through/i.test(`${key} ${asText(value)}`) &&
      !/^(false|disabled)$/i.test(asText(value)),
  );
}

/** Paths of the app's host that lead to Services of no part: all of the host goes to Envoy. */
function otherPaths(part: IngressPart, surface: Surface): Problem[] {
  const { resource, leadsTo } = part;
  const isOurs = (path: Parameters<Surface['leadsTo']>[1]) =>
    surface.leadsTo('app', path, resource) || surface.leadsTo('ui', path, resource);
  const beside = rulesOf(resource)
    .filter(leadsTo)
    .flatMap((rule) => pathsOfRule(rule))
    .filter((path) => !isOurs(path));
  const elsewhere = pathsElsewhere(part, surface, (other) => classOf(other) === classOf(resource));
  const paths = [...new Set([...beside, ...elsewhere].map(({ path }) => path))];
  if (paths.length === 0) return [];
  return [
    {
      code: 'entry-refused',
      severity: 'error',
      message:
        'TLS of the app passes through to Envoy, and the entry leads paths of the same host to other Services',
      resource: resource.reference,
      path: 'spec.rules',
      found: paths.map((path) => `\`${path}\``).join(', '),
      expected: 'a host of its own for what is not behind Envoy, or a route of Envoy to it',
      fix: 'give these paths another host, or let Envoy lead to their Services, or leave `tls.terminateAt` at `entry`',
    },
  ];
}
