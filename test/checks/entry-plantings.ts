/** Failures in annotations and issuers, one each. */
import type { Planting } from './plantings.ts';
import type { Manifest } from './support.ts';

const ISSUER = 'cert-manager.io/cluster-issuer';

const annotate = (key: string, value: string) => (manifests: Manifest[]) => {
  for (const { kind, metadata } of manifests)
    if (kind === 'Ingress') metadata.annotations = { ...metadata.annotations, [key]: value };
};

export const ENTRY_PLANTINGS: readonly Planting[] = [
  {
    name: 'the hosts of both entries are swapped',
    code: 'entry-host',
    in: ['production', 'sound.yaml'],
    plant: (manifests) => {
      const entries = manifests.filter(({ kind }) => kind === 'Ingress');
      const [one, other] = entries.map(({ spec }) => spec.rules[0].host);
      for (const { spec } of entries) {
        const host = spec.rules[0].host === one ? other : one;
        spec.rules[0].host = host;
        spec.tls[0].hosts = [host];
      }
    },
  },
  {
    name: 'the issuer is named under a key with a letter less',
    code: 'annotation-key',
    in: ['sound.yaml'],
    plant: (manifests) => {
      for (const { kind, metadata } of manifests) {
        if (kind !== 'Ingress') continue;
        const { [ISSUER]: issuer, ...others } = metadata.annotations;
        metadata.annotations = { ...others, 'cert-manager.io/cluster-isuer': issuer };
      }
    },
  },
  {
    name: 'the ACME server is misspelled',
    code: 'issuer-settings',
    path: 'spec.acme.server',
    in: ['production', 'staging'],
    plant: (manifests) => {
      const issuer = manifests.find(({ kind, spec }) => /Issuer$/.test(kind) && spec.acme);
      issuer.spec.acme.server = issuer.spec.acme.server.replace('letsencrypt', 'letsencyrpt');
    },
  },
  {
    name: 'an allow list with semicolons',
    code: 'allow-list',
    in: ['sound.yaml'],
    plant: annotate(
      'nginx.ingress.kubernetes.io/whitelist-source-range',
      '10.0.0.0/8;192.168.0.0/16',
    ),
  },
  {
    name: 'a DNS name that no entry serves',
    code: 'dns-host',
    severity: 'warning',
    in: ['production', 'staging', 'sound.yaml', 'sound-contour.yaml'],
    plant: annotate('external-dns.alpha.kubernetes.io/hostname', 'elsewhere.example.org'),
  },
  {
    name: 'a redirect to a port that nothing listens on',
    code: 'redirect-target',
    in: ['sound-gateway.yaml'],
    plant: (manifests) => {
      const gateway = manifests.find(({ kind }) => kind === 'Gateway');
      gateway.spec.listeners.push({
        name: 'plain',
        port: 80,
        protocol: 'HTTP',
        allowedRoutes: { namespaces: { from: 'All' } },
      });
      const route = structuredClone(manifests.find(({ kind }) => kind === 'HTTPRoute'));
      route.metadata.name = 'to-https';
      route.spec.parentRefs[0].sectionName = 'plain';
      const requestRedirect = { scheme: 'https', port: 8443 };
      route.spec.rules = [{ filters: [{ type: 'RequestRedirect', requestRedirect }] }];
      manifests.push(route);
    },
  },
  {
    name: 'a policy of the mesh that allows nobody',
    code: 'istio-policy',
    in: ['sound-gateway.yaml'],
    plant: (manifests) => {
      manifests.push({
        apiVersion: 'security.istio.io/v1',
        kind: 'AuthorizationPolicy',
        metadata: { name: 'nobody', namespace: 'studio' },
        spec: {},
      });
    },
  },
  {
    name: 'one request a second',
    code: 'entry-request-limit',
    in: ['sound.yaml'],
    plant: annotate('nginx.ingress.kubernetes.io/limit-rps', '1'),
  },
  {
    name: 'an entry point that Traefik does not have',
    code: 'traefik-router',
    in: ['staging'],
    plant: annotate('traefik.ingress.kubernetes.io/router.entrypoints', 'websecrue'),
  },
  {
    name: 'answers wait for a full buffer',
    code: 'entry-buffers',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: annotate('nginx.ingress.kubernetes.io/proxy-buffering', 'on'),
  },
];
