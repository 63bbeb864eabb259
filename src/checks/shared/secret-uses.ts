import { certificateRefsOf, listenersOf } from '../../manifests/gateway.ts';
import { type TlsBlock, tlsBlocksOf } from '../../manifests/ingress.ts';
import type { Resource } from '../../manifests/resource.ts';
import type { Surface } from '../../surface/surface.ts';
import { strings } from '../../yaml/json.ts';

/** Where a Secret with a certificate is used, and for which hosts; no hosts stand for all of them. */
export interface SecretUse extends TlsBlock {
  resource: Resource;
  namespace: string;
}

/** Every TLS block of an Ingress and every listener of a Gateway. */
export function secretUses({ manifests }: Surface): SecretUse[] {
  const blocks = manifests.ofKind('Ingress').flatMap((resource) => {
    const { namespace } = resource;
    return tlsBlocksOf(resource).map((block) => ({ ...block, resource, namespace }));
  });
  const listeners = manifests
    .ofKind('Gateway')
    .flatMap(listenersOf)
    .flatMap(({ gateway: resource, place, json }) =>
      certificateRefsOf(json).map(({ name: secretName, namespace = resource.namespace }) => ({
        resource,
        place,
        secretName,
        namespace,
        hosts: strings([json['hostname']]),
      })),
    );
  return [...blocks, ...listeners];
}
