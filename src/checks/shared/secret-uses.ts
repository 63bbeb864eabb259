import { certificateRefsOf, listenersOf } from '../../manifests/gateway.ts';
import { type TlsBlock, tlsBlocksOf } from '../../manifests/ingress.ts';
import { istioResources, serversOf } from '../../manifests/istio-objects.ts';
import { selectsPods } from '../../manifests/label-selectors.ts';
import { groupOf } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { once, onceBy } from '../../surface/once.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, list, objectAt, stringAt, strings } from '../../yaml/json.ts';

/** Where a Secret with a certificate is used, and for which hosts; no hosts stand for all of them. */
export interface SecretUse extends TlsBlock {
  resource: Resource;
  namespace: string;
}

/** Every TLS block of an Ingress and every listener of a Gateway. */
export const secretUses = once(({ manifests }): SecretUse[] => {
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
});

/** Those of an Ingress or a Gateway. */
export const secretUsesOf = onceBy(secretUses, ({ resource }) => [resource]);

/**
 * Where routes of controllers of their own name a Secret, of their namespace or, with it in front, of another.
 *
 * Sources: Contour, "HTTPProxy: TLS"; Traefik, "IngressRoute: tls"; F5, "VirtualServer: tls".
 */
const CUSTOM: Readonly<
  Record<string, { group: RegExp; place: readonly string[]; host: readonly string[] }>
> = {
  HTTPProxy: {
    group: /^projectcontour\.io$/,
    place: ['spec', 'virtualhost', 'tls', 'secretName'],
    host: ['spec', 'virtualhost', 'fqdn'],
  },
  IngressRoute: {
    group: /^traefik\.(?:io|containo\.us)$/,
    place: ['spec', 'tls', 'secretName'],
    host: [],
  },
  VirtualServer: {
    group: /^k8s\.nginx\.org$/,
    place: ['spec', 'tls', 'secret'],
    host: ['spec', 'host'],
  },
};

/** Of the kinds of route that controllers bring with them, and of Istio's Gateways. */
export function customSecretUses(surface: Surface): SecretUse[] {
  return [...ofRoutes(surface), ...ofIstio(surface)];
}

/**
 * Istio looks for the Secret of a server where the pods of the gateway are; where these are in another stream, it may be anywhere. Source:
 * Istio, "Gateway: ServerTLSSettings.credentialName".
 */
function ofIstio({ manifests, workloads }: Surface): SecretUse[] {
  return istioResources(manifests, 'Gateway').flatMap((resource) => {
    const selector = objectAt(resource.json, ['spec', 'selector']);
    const isSelecting = Object.keys(selector).length > 0;
    const pods = workloads.filter(
      (pod) => isSelecting && selectsPods({ matchLabels: selector }, pod),
    );
    const [namespace = '', ...others] = new Set(pods.map((pod) => pod.namespace));
    return serversOf(resource).flatMap(({ json, place, hosts }): SecretUse[] => {
      const secretName = stringAt(json, ['tls', 'credentialName']);
      if (secretName === '' || secretName.includes(':') || others.length > 0) return [];
      const named = hosts.filter((host) => host !== '*');
      return [
        { resource, namespace, place: `${place}.tls.credentialName`, secretName, hosts: named },
      ];
    });
  });
}

function ofRoutes({ manifests }: Surface): SecretUse[] {
  return Object.entries(CUSTOM).flatMap(([kind, { group, place, host }]) =>
    manifests
      .ofKind(kind)
      .filter((resource) => group.test(groupOf(resource)))
      .flatMap((resource): SecretUse[] => {
        const { json } = resource;
        const [secretName = '', namespace = resource.namespace] = stringAt(json, place)
          .split('/')
          .reverse();
        if (secretName === '') return [];
        const hosts =
          kind === 'IngressRoute'
            ? list(getIn(json, ['spec', 'routes'])).flatMap(({ match }) => hostsOfMatch(match))
            : [stringAt(json, host)].filter(Boolean);
        return [{ resource, namespace, place: place.join('.'), secretName, hosts }];
      }),
  );
}

/** Hosts of Traefik's `Host(\`…\`)`. */
function hostsOfMatch(match: unknown): string[] {
  const calls = [...asText(match).matchAll(/\bHost\(([^)]*)\)/g)].map(([, inner = '']) => inner);
  return calls.flatMap((inner) =>
    // A rule that is not closed has other values behind the host.
    [...inner.matchAll(/[`"']([^`"'/]+)[`"']/g)].map(([, one = '']) => one),
  );
}
