/**
 * The search for the parts of Michelangelo: documents inside ConfigMaps, and Services. It returns every candidate with what speaks for
 * it; `require.ts` says what is wrong where exactly one is needed.
 *
 * Only what can matter is parsed: chunks of the right kind that have a word of the role in their bytes.
 */
import type { UpstreamHint } from '../envoy/api.ts';
import { connectionManagers } from '../envoy/bootstrap.ts';
import type { Manifests } from '../manifests/manifests.ts';
import { type Resource, ROLE_LABEL } from '../manifests/resource.ts';
import { isHeadless, servicePorts } from '../manifests/service.ts';
import { containerPortsOf, containersOf, WORKLOAD_KINDS } from '../manifests/workload.ts';
import { asText, getIn } from '../yaml/json.ts';
import type { Belonging } from './belonging.ts';
import { DOCUMENT_TESTS, isBesideApi, mentions, type PartDocument } from './document-roles.ts';
import { wholeOf } from './envoy-files.ts';
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

/** Services that may play a role, and what speaks for each of them: the first way that finds any decides. */
export interface ServiceCandidates {
  services: Resource[];
  why: 'label' | 'port' | 'pods' | 'name' | undefined;
}

/** The parsed document of a target; Envoy's with what it reads from other keys of its ConfigMap. */
export function jsonOf({ resource, key }: DocumentTarget) {
  return wholeOf(resource.document(key)?.json, (file) => resource.document(file)?.json).json;
}

/** Whether a worker's config turns TLS on; a quoted `"true"` is meant so. */
export function turnsTlsOn(worker: DocumentTarget): boolean {
  return asText(getIn(jsonOf(worker), ['worker', 'useTLS'])) === 'true';
}

/** @param hintFor - how Envoy's document, in a ConfigMap, may name the API server */
export function findDocuments(
  manifests: Manifests,
  role: DocumentRole,
  hintFor: (home: Resource) => UpstreamHint,
): DocumentCandidate[] {
  const { words } = ROLES[role];
  const ofRole = (resource: Resource) => resource.role === role;
  const labelled = manifests.find(['ConfigMap'], [ROLE_LABEL]).filter(ofRole);
  const unlabelled = manifests.find(['ConfigMap'], words).filter(({ role: own }) => own === '');
  // Of workers there may be several: the label of one says nothing of the others.
  const pool =
    role === 'worker' ? [...labelled, ...unlabelled] : labelled.length > 0 ? labelled : unlabelled;
  const candidates = pool.flatMap((resource) => {
    const documents = resource
      .documentKeys(mentions(words))
      .flatMap((key) => resource.document(key) ?? [])
      .filter(({ problem }) => problem === undefined)
      .map(
        ({ key, language }): PartDocument => ({
          key,
          language,
          json: role === 'envoy' ? jsonOf({ resource, key }) : resource.document(key)?.json,
        }),
      );
    const passing = (why: DocumentCandidate['why'], test: (one: PartDocument) => boolean) =>
      documents.filter(test).map(({ key }): DocumentCandidate => ({ resource, key, why }));
    const playing = passing('content', (document) =>
      DOCUMENT_TESTS[role](document, () => hintFor(resource)),
    );
    if (playing.length > 0) return playing;
    // A label says that the resource plays the role: a document that has its main key is then enough.
    if (resource.role === role)
      return passing('label', (one) => words.some((word) => getIn(one.json, [word]) !== undefined));
    // One whose clusters are all wrong leads nowhere, and is still an Envoy.
    return role === 'envoy'
      ? passing('form', ({ json }) => connectionManagers(json).length > 0)
      : [];
  });
  // Beside one that leads to the API, any other Envoy is that of another program.
  const isCertain = candidates.some(({ why }) => why !== 'form');
  if (!isCertain) return candidates;
  const leading = candidates.filter(({ why }) => why !== 'form');
  return role === 'envoy' ? withoutThoseBesideApi(leading, hintFor) : leading;
}

/** Beside the Envoy that pages call, one in the pods of the API server is a part of the API server. */
function withoutThoseBesideApi(
  candidates: DocumentCandidate[],
  hintFor: (home: Resource) => UpstreamHint,
): DocumentCandidate[] {
  if (candidates.length < 2) return candidates;
  const others = candidates.filter(({ resource, key, why }) => {
    const document = resource.document(key);
    if (why === 'label' || !document) return true;
    const part = { key, language: document.language, json: jsonOf({ resource, key }) };
    return !isBesideApi(part, hintFor(resource));
  });
  return others.length > 0 ? others : candidates;
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
  const isCalled = ({ originalName }: Resource) => originalName === API_SERVICE;
  const found = firstFound('api-server', services, {
    port: () => services().filter((service) => isCalled(service) || usesPort(service, [API_PORT])),
    pods: () => pods().flatMap((workload) => belonging.servicesOf(workload)),
    // Finished output has lost the original names: prefixes and suffixes stand around them.
    name: () => services().filter(({ name }) => `-${name}-`.includes(`-${API_SERVICE}-`)),
  });
  const reachable = found.services.filter((service) => !isHeadless(service));
  return reachable.length > 0 ? { ...found, services: reachable } : found;
}

function usesPort(service: Resource, numbers: readonly number[]): boolean {
  return servicePorts(service).some(({ port, targetPort }) =>
    [port, Number(targetPort)].some((number) => numbers.includes(number)),
  );
}

/** What the first way that finds any finds: a label, then the others; a label for another role takes a Service out. */
export function firstFound(
  role: 'api-server' | 'envoy',
  labelled: () => readonly Resource[],
  ways: Partial<Record<'port' | 'pods' | 'name', () => readonly Resource[]>>,
): ServiceCandidates {
  const all = { label: () => labelled().filter((service) => service.role === role), ...ways };
  for (const [why, way] of Object.entries(all) as [ServiceCandidates['why'], typeof labelled][]) {
    const services = way().filter((service) => service.role === '' || service.role === role);
    if (services.length > 0) return { services: [...new Set(services)], why };
  }
  return { services: [], why: undefined };
}
