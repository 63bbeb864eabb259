/** What an added resource takes from the one that it serves. */
import type { Settings } from '../config/settings.ts';
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

/** Annotations of the config by which kustomize and kpt run it: they are no resource's. */
const OF_TOOLS = /(?:^|\.)(?:config\.kubernetes\.io|config\.k8s\.io|kpt\.dev)\//;

/** An added resource with the labels and annotations of the DomainConfig, as far as it has none of that key itself: owners, sync waves. */
export function withConfigMetadata(json: JsonObject, { config }: Settings): JsonObject {
  const metadata = json['metadata'];
  if (!isObject(metadata)) return json;
  const merged: JsonObject = { ...metadata };
  for (const part of ['labels', 'annotations'] as const) {
    const given = Object.entries(config.metadata[part] ?? {}).filter(
      ([key]) => !OF_TOOLS.test(key),
    );
    const own = isObject(metadata[part]) ? metadata[part] : {};
    const all = { ...Object.fromEntries(given), ...own };
    if (Object.keys(all).length > 0) merged[part] = all;
  }
  return { ...json, metadata: merged };
}
