/** An Ingress that serves hosts of others as well: its annotations and its class hold for all of them. */
import type { Controller, TlsPlace } from '../controllers/controller.ts';
import { annotationsOf, CONTROLLERS } from '../controllers/index.ts';
import type { Problem } from '../errors.ts';
import type { Draft } from '../manifests/edit.ts';
import {
  CLASS_ANNOTATION,
  classOf,
  hostOfRule,
  rulesOf,
  tlsBlocksOf,
} from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import { isObject, type JsonObject } from '../yaml/json.ts';
import { hostsOfParts, type IngressPart } from './ingress-part.ts';
import { coversHost } from './ingress-tls.ts';

/** The marks that change what clients, or backends, have to speak. Longer timeouts and larger bodies do not. */
const SPOKEN: ReadonlySet<string> = new Set(
  Object.values(CONTROLLERS).flatMap(({ grpc, tls, redirects, grpcWays = [] }) => {
    const lists = grpcWays.filter(({ values }) => typeof values === 'string').map(({ key }) => key);
    const keys = [grpc, ...Object.values(tls)].flatMap((marks) =>
      Object.keys(marks?.ingress ?? {}),
    );
    return [...keys, ...Object.keys(redirects ?? {})].filter((key) => !lists.includes(key));
  }),
);

/** Redirects that do not touch a host without TLS, and that are on by default for one with it. */
const TLS_ONLY: ReadonlySet<string> = new Set(
  Object.values(CONTROLLERS).flatMap(({ tlsOnlyRedirects = [] }) => tlsOnlyRedirects),
);

/** Hosts of an Ingress that are of no role. */
export function hostsOfOthers(ingress: Resource, parts: readonly IngressPart[]): string[] {
  const own = hostsOfParts(parts);
  return rulesOf(ingress)
    .map(hostOfRule)
    .filter((host) => !own.includes(host));
}

/**
 * What the hosts of others would lose.
 * @param draft - of the Ingress, with everything that is written to it
 */
export function sharedIngressProblems(
  ingress: Resource,
  draft: Draft,
  others: readonly string[],
  place: TlsPlace,
): Problem[] {
  if (others.length === 0) return [];
  const before = ingress.annotations;
  const written = draft.get(['metadata', 'annotations']);
  const after: JsonObject = isObject(written) ? written : {};
  const isSecured = (host: string) =>
    tlsBlocksOf(ingress).some(({ hosts }) => hosts.some((name) => coversHost(name, host)));
  const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => SPOKEN.has(key) && before[key] !== after[key])
    .filter((key) => !(place === 'entry' && before[key] === undefined && TLS_ONLY.has(key)))
    .filter((key) => {
      // A redirect suits hosts that have TLS, and its absence those that have none.
      if (place === 'entry' && after[key] !== undefined)
        return !isOfPlace(key, 'entry') || !others.every(isSecured);
      return !(place === 'none' && before[key] === undefined) || others.some(isSecured);
    });
  const className = classOf(ingress);
  const newClass = draft.get(['spec', 'ingressClassName']) ?? after[CLASS_ANNOTATION];
  const isMoved = className !== undefined && newClass !== className;
  const found = [...changed.map((key) => `\`${key}\``), ...(isMoved ? ['the class'] : [])];
  return found.length === 0 ? [] : [sharedProblem(ingress, found, others)];
}

function isOfPlace(key: string, place: TlsPlace): boolean {
  return Object.values(CONTROLLERS).some(({ tls }: Controller) => {
    const marks = tls[place];
    return marks !== undefined && annotationsOf(marks).includes(key);
  });
}

function sharedProblem(
  ingress: Resource,
  found: readonly string[],
  others: readonly string[],
): Problem {
  return {
    code: 'entry-refused',
    severity: 'error',
    message: `this Ingress serves hosts of others too, and what would change holds for them as well`,
    resource: ingress.reference,
    path: 'metadata.annotations',
    found: `${found.join(', ')}; ${others.map((host) => `\`${host || 'every host'}\``).join(', ')}`,
    expected: 'an Ingress with hosts of Michelangelo alone',
    mend: 'split the Ingress: put the rules of the other hosts, with their TLS blocks and annotations, into one of their own',
  };
}
