/**
 * The programs that connect to the workflow engine and the object store: workers and the controller manager, and whatever else has a
 * section for one of the two, such as upstream's notification worker, whose config has no `worker.address`.
 *
 * Source: Michelangelo's Helm chart, `templates/core/*-configmap.yaml`.
 */
import type { Manifests } from '../manifests/manifests.ts';
import { getIn, isObject, type Json } from '../yaml/json.ts';
import { mentions } from './document-roles.ts';
import { type DocumentTarget, jsonOf } from './parts.ts';

/** Sections that name a workflow engine. */
export const ENGINE_SECTIONS = ['workflow-engine', 'workflowClient'] as const;

/** The section that names the object store, and keys that only Michelangelo's has: others use the word too. */
const STORE_SECTION = 'minio';
const STORE_KEYS = ['awsEndpointUrl', 'awsRegion', 'useIam'];

/** Roles whose documents are clients in any case. */
const CLIENT_ROLES = ['', 'worker', 'controller-manager'];

function isClient(json: Json | undefined): boolean {
  const store = getIn(json, [STORE_SECTION]);
  return (
    ENGINE_SECTIONS.some((section) => isObject(getIn(json, [section]))) ||
    (isObject(store) && STORE_KEYS.some((key) => Object.hasOwn(store, key)))
  );
}

/** @param known - documents that are clients because of their role: they come first, each once */
export function findClients(
  manifests: Manifests,
  known: readonly DocumentTarget[],
): DocumentTarget[] {
  const words = [...ENGINE_SECTIONS, STORE_SECTION];
  const others = manifests
    .find(['ConfigMap'], words)
    .filter(({ role }) => CLIENT_ROLES.includes(role))
    .flatMap((resource) =>
      resource.documentKeys(mentions(words)).map((key): DocumentTarget => ({ resource, key })),
    )
    .filter(({ resource, key }) => resource.document(key)?.problem === undefined)
    .filter((target) => isClient(jsonOf(target)));
  const all = [...known, ...others];
  return all.filter(
    ({ resource, key }, index) =>
      all.findIndex((other) => other.resource === resource && other.key === key) === index,
  );
}
