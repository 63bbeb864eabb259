/** The chart's app behind a Google load balancer: what annotations name has to be there. */
import { test } from 'uvu';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { find, type Manifest, manifestsIn } from './support.ts';

const ingressOf = (manifests: Manifest[]): Manifest =>
  manifests.find(({ kind, spec }) => kind === 'Ingress' && JSON.stringify(spec).includes('envoy'));
const serviceOf = (manifests: Manifest[]): Manifest => {
  const { name } = ingressOf(manifests).spec.rules[0].http.paths[0].backend.service;
  return manifests.find((one) => one.kind === 'Service' && one.metadata.name === name);
};
const SETTINGS = (host: string) => `
{apiVersion: networking.gke.io/v1, kind: ManagedCertificate, metadata: {name: app}, spec: {domains: [${host}]}}
---
{apiVersion: networking.gke.io/v1beta1, kind: FrontendConfig, metadata: {name: redirect}, spec: {redirectToHttps: {enabled: true}}}
---
{apiVersion: cloud.google.com/v1, kind: BackendConfig, metadata: {name: streams}, spec: {timeoutSec: 3600}}
`;

const HEALTH =
  '{apiVersion: networking.gke.io/v1, kind: HealthCheckPolicy, metadata: {name: api}, spec: {targetRef: {group: "", kind: Service, name: prod-ma-apiserver}, default: {config: {type: HTTP, httpHealthCheck: {requestPath: /}}}}}';

const broken = (
  name: string,
  plant: (manifests: Manifest[]) => void,
  severity: 'error' | 'warning' = 'error',
): PlantedChange => ({ name, code: 'gke-reference', severity, in: ['sound.yaml'], plant });
const note = (of: (manifests: Manifest[]) => Manifest, key: string, value: string) => {
  return (manifests: Manifest[]) => {
    of(manifests).metadata.annotations[key] = value;
  };
};

const CHANGES: readonly PlantedChange[] = [
  broken(
    'the BackendConfig is misspelled',
    note(serviceOf, 'cloud.google.com/backend-config', '{"default": "stream"}'),
  ),
  broken(
    'the FrontendConfig is not there',
    note(ingressOf, 'networking.gke.io/v1beta1.FrontendConfig', 'other'),
    'warning',
  ),
  broken('the certificate is for another host', (manifests) => {
    find(manifests, 'ManagedCertificate').spec.domains = ['www.example.net'];
  }),
  broken('calls end after half a minute', (manifests) => {
    find(manifests, 'BackendConfig').spec.timeoutSec = 30;
  }),
  broken(
    'health checks ask a port that no pod declares',
    (manifests) => {
      find(manifests, 'BackendConfig').spec.healthCheck = { type: 'HTTP', port: 4444 };
    },
    'warning',
  ),
  broken('health checks of a type that there is not', (manifests) => {
    find(manifests, 'BackendConfig').spec.healthCheck = { type: 'TCP' };
  }),
  broken(
    'what names the BackendConfig is no JSON',
    note(serviceOf, 'cloud.google.com/backend-config', '{"default": streams}'),
  ),
  broken(
    'the BackendConfig is for a port that is not there',
    note(serviceOf, 'cloud.google.com/backend-config', '{"ports": {"web": "streams"}}'),
  ),
  broken('no NEG and no node port', note(serviceOf, 'cloud.google.com/neg', '{"ingress": false}')),
  broken(
    'a redirect of what is not taken',
    note(ingressOf, 'kubernetes.io/ingress.allow-http', 'false'),
    'warning',
  ),
  broken('a global address of an internal load balancer', (manifests) => {
    note(ingressOf, 'kubernetes.io/ingress.class', 'gce-internal')(manifests);
    note(ingressOf, 'kubernetes.io/ingress.global-static-ip-name', 'app')(manifests);
  }),
  broken('a path that is / alone', (manifests) => {
    ingressOf(manifests).spec.rules[0].http.paths[0].path = '/';
  }),
  broken('a certificate with a wildcard', (manifests) => {
    find(manifests, 'ManagedCertificate').spec.domains.push('*.ml.acme.io');
  }),
  broken('health checks of a Gateway ask the API server as a page', (manifests) => {
    manifests.push(...manifestsIn(HEALTH));
  }),
  broken(
    'health checks of a Gateway ask a port that no pod declares',
    (manifests) => {
      const policy = structuredClone(manifestsIn(HEALTH)[0]);
      policy.spec.default.config = { type: 'GRPC', grpcHealthCheck: { port: 4444 } };
      manifests.push(policy);
    },
    'warning',
  ),
  {
    name: 'health checks ask a port of the pods',
    in: ['sound.yaml'],
    plant: (manifests) => {
      find(manifests, 'BackendConfig').spec.healthCheck = {
        type: 'HTTP',
        port: 9901,
        requestPath: '/healthz',
      };
    },
  },
  {
    name: 'the Ingress has a certificate that was made elsewhere as well',
    in: ['sound.yaml'],
    plant: (manifests) => {
      find(manifests, 'ManagedCertificate').spec.domains = ['www.example.net'];
      note(ingressOf, 'ingress.gcp.kubernetes.io/pre-shared-cert', 'made-by-hand')(manifests);
    },
  },
];

await plantEach(CHANGES, (manifests) => {
  const ingress = ingressOf(manifests);
  const [{ host }] = ingress.spec.rules;
  delete ingress.spec.ingressClassName;
  delete ingress.spec.tls;
  ingress.spec.rules[0].http.paths[0].path = '/*';
  ingress.metadata.annotations = {
    'kubernetes.io/ingress.class': 'gce',
    'networking.gke.io/managed-certificates': 'app',
    'networking.gke.io/v1beta1.FrontendConfig': 'redirect',
  };
  const service = serviceOf(manifests);
  service.metadata.annotations = {
    ...service.metadata.annotations,
    'cloud.google.com/backend-config': '{"default": "streams"}',
  };
  manifests.push(...manifestsIn(SETTINGS(host)));
});

test.run();
