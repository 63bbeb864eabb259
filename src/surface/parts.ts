/**
 * The search for the parts of Michelangelo: documents inside ConfigMaps, and Services. It returns every candidate with what speaks for
 * it; who needs exactly one asks `require.ts`.
 *
 * Only what can matter is parsed: chunks of the right kind that have a word of the role in their bytes.
 */
import type { UpstreamHint } from '../envoy/api.ts';
import { connectionManagers } from '../envoy/bootstrap.ts';
import type { EmbeddedDocument } from '../manifests/embedded-document.ts';
import type { Manifests } from '../manifests/manifests.ts';
import { type Resource, ROLE_LABEL } from '../manifests/resource.ts';
import { isHeadless, servicePorts } from '../manifests/service.ts';
import { containerPortsOf, containersOf, WORKLOAD_KINDS } from '../manifests/workload.ts';
import type { Belonging } from './belonging.ts';
import {
  type DocumentTest,
  hasTopLevel,
  isControllerManager,
  isEnvoy,
  isUi,
  isWorker,
  mentions,
} from './document-roles.ts';
import { API_PORT, API_SERVICE, type DocumentRole, ROLES } from './roles.ts';

/** A document inside a ConfigMap that plays a role. */
export interface DocumentTarget {
  resource: Resource;
  /** Key of `data`. */
  key: string;
}

/** What speaks for a document: a label on its ConfigMap alone, what it says, or only that it is of the right form. */
export interface DocumentCandidate extends DocumentTarget {
  why: 'label' | 'content' | 'form';
}

/** Services that may play a role; the first way that finds any decides. */
export interface ServiceCandidates {
  services: readonly Resource[];
  /** `label`, a port, the pods behind it, or the name alone; undefined where there is none. */
  why: 'label' | 'port' | 'pods' | 'name' | undefined;
}

/** The parsed document of a target. */
export function jsonOf({ resource, key }: DocumentTarget) {
  return resource.document(key)?.json;
}

/** @param hint - how Envoy's document may name the API server */
export function findDocuments(
  manifests: Manifests,
  role: DocumentRole,
  hint: UpstreamHint,
): DocumentCandidate[] {
  const { words } = ROLES[role];
  const plays = TESTS[role](hint);
  const found = manifests.find(['ConfigMap'], [...words, ROLE_LABEL]);
  const labelled = found.filter((resource) => resource.role === role);
  const pool = labelled.length > 0 ? labelled : found.filter((resource) => resource.role === '');
  const candidates = pool.flatMap((resource) => {
    const keys = resource.documentKeys(mentions(words)).filter(isReadable(resource));
    const passing = (test: DocumentTest) =>
      keys.filter((key) => test(resource.document(key) as EmbeddedDocument));
    const playing = passing(plays);
    if (playing.length > 0) return asCandidates(resource, playing, 'content');
    // A label says that the resource plays the role: a document that has its main key is then enough.
    if (labelled.length > 0) return asCandidates(resource, passing(hasTopLevel(words)), 'label');
    // One whose clusters are all wrong leads nowhere, and is still an Envoy.
    return role === 'envoy' ? asCandidates(resource, passing(isProxy), 'form') : [];
  });
  // Beside one that leads to the API, any other Envoy is that of another program.
  const isCertain = candidates.some(({ why }) => why !== 'form');
  return isCertain ? candidates.filter(({ why }) => why !== 'form') : candidates;
}

const TESTS: Readonly<Record<DocumentRole, (hint: UpstreamHint) => DocumentTest>> = {
  envoy: isEnvoy,
  worker: () => isWorker,
  ui: () => isUi,
  'controller-manager': () => isControllerManager,
};

const isProxy: DocumentTest = ({ json }) => connectionManagers(json).length > 0;

function isReadable(resource: Resource): (key: string) => boolean {
  return (key) => {
    const document = resource.document(key);
    return document !== undefined && document.problem === undefined;
  };
}

function asCandidates(
  resource: Resource,
  keys: readonly string[],
  why: DocumentCandidate['why'],
): DocumentCandidate[] {
  return keys.map((key) => ({ resource, key, why }));
}

/** The API server's Services; headless twins count only where there is no other. */
export function findApiServices(manifests: Manifests, belonging: Belonging): ServiceCandidates {
  const services = () => manifests.find(['Service'], [...ROLES['api-server'].words, ROLE_LABEL]);
  const pods = () =>
    manifests
      .find(WORKLOAD_KINDS, [String(API_PORT)])
      .filter((workload) =>
        containerPortsOf(containersOf(workload)).some(({ number }) => number === API_PORT),
      );
  const found = firstFound(
    'api-server',
    [
      ['port', () => services().filter((service) => isOnApiPort(service))],
      ['pods', () => pods().flatMap((workload) => belonging.servicesOf(workload))],
      // Finished output has lost the original names: prefixes and suffixes stand around them.
      ['name', () => services().filter(({ name }) => `-${name}-`.includes(`-${API_SERVICE}-`))],
    ],
    services,
  );
  const reachable = found.services.filter((service) => !isHeadless(service));
  return reachable.length > 0 ? { ...found, services: reachable } : found;
}

function isOnApiPort(service: Resource): boolean {
  return (
    service.originalName === API_SERVICE ||
    servicePorts(service).some(
      ({ port, targetPort }) => port === API_PORT || targetPort === API_PORT,
    )
  );
}

/**
 * The Services that lead to Envoy's pods, those with an address first.
 * @param workloads - that run Envoy
 * @param listeners - ports that Envoy listens on
 */
export function findEnvoyServices(
  manifests: Manifests,
  belonging: Belonging,
  workloads: readonly Resource[],
  listeners: readonly number[],
): ServiceCandidates {
  const idle = () =>
    manifests.ofKind('Service').filter((service) => belonging.podsOf(service).length === 0);
  const found = firstFound(
    'envoy',
    [
      ['pods', () => workloads.flatMap((workload) => belonging.servicesOf(workload))],
      ['port', () => idle().filter((service) => isOnListener(service, listeners))],
      ['name', () => idle().filter(({ name }) => /(?:^|-)envoy(?:-|$)/.test(name))],
    ],
    () => manifests.find(['Service'], [ROLE_LABEL]),
  );
  const services = [...found.services].sort(
    (left, right) => Number(isHeadless(left)) - Number(isHeadless(right)),
  );
  return { ...found, services };
}

function isOnListener(service: Resource, listeners: readonly number[]): boolean {
  return servicePorts(service).some(({ port, targetPort }) =>
    [port, Number(targetPort)].some((number) => listeners.includes(number)),
  );
}

/** What the first way that finds any finds; a label for another role takes a Service out. */
function firstFound(
  role: 'api-server' | 'envoy',
  ways: readonly [ServiceCandidates['why'], () => readonly Resource[]][],
  labelled: () => readonly Resource[],
): ServiceCandidates {
  const all: typeof ways = [
    ['label', () => labelled().filter((service) => service.role === role)],
    ...ways,
  ];
  for (const [why, way] of all) {
    const services = [...new Set(way())].filter(
      (service) => service.role === '' || service.role === role,
    );
    if (services.length > 0) return { services, why };
  }
  return { services: [], why: undefined };
}
