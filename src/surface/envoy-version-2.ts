/** Envoy's config in version 2 of its API, which no Envoy since 1.18 reads. */
import type { Manifests } from '../manifests/manifests.ts';
import type { Resource } from '../manifests/resource.ts';
import { isObject, type Json } from '../yaml/json.ts';
import { mentions } from './document-roles.ts';
import { ROLES } from './roles.ts';

/** The name that the filter had in version 2. */
const MANAGER = 'envoy.http_connection_manager';

/** The first document that is one, and the key of `data` that holds it. */
export function envoyOfVersion2(
  manifests: Manifests,
): { resource: Resource; key: string } | undefined {
  const { words } = ROLES.envoy;
  for (const resource of manifests.find(['ConfigMap'], words))
    for (const key of resource.documentKeys(mentions(words)))
      if (hasManager(resource.document(key)?.json)) return { resource, key };
  return undefined;
}

/** A filter with `config` in place of `typed_config`. */
function hasManager(json: Json | undefined): boolean {
  if (Array.isArray(json)) return json.some(hasManager);
  if (!isObject(json)) return false;
  const isManager = json['name'] === MANAGER && isObject(json['config']);
  return isManager || Object.values(json).some(hasManager);
}
