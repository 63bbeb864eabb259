/** What an added resource takes from the one that it serves. */

import { type Resource, ROLE_LABEL } from '../manifests/resource.ts';
import { isObject, type JsonObject } from '../yaml/json.ts';

/** `metadata` with the namespace and the labels of the resource that is served. */
export function metadataFrom(
  served: Resource,
  name: string,
  annotations: Readonly<Record<string, string>> = {},
): JsonObject {
  const labels = labelsOf(served);
  return {
    name,
    ...(served.namespace ? { namespace: served.namespace } : {}),
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
}

function labelsOf(served: Resource): JsonObject {
  const metadata = served.json['metadata'];
  const labels = isObject(metadata) ? metadata['labels'] : undefined;
  // The role is the served resource's own.
  return isObject(labels)
    ? Object.fromEntries(Object.entries(labels).filter(([key]) => key !== ROLE_LABEL))
    : {};
}
