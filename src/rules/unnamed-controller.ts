/** Ingresses whose controller the config does not name: what their annotations say of TLS, and whether it fits `tls.mode`. */

import type { PublicRole } from '../config/public-hosts.ts';
import type { Settings } from '../config/settings.ts';
import { CONTROLLERS, REDIRECT_MARKS } from '../controllers/index.ts';
import { tlsPlace } from '../controllers/shared/wanted-marks.ts';
import type { Problem } from '../errors.ts';
import type { Draft } from '../manifests/edit.ts';
import { tlsBlocksOf } from '../manifests/ingress.ts';
import type { Resource } from '../manifests/resource.ts';
import { controllersOf } from '../surface/controller-in-use.ts';
import { marksOfTls } from '../surface/ingress-entries.ts';
import type { Surface } from '../surface/surface.ts';
import { asText } from '../yaml/json.ts';
import type { IngressPart } from './ingress-part.ts';
import { replaced } from './replaced.ts';

/** Where no controller is named, whose own marks would say it: what is there and redirects is turned off. */
export function turnOffRedirects(
  draft: Draft,
  resource: Resource,
  settings: Settings,
  role: PublicRole,
): Problem[] {
  const way = settings.entries[role].ingress?.value;
  if (way?.controller) return [];
  return Object.entries(REDIRECT_MARKS).flatMap(([annotation, off]) => {
    const path = ['metadata', 'annotations', annotation];
    const old = draft.get(path);
    if (old === undefined || old === off || way?.annotations?.[annotation] !== undefined) return [];
    const field = 'spec.tls.mode';
    if (off === null) draft.remove(path, field);
    else draft.set(path, off, field);
    return [replaced(resource.reference, path.join('.'), asText(old), off ?? undefined, field)];
  });
}

/** Annotations that say by themselves that the entry ends TLS: without the block it would serve a certificate that nobody chose. */
export function tlsByMarks(parts: readonly IngressPart[], settings: Settings): Problem[] {
  const resources = new Set(unnamed(parts, settings).map(({ resource }) => resource));
  return [...resources].flatMap((resource): Problem[] => {
    const marks = marksOfTls(resource);
    if (marks.length === 0) return [];
    return [
      {
        code: 'entry-refused',
        severity: 'error',
        message: 'this Ingress says by its annotations that TLS ends at it, and `tls.mode` is none',
        resource: resource.reference,
        path: 'metadata.annotations',
        found: marks.map((key) => `\`${key}\``).join(', '),
        expected: 'an Ingress for plain HTTP',
        fix: 'name its controller in `entry.ingress.controller`, whose own annotations are then written for plain HTTP; or change these in the base',
      },
    ];
  });
}

/** A TLS block that comes to an Ingress of a controller for which it is not enough. */
export function unservedTls(
  parts: readonly IngressPart[],
  settings: Settings,
  surface: Surface,
): Problem[] {
  return unnamed(parts, settings).flatMap(({ role, resource }): Problem[] => {
    if (tlsPlace(role, settings) !== 'entry' || tlsBlocksOf(resource).length > 0) return [];
    const [name, ...others] = controllersOf(resource, surface.manifests, undefined);
    if (name === undefined || others.length > 0) return [];
    const { title, tls, tlsWithoutSecret = {} } = CONTROLLERS[name];
    const missing = Object.keys(tls.entry?.ingress ?? {}).filter(
      (key) => key in tlsWithoutSecret && resource.annotation(key) === undefined,
    );
    if (missing.length === 0) return [];
    return [
      {
        code: 'entry-limit',
        severity: 'warning',
        message: `this Ingress gets a TLS block, and ${title} serves TLS by an annotation or by its entry point`,
        resource: resource.reference,
        path: 'metadata.annotations',
        expected: missing.map((key) => `\`${key}\``).join(', '),
        fix: `set \`entry.ingress.controller: ${name}\`, or give the annotation in \`entry.ingress.annotations\`; where the entry point has TLS itself, nothing is needed`,
      },
    ];
  });
}

/** The parts that stay at their Ingress. */
function unnamed(parts: readonly IngressPart[], { entries }: Settings): readonly IngressPart[] {
  return parts.filter(({ role }) => {
    const { ingress, gateway } = entries[role];
    return ingress ? ingress.value.controller === undefined : gateway === undefined;
  });
}
