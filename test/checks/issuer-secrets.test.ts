/** Secrets of issuers, and Services of StatefulSets. */
import { test } from 'uvu';
import { imageOfPage } from './envoy-plantings.ts';
import { type PlantedChange, plantEach } from './plant-each.ts';
import type { Manifest } from './support.ts';

const ALL = ['staging', 'production', 'onprem', 'sound.yaml', 'sound-contour.yaml'] as const;
const SOUND = ['sound.yaml', 'sound-contour.yaml'] as const;
/** A chart's own entries ask a ClusterIssuer that is in another stream, and its namespace is not written. */
const BUILT = ['staging', 'production', 'onprem'] as const;

const issuer = (kind: string, spec: Manifest, namespace?: string): Manifest => ({
  apiVersion: 'cert-manager.io/v1',
  kind,
  metadata: { name: 'another', ...(namespace && { namespace }) },
  spec,
});
const secret = (name: string, namespace: string, keys = ['tls.crt', 'tls.key']): Manifest => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name, namespace },
  stringData: Object.fromEntries(keys.map((key) => [key, 'x'])),
});
const authority = (secretName: string, namespace: string): Manifest => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'Certificate',
  metadata: { name: 'authority', namespace },
  spec: {
    isCA: true,
    secretName,
    commonName: 'acme',
    issuerRef: { name: 'root', group: 'other.io' },
  },
});
const certManager = (...args: string[]): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cert-manager', namespace: 'certs' },
  spec: {
    selector: { matchLabels: { app: 'cert-manager' } },
    template: {
      metadata: { labels: { app: 'cert-manager' } },
      spec: {
        containers: [
          {
            name: 'controller',
            image: 'quay.io/jetstack/cert-manager-controller:v1.18.0',
            args,
            env: [
              {
                name: 'POD_NAMESPACE',
                valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } },
              },
            ],
          },
        ],
      },
    },
  },
});
const dns = (key: string) => ({
  acme: {
    server: 'https://acme-v02.api.letsencrypt.org/directory',
    privateKeySecretRef: { name: 'account' },
    solvers: [{ dns01: { cloudflare: { apiTokenSecretRef: { name: 'cloudflare', key } } } }],
  },
});
const ca = { ca: { secretName: 'root-ca' } };
const add =
  (...more: Manifest[]) =>
  (manifests: Manifest[]) =>
    manifests.push(...structuredClone(more));

const FLAG = '--cluster-resource-namespace=$(POD_NAMESPACE)';
const code = 'issuer-secret-missing';

const ISSUERS: readonly PlantedChange[] = [
  {
    name: 'the key pair of a ClusterIssuer lies beside the entries',
    code,
    severity: 'warning',
    in: BUILT,
    plant: add(issuer('ClusterIssuer', ca), secret('root-ca', 'platform')),
  },
  {
    name: 'a Certificate makes it there',
    code,
    severity: 'warning',
    in: BUILT,
    plant: add(issuer('ClusterIssuer', ca), authority('root-ca', 'platform')),
  },
  {
    name: 'cert-manager itself says where it looks',
    code,
    in: BUILT,
    plant: add(issuer('ClusterIssuer', ca), secret('root-ca', 'platform'), certManager(FLAG)),
  },
  {
    name: 'the key pair of an Issuer is in another namespace',
    code,
    in: ALL,
    plant: add(issuer('Issuer', ca, 'platform'), secret('root-ca', 'cert-manager')),
  },
  {
    name: 'the Secret of an Issuer has another name',
    code,
    in: ALL,
    plant: add(issuer('Issuer', ca, 'platform'), authority('acme-root', 'platform')),
  },
  {
    name: 'the Secret is no key pair',
    code,
    in: SOUND,
    plant: add(issuer('Issuer', ca, 'platform'), secret('root-ca', 'platform', ['ca.crt'])),
  },
  {
    name: 'the token of a solver is in another namespace',
    code,
    in: SOUND,
    plant: add(issuer('Issuer', dns('token'), 'platform'), secret('cloudflare', 'dns', ['token'])),
  },
  {
    name: 'the token of a solver has another key',
    code,
    in: SOUND,
    plant: add(
      issuer('Issuer', dns('token'), 'platform'),
      secret('cloudflare', 'platform', ['key']),
    ),
  },
  ...(
    [
      [issuer('ClusterIssuer', ca), secret('root-ca', 'cert-manager')],
      [issuer('ClusterIssuer', ca), authority('root-ca', 'cert-manager')],
      [issuer('ClusterIssuer', ca)],
      [issuer('ClusterIssuer', ca), secret('root-ca', 'certs'), certManager(FLAG)],
      [issuer('Issuer', ca, 'platform'), authority('root-ca', 'platform')],
      [issuer('Issuer', ca, 'platform'), secret('other', 'platform')],
      [issuer('Issuer', dns('token'), 'platform'), secret('cloudflare', 'platform', ['token'])],
      [issuer('Issuer', dns('token'), 'platform'), secret('account', 'dns', ['tls.key'])],
    ] as const
  ).map(
    (more, index): PlantedChange => ({
      name: `a sound issuer, ${index}`,
      in: more[0].kind === 'Issuer' ? ALL : BUILT,
      plant: add(...more),
    }),
  ),
];

const store = (serviceName: string | undefined, namespace: string): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'store', namespace },
  spec: {
    ...(serviceName && { serviceName }),
    selector: { matchLabels: { app: 'store' } },
    template: {
      metadata: { labels: { app: 'store' } },
      spec: {
        containers: [{ name: 'store', image: 'store:1.0.0', ports: [{ containerPort: 9000 }] }],
      },
    },
  },
});
const headless = (name: string, namespace: string): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { clusterIP: 'None', selector: { app: 'store' }, ports: [{ port: 9000 }] },
});

const STATEFUL_SETS: readonly PlantedChange[] = [
  {
    name: 'a StatefulSet names a Service that is not there',
    code: 'reference-missing',
    severity: 'warning',
    in: ALL,
    plant: add(store('store', 'platform'), headless('store-headless', 'platform')),
  },
  {
    name: 'a StatefulSet names its Service',
    in: ALL,
    plant: add(store('store-headless', 'platform'), headless('store-headless', 'platform')),
  },
  { name: 'a StatefulSet without a Service', in: ALL, plant: add(store(undefined, 'platform')) },
  {
    name: 'a StatefulSet in a namespace of which nothing else is here',
    in: BUILT,
    plant: add(store('store', 'elsewhere')),
  },
];

const PAGES: readonly PlantedChange[] = [
  {
    name: 'a page that speaks gRPC-Web or Connect, behind gRPC-Web',
    in: ALL,
    plant: imageOfPage('ghcr.io/michelangelo-ai/ui:0.3.0'),
  },
  {
    // Pages of each protocol take it away before they join the path.
    name: 'apiBaseUrl ends with a slash',
    in: ALL,
    plant: (manifests) => {
      const page = manifests.find(({ kind, data }) => kind === 'ConfigMap' && data['config.json']);
      page.data['config.json'] = page.data['config.json'].replace(/(https:[^"]*)"/, '$1/"');
    },
  },
];

await plantEach([...ISSUERS, ...STATEFUL_SETS, ...PAGES]);
test.run();
