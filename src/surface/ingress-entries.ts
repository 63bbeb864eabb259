/** Ingresses as entries. */

import type { PublicRole } from '../config/public-hosts.ts';
import type { TlsPlace } from '../controllers/controller.ts';
import { CONTROLLERS } from '../controllers/index.ts';
import { classOf, type IngressPath, pathsOf, tlsBlocksOf } from '../manifests/ingress.ts';
import { type Resource, ROLE_LABEL } from '../manifests/resource.ts';
import { asText } from '../yaml/json.ts';
import { controllersOf, givenController } from './controller-in-use.ts';
import type { Entry, EntryPath, ServiceRole } from './entry.ts';
import { onceFor } from './once.ts';
import { SERVICE_ROLES } from './roles.ts';
import type { Surface } from './surface.ts';

const TLS_WITHOUT_SECRET = Object.values(CONTROLLERS).flatMap(({ tlsWithoutSecret }) =>
  Object.entries(tlsWithoutSecret ?? {}),
);

const ACTIONS = Object.values(CONTROLLERS).flatMap(({ actions }) => actions ?? []);

/** @param words - of which each has one; undefined for every Ingress of the stream */
export function ingressEntries(surface: Surface, words: readonly string[] | undefined): Entry[] {
  const { manifests, settings } = surface;
  return manifests.find(['Ingress'], words && [...words, ROLE_LABEL]).map((resource): Entry => {
    const paths = entryPaths(resource, surface);
    const roles = new Set(paths.flatMap(({ role }) => role ?? []));
    const blocks = tlsBlocksOf(resource);
    const hosts = [...paths.map(({ host }) => host), ...blocks.flatMap((block) => block.hosts)];
    return {
      resource,
      form: 'ingress',
      paths,
      roles,
      hosts: [...new Set(hosts)].filter(Boolean),
      tlsPlace: tlsPlaceOf(resource, blocks.length > 0, surface),
      // Only who asks for it has to look at the other Ingresses.
      get controllers() {
        return controllersOf(resource, manifests, givenController(settings, publicRole(roles)));
      },
      className: classOf(resource),
      listeners: [],
      hasForeignGateway: false,
    };
  });
}

/** The part of the config that speaks of an entry; undefined where it carries both or neither. */
function publicRole(roles: ReadonlySet<ServiceRole>): PublicRole | undefined {
  const hasApp = roles.has('envoy') || roles.has('ui');
  if (roles.has('api') === hasApp) return undefined;
  return hasApp ? 'app' : 'api';
}

function entryPaths(ingress: Resource, surface: Surface): EntryPath[] {
  const { namespace } = ingress;
  const paths = pathsOf(ingress).filter((path) => !isAction(path, ingress));
  return paths.map(({ host, path, type, service: name, port, place }): EntryPath => {
    const service = surface.manifests.named('Service', name, namespace);
    const backend = { kind: 'Service', name, namespace, port, service };
    const { role, isGuess } = surface.roleOf(backend, ingress);
    return { host, path, type, isConditional: false, backend, role, isGuess, place };
  });
}

/** Whether the controller answers by itself, as an annotation of the Ingress says: no Service is meant then. */
function isAction({ service, port }: IngressPath, ingress: Resource): boolean {
  return ACTIONS.some(
    (action) =>
      port === action.port &&
      ingress.annotation(action.annotation.replace('{service}', service)) !== undefined,
  );
}

function tlsPlaceOf(resource: Resource, hasBlocks: boolean, { settings }: Surface): TlsPlace {
  const marks = Object.entries(resource.annotations);
  if (marks.some(([key, value]) => /pass-?through$/i.test(key) && isOn(value))) return 'envoy';
  if (hasBlocks) return 'entry';
  return marksOfTls(resource).length > 0 || settings?.tlsMode === 'external' ? 'external' : 'none';
}

/** The annotations of an Ingress by which TLS ends at it, or in front of it, without a Secret. */
export function marksOfTls({ annotations }: Resource): string[] {
  return Object.entries(annotations)
    .filter(([key, value]) =>
      TLS_WITHOUT_SECRET.some(([known, test]) => key === known && test.test(asText(value))),
    )
    .map(([key]) => key);
}

function isOn(value: unknown): boolean {
  return /^(true|enabled|on)$/i.test(asText(value));
}

/**
 * The Ingresses of a role: labelled ones where there are any, else those with a path to its Service. A guess does not count. One of the
 * app that leads to the page as well is the app's alone, unless the page has a host of its own.
 */
export const ingressesTo = onceFor((role: PublicRole, surface): Resource[] => {
  const ingresses = surface.entries.filter(({ form }) => form === 'ingress');
  const labelled = ingresses.filter(({ resource }) => resource.role === `${role}-entry`);
  if (labelled.length > 0) return labelled.map(({ resource }) => resource);
  const leading = ingresses.filter(
    ({ resource, paths }) =>
      resource.role === '' &&
      paths.some((path) => path.role === SERVICE_ROLES[role] && !path.isGuess),
  );
  const apart = role === 'ui' && !surface.settings?.hasPageHost ? surface.ingressesOf('app') : [];
  return leading.map(({ resource }) => resource).filter((one) => !apart.includes(one));
});
