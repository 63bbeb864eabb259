/** Issuers, solvers, Certificates and the Secrets that entries want, beside the harmless change of the same kind. */
import { test } from 'uvu';
import { type PlantedChange, plantEach, type StreamName } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const CHART: readonly StreamName[] = ['sound.yaml'];

const ingresses = (manifests: Manifest[]) => manifests.filter(({ kind }) => kind === 'Ingress');
const issuerOf = (manifests: Manifest[]) =>
  ingresses(manifests)[0].metadata.annotations['cert-manager.io/cluster-issuer'];
const DIRECTORY = 'https://acme-v02.api.letsencrypt.org/directory';
const HTTP01 = { http01: { ingress: { ingressClassName: 'nginx-public' } } };

/** An issuer for the chart, which names one that is not there. */
const addIssuer = (manifests: Manifest[], ...solvers: Manifest[]) => {
  manifests.push({
    apiVersion: 'cert-manager.io/v1',
    kind: 'ClusterIssuer',
    metadata: { name: issuerOf(manifests) },
    spec: { acme: { server: DIRECTORY, privateKeySecretRef: { name: 'account' }, solvers } },
  });
};
const withSolvers =
  (...solvers: Manifest[]) =>
  (manifests: Manifest[]) =>
    addIssuer(manifests, ...solvers);

const ISSUERS: readonly PlantedChange[] = [
  {
    name: 'a ClusterIssuer that is named as an Issuer',
    code: 'reference-missing',
    in: CHART,
    plant: (manifests) => {
      addIssuer(manifests, HTTP01);
      const [{ metadata }] = ingresses(manifests);
      metadata.annotations['cert-manager.io/issuer'] = issuerOf(manifests);
      delete metadata.annotations['cert-manager.io/cluster-issuer'];
    },
  },
  {
    name: 'the same, with its kind beside it',
    in: CHART,
    plant: (manifests) => {
      addIssuer(manifests, HTTP01);
      const [{ metadata }] = ingresses(manifests);
      metadata.annotations['cert-manager.io/issuer'] = issuerOf(manifests);
      metadata.annotations['cert-manager.io/issuer-kind'] = 'ClusterIssuer';
      delete metadata.annotations['cert-manager.io/cluster-issuer'];
    },
  },
  {
    name: 'an issuerRef without a kind, to a ClusterIssuer',
    code: 'reference-missing',
    in: ['onprem'],
    plant: (manifests) => {
      delete find(manifests, 'Certificate').spec.issuerRef.kind;
    },
  },
  {
    name: 'an Issuer of another namespace',
    code: 'reference-missing',
    in: ['sound-contour.yaml'],
    plant: (manifests) => {
      manifests.push({
        apiVersion: 'cert-manager.io/v1',
        kind: 'Issuer',
        metadata: { name: 'corporate', namespace: 'security' },
        spec: { ca: { secretName: 'corporate' } },
      });
      for (const { spec } of ingresses(manifests)) spec.ingressClassName = 'edge';
      const [{ metadata }] = ingresses(manifests);
      metadata.annotations['cert-manager.io/issuer'] = 'corporate';
      // Its own, so that nothing is shared.
      ingresses(manifests)[0].spec.tls[0].secretName = 'grpc-tls';
    },
  },
];

const dns = (selector: Manifest) => ({ dns01: { route53: {} }, selector });
const SOLVERS: readonly PlantedChange[] = [
  { name: 'a solver without a selector', in: CHART, plant: withSolvers(HTTP01) },
  {
    name: 'the zone of another domain',
    code: 'acme-no-challenge',
    in: CHART,
    plant: withSolvers(dns({ dnsZones: ['acme.example'] })),
  },
  { name: 'the zone above', in: CHART, plant: withSolvers(dns({ dnsZones: ['acme.io'] })) },
  {
    name: 'one name of two',
    code: 'acme-no-challenge',
    in: CHART,
    plant: withSolvers(dns({ dnsNames: ['grpc.ml.acme.io'] })),
  },
  {
    name: 'a zone that takes the hosts, and names that do not',
    code: 'acme-no-challenge',
    in: CHART,
    plant: withSolvers(dns({ dnsZones: ['acme.io'], dnsNames: ['other.acme.io'] })),
  },
  {
    name: 'labels that the Ingresses do not have',
    code: 'acme-no-challenge',
    in: CHART,
    plant: withSolvers(dns({ matchLabels: { solver: 'dns' } })),
  },
  {
    name: 'labels that they have',
    in: CHART,
    plant: withSolvers(dns({ matchLabels: { 'app.kubernetes.io/instance': 'prod' } })),
  },
  {
    name: 'a wildcard with HTTP-01 alone',
    code: 'acme-no-challenge',
    in: CHART,
    plant: (manifests) => {
      addIssuer(manifests, HTTP01);
      for (const { spec } of ingresses(manifests)) spec.tls[0].hosts = ['*.ml.acme.io'];
    },
  },
  {
    name: 'a wildcard with DNS-01 beside it',
    in: CHART,
    plant: (manifests) => {
      addIssuer(manifests, HTTP01, { dns01: { route53: {} } });
      // Each host in one place alone: two blocks with one wildcard would be another matter.
      ingresses(manifests)[0].spec.tls[0].hosts = ['*.ml.acme.io'];
    },
  },
  {
    name: 'the staging server',
    code: 'acme-staging',
    in: ['production'],
    plant: (manifests) => {
      find(manifests, 'ClusterIssuer').spec.acme.server =
        'https://acme-staging-v02.api.letsencrypt.org/directory';
    },
  },
  {
    name: 'the staging server in an environment of that name',
    in: ['staging'],
    plant: (manifests) => {
      find(manifests, 'ClusterIssuer').spec.acme.server =
        'https://acme-staging-v02.api.letsencrypt.org/directory';
    },
  },
];

const certificate = (spec: Manifest) => (manifests: Manifest[]) =>
  Object.assign(find(manifests, 'Certificate').spec, spec);
const SETTINGS: readonly PlantedChange[] = [
  {
    name: 'renewed before it is issued',
    code: 'certificate-settings',
    in: ['onprem'],
    plant: certificate({ duration: '720h', renewBefore: '720h0m0s' }),
  },
  {
    name: 'renewed in time',
    in: ['onprem'],
    plant: certificate({ duration: '720h', renewBefore: '240h' }),
  },
  {
    name: 'for clients alone',
    code: 'certificate-settings',
    in: ['onprem'],
    plant: certificate({ usages: ['digital signature', 'client auth'] }),
  },
  {
    name: 'for both',
    in: ['onprem'],
    plant: certificate({ usages: ['digital signature', 'client auth', 'server auth'] }),
  },
  {
    name: 'for every purpose',
    in: ['onprem'],
    plant: certificate({ usages: ['digital signature', 'key encipherment'] }),
  },
  {
    name: 'a short key',
    code: 'certificate-settings',
    in: ['onprem'],
    plant: certificate({ privateKey: { algorithm: 'RSA', size: 1024 } }),
  },
  {
    name: 'an authority',
    code: 'certificate-settings',
    severity: 'warning',
    says: /\nremove `isCA`/,
    in: ['onprem'],
    plant: certificate({ isCA: true }),
  },
  {
    name: 'a key on a curve',
    in: ['onprem'],
    plant: certificate({ privateKey: { algorithm: 'ECDSA', size: 384 } }),
  },
  {
    name: 'annotations that ask for a key which the authority does not sign',
    code: 'certificate-settings',
    in: ['production'],
    plant: (manifests) => {
      ingresses(manifests)[0].metadata.annotations['cert-manager.io/private-key-size'] = '8192';
    },
  },
];

const certificateFor = (secretName: string, host: string, more: Manifest = {}) => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: { name: 'by-hand', namespace: 'models', ...more },
  spec: { secretName, dnsNames: [host], issuerRef: { name: 'corporate', kind: 'ClusterIssuer' } },
});
const CONTOUR: readonly StreamName[] = ['sound-contour.yaml'];
const SECRETS: readonly PlantedChange[] = [
  {
    name: 'the Certificate writes another Secret',
    code: 'tls-secret-missing',
    in: CONTOUR,
    plant: (manifests) => {
      manifests.push(certificateFor('grpc-tls', 'grpc.models.example.org'));
    },
  },
  {
    name: 'the Certificate writes it',
    in: CONTOUR,
    plant: (manifests) => {
      manifests.push(certificateFor('wildcard-models-tls', '*.models.example.org'));
    },
  },
  {
    name: 'the Certificate writes it in another namespace',
    code: 'tls-secret-missing',
    in: CONTOUR,
    plant: (manifests) => {
      const more = { namespace: 'cert-manager' };
      manifests.push(certificateFor('wildcard-models-tls', '*.models.example.org', more));
    },
  },
  {
    name: 'and Reflector copies it',
    in: CONTOUR,
    plant: (manifests) => {
      const more = { namespace: 'cert-manager' };
      const made: Manifest = certificateFor('wildcard-models-tls', '*.models.example.org', more);
      made.spec.secretTemplate = {
        annotations: { 'reflector.v1.k8s.emberstack.com/reflection-auto-enabled': 'true' },
      };
      manifests.push(made);
    },
  },
  {
    name: 'a Secret with the certificate under another key',
    code: 'tls-secret-missing',
    in: CONTOUR,
    plant: (manifests) => {
      manifests.push({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'wildcard-models-tls', namespace: 'models' },
        data: { 'cert.pem': 'eA==', 'key.pem': 'eA==' },
      });
    },
  },
  {
    name: 'the listener names what no Certificate writes',
    code: 'tls-secret-missing',
    in: ['onprem'],
    plant: (manifests) => {
      const { metadata, spec } = find(manifests, 'Gateway');
      const [listener] = spec.listeners.filter((one: Manifest) => one.tls?.certificateRefs);
      const made: Manifest = certificateFor('api-tls', listener.hostname, metadata);
      made.spec.issuerRef = find(manifests, 'Certificate').spec.issuerRef;
      manifests.push({ ...made, metadata: { ...made.metadata, annotations: {} } });
      delete metadata.annotations;
    },
  },
  ...[
    ['a', 'b'],
    ['b', 'a'],
  ].map(
    (names): PlantedChange => ({
      name: `two Ingresses ask for one certificate, the first for ${names.join(' and ')}`,
      in: ['production'],
      plant: (manifests) => {
        const [{ metadata }] = ingresses(manifests);
        const { annotations, namespace } = metadata;
        for (const [index, order] of [names, names.toReversed()].entries()) {
          const hosts = order.map((name) => `${name}.docs.example.com`);
          manifests.push({
            apiVersion: 'networking.k8s.io/v1',
            kind: 'Ingress',
            metadata: { name: `docs-${index}`, namespace, annotations },
            spec: {
              ingressClassName: 'nginx',
              tls: [{ hosts, secretName: 'docs-tls' }],
              rules: hosts.map((host) => ({ host, http: { paths: [] } })),
            },
          });
        }
      },
    }),
  ),
  {
    name: 'an annotation and a Certificate for one Secret',
    code: 'shared-issuer-secret',
    in: ['sound.yaml'],
    plant: (manifests) => {
      const more = { namespace: 'models' };
      const made: Manifest = certificateFor('prod-ma-grpc-tls', 'grpc.ml.acme.io', more);
      delete made.metadata.namespace;
      manifests.push(made);
    },
  },
];

await plantEach([...ISSUERS, ...SOLVERS, ...SETTINGS, ...SECRETS]);

test.run();
