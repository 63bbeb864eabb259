/** How things of the manifests are called in every part of the map. */
import type { Resource } from '../../manifests/resource.ts';

export function idOf({ kind, namespace, name }: Resource): string {
  return `${kind} ${namespace}/${name}`;
}

export function hostId(host: string): string {
  return `host ${host}`;
}
