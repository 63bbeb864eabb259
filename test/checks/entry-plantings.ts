/** Failures in annotations and issuers, one each. */
import type { Planting } from './plantings.ts';
import type { Manifest } from './support.ts';

const ISSUER = 'cert-manager.io/cluster-issuer';

const annotate = (key: string, value: string) => (manifests: Manifest[]) => {
  for (const { kind, metadata } of manifests)
    if (kind === 'Ingress') metadata.annotations = { ...metadata.annotations, [key]: value };
};

const nginxConfig = (data: Record<string, string>): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'ingress-nginx-controller', namespace: 'ingress-nginx' },
  data,
});

/** A Certificate, and the issuer that it asks. */
function certify(manifests: Manifest[], spec: Manifest): void {
  const acme = {
    server: 'https://acme-v02.api.letsencrypt.org/directory',
    privateKeySecretRef: { name: 'account' },
    solvers: [{ dns01: { route53: { region: 'eu-west-1' } } }],
  };
  manifests.push(
    {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Issuer',
      metadata: { name: 'public' },
      spec: { acme },
    },
    {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Certificate',
      metadata: { name: 'docs' },
      spec: {
        secretName: 'docs-tls',
        dnsNames: ['docs.ml.acme.io'],
        issuerRef: { name: 'public', kind: 'Issuer' },
        ...spec,
      },
    },
  );
}

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
    name: 'the Secret of another namespace',
    code: 'kubernetes-refuses',
    in: ['sound.yaml'],
    plant: (manifests) => {
      const ingress = manifests.find(({ kind }) => kind === 'Ingress');
      delete ingress.metadata.annotations[ISSUER];
      ingress.spec.tls[0].secretName = 'certs/wild-tls';
    },
  },
  {
    name: 'a listener whose certificate is no Secret',
    code: 'listener-refused',
    in: ['sound-gateway.yaml'],
    plant: (manifests) => {
      const { listeners } = manifests.find(({ kind }) => kind === 'Gateway').spec;
      Object.assign(listeners[0].tls.certificateRefs[0], {
        group: 'cert-manager.io',
        kind: 'Certificate',
      });
    },
  },
  {
    name: 'a policy of Envoy Gateway that allows nobody',
    code: 'allow-list',
    in: ['sound-gateway.yaml'],
    plant: (manifests) => {
      manifests.push({
        apiVersion: 'gateway.envoyproxy.io/v1alpha1',
        kind: 'SecurityPolicy',
        metadata: { name: 'nobody', namespace: 'studio' },
        spec: {
          targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'GRPCRoute', name: 'grpc' }],
          authorization: { defaultAction: 'Deny' },
        },
      });
    },
  },
  {
    name: 'a certificate that lives for days',
    code: 'certificate-settings',
    in: ['sound.yaml', 'production'],
    plant: annotate('cert-manager.io/duration', '90d'),
  },
  {
    name: 'an Issuer beside the ClusterIssuer',
    code: 'setting-refused',
    in: ['sound.yaml', 'production'],
    plant: annotate('cert-manager.io/issuer', 'letsencrypt-prod'),
  },
  {
    name: 'a DNS record that leads to a URL',
    code: 'setting-refused',
    in: ['sound.yaml'],
    plant: annotate('external-dns.kubernetes.io/target', 'https://lb.acme.io'),
  },
  {
    name: 'a DNS record that is left to another program',
    code: 'setting-refused',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: annotate('external-dns.alpha.kubernetes.io/controller', 'nginx'),
  },
  {
    name: 'a DNS record of an annotation that is not there',
    code: 'setting-refused',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: annotate('external-dns.alpha.kubernetes.io/ingress-hostname-source', 'annotation-only'),
  },
  {
    name: 'a login page before calls',
    code: 'setting-refused',
    in: ['sound.yaml'],
    plant: (manifests) => {
      annotate('nginx.ingress.kubernetes.io/auth-url', 'https://login.acme.io/auth')(manifests);
      annotate('nginx.ingress.kubernetes.io/auth-signin', 'https://login.acme.io/start')(manifests);
    },
  },
  {
    name: 'snippets where the controller takes none',
    code: 'setting-refused',
    in: ['sound.yaml'],
    plant: (manifests) => {
      annotate(
        'nginx.ingress.kubernetes.io/configuration-snippet',
        'more_set_headers "x-team: ml";',
      )(manifests);
      manifests.push(nginxConfig({ 'allow-snippet-annotations': 'false' }));
    },
  },
  {
    name: 'the controller offers no HTTP/2',
    code: 'entry-without-http2',
    in: ['sound.yaml'],
    plant: (manifests) => manifests.push(nginxConfig({ 'use-http2': 'false' })),
  },
  {
    name: 'the controller speaks old versions of TLS alone',
    code: 'entry-without-http2',
    in: ['sound.yaml'],
    plant: (manifests) => manifests.push(nginxConfig({ 'ssl-protocols': 'TLSv1 TLSv1.1' })),
  },
  {
    name: 'the authority of clients without its namespace',
    code: 'setting-refused',
    in: ['sound.yaml'],
    plant: annotate('nginx.ingress.kubernetes.io/auth-tls-secret', 'clients'),
  },
  {
    name: 'a port with a name and a number',
    code: 'kubernetes-refuses',
    in: ['sound.yaml'],
    plant: (manifests) => {
      const ingress = manifests.find(({ metadata }) => metadata.name === 'prod-ma-grpc');
      const { service } = ingress.spec.rules[0].http.paths[0].backend;
      service.port = { name: 'grpc', number: 15566 };
    },
  },
  {
    name: 'traffic from outside to a Service inside',
    code: 'kubernetes-refuses',
    in: ['sound.yaml', 'production'],
    plant: (manifests) => {
      manifests.find(({ kind }) => kind === 'Service').spec.externalTrafficPolicy = 'Local';
    },
  },
  {
    name: 'a port whose name has capital letters',
    code: 'kubernetes-refuses',
    in: ['sound-contour.yaml'],
    plant: (manifests) => {
      manifests.push({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'docs', namespace: 'models' },
        spec: { clusterIP: 'None', ports: [{ name: 'Web_UI', port: 80 }] },
      });
    },
  },
  {
    name: 'a common name that is asked for nowhere else',
    code: 'certificate-settings',
    in: ['sound.yaml'],
    plant: (manifests) => certify(manifests, { commonName: 'ml.acme.io' }),
  },
  {
    name: 'a public authority is asked for a name of the cluster',
    code: 'certificate-settings',
    in: ['sound.yaml'],
    plant: (manifests) => certify(manifests, { dnsNames: ['docs.ml.acme.io', 'docs.ml.svc'] }),
  },
  {
    name: 'an address for examples',
    code: 'issuer-settings',
    in: ['sound.yaml'],
    plant: (manifests) => {
      certify(manifests, {});
      manifests.at(-2).spec.acme.email = 'admin@example.com';
    },
  },
  {
    name: 'plain HTTP on the port of TLS',
    code: 'listener-refused',
    in: ['sound-gateway.yaml'],
    plant: (manifests) => {
      manifests
        .find(({ kind }) => kind === 'Gateway')
        .spec.listeners.push({
          name: 'plain',
          port: 443,
          protocol: 'HTTP',
          hostname: 'docs.example.net',
        });
    },
  },
  {
    name: 'a listener for whose certificate nobody asks',
    code: 'listener-refused',
    severity: 'warning',
    in: ['sound-gateway.yaml'],
    plant: (manifests) => {
      const { metadata, spec } = manifests.find(({ kind }) => kind === 'Gateway');
      metadata.annotations = { [ISSUER]: 'corp' };
      spec.listeners.push({
        name: 'other',
        port: 8443,
        protocol: 'HTTPS',
        tls: { certificateRefs: [{ name: 'other-tls' }] },
      });
    },
  },
  {
    name: 'answers wait for a full buffer',
    code: 'entry-buffers',
    severity: 'warning',
    in: ['sound.yaml'],
    plant: annotate('nginx.ingress.kubernetes.io/proxy-buffering', 'on'),
  },
];
