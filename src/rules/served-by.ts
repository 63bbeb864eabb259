/** What an added resource takes from the one that it serves. */
import { type Resource, ROLE_LABEL } from '../manifests/resource.ts';
import { getIn, isObject, type JsonObject } from '../yaml/json.ts';

/** `metadata` with the namespace and the labels of the resource that is served. */
export function metadataFrom(
  served: Resource,
  name: string,
  annotations: Readonly<Record<string, string>> = {},
): JsonObject {
  const written = getIn(served.json, ['metadata', 'labels']);
  // The role is the served resource's own.
  const { [ROLE_LABEL]: _, ...labels } = isObject(written) ? written : {};
  return {
    name,
    ...(served.namespace ? { namespace: served.namespace } : {}),
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
}
