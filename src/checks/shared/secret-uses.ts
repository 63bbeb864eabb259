import type { Resource } from '../../manifests/resource.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, list, strings } from '../../yaml/json.ts';

/** Where a Secret with a certificate is used, and for which hosts; no hosts stand for all of them. */
export interface SecretUse {
  resource: Resource;
  place: string;
  /** Empty where none is named. */
  secretName: string;
  namespace: string;
  hosts: readonly string[];
  kind: 'block' | 'listener';
}

/** Every TLS block of an Ingress and every listener of a Gateway. */
export function secretUses({ manifests }: Surface): SecretUse[] {
  const blocks = manifests.ofKind('Ingress').flatMap((resource) =>
    list(getIn(resource.json, ['spec', 'tls'])).map((block, position) => ({
      resource,
      place: `spec.tls[${position}]`,
      secretName: String(block['secretName'] ?? ''),
      namespace: resource.namespace,
      hosts: strings(block['hosts']),
      kind: 'block' as const,
    })),
  );
  const listeners = manifests.ofKind('Gateway').flatMap((resource) =>
    list(getIn(resource.json, ['spec', 'listeners'])).flatMap((listener, position) =>
      list(getIn(listener, ['tls', 'certificateRefs'])).map((reference) => ({
        resource,
        place: `spec.listeners[${position}]`,
        secretName: String(reference['name'] ?? ''),
        namespace: String(reference['namespace'] ?? resource.namespace),
        hosts: strings([listener['hostname']]),
        kind: 'listener' as const,
      })),
    ),
  );
  return [...blocks, ...listeners];
}
