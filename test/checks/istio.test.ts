/** Istio's Gateway and VirtualServices in front of the chart: each thing that they name is there, or is named. */

import { test } from 'uvu';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { find, type Manifest, manifestsIn } from './support.ts';

const ENTRY = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: studio}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: ["studio/mesh.example.net", "*.wild.example.net"]
    tls: {mode: SIMPLE, credentialName: mesh-tls}
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: ["*"]
    tls: {httpsRedirect: true}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: calls, namespace: studio}
spec:
  hosts: [mesh.example.net]
  gateways: [edge]
  http:
  - route:
    - destination: {host: apiserver.control-plane.svc.cluster.local, port: {number: 15566}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: apiserver, namespace: studio}
spec:
  host: apiserver.control-plane.svc.cluster.local
  subsets: [{name: v1, labels: {app: apiserver}}]
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: mesh, namespace: istio-system}
spec:
  secretName: mesh-tls
  dnsNames: [mesh.example.net, "*.wild.example.net"]
  issuerRef: {name: corp, kind: ClusterIssuer}
`;

const route = (manifests: Manifest[]) => find(manifests, 'VirtualService', 'calls').spec;
const inRoute = (plant: (spec: Manifest) => void) => ({
  in: ['sound-gateway.yaml'] as const,
  plant: (manifests: Manifest[]) => plant(route(manifests)),
});
const broken = (name: string, plant: (spec: Manifest) => void): PlantedChange => ({
  name,
  code: 'istio-route',
  ...inRoute(plant),
});
const harmless = (name: string, plant: (spec: Manifest) => void): PlantedChange => ({
  name,
  ...inRoute(plant),
});

const change = (
  name: string,
  code: PlantedChange['code'],
  plant: PlantedChange['plant'],
): PlantedChange => ({ name, in: ['sound-gateway.yaml'], plant, ...(code ? { code } : {}) });
const add = (text: string) => (manifests: Manifest[]) => {
  manifests.push(...manifestsIn(text));
};
const serverOf = (manifests: Manifest[]): Manifest =>
  manifests.find(({ kind, metadata }) => kind === 'Gateway' && metadata.name === 'edge').spec
    .servers[0];
const POLICY = (name: string, spec: string) => `
{apiVersion: security.istio.io/v1, kind: AuthorizationPolicy, metadata: {name: ${name}, namespace: control-plane}, spec: ${spec}}
`;

const CHANGES: readonly PlantedChange[] = [
  broken('its Gateway is misspelled', (spec) => {
    spec.gateways = ['egde'];
  }),
  broken('it names no Gateway', (spec) => {
    delete spec.gateways;
  }),
  broken('no server has its host', (spec) => {
    spec.hosts = ['mesh.exmaple.net'];
  }),
  broken('its Service is misspelled', (spec) => {
    spec.http[0].route[0].destination.host = 'apiservr.control-plane.svc.cluster.local';
  }),
  broken('its Service has no such port', (spec) => {
    spec.http[0].route[0].destination.port.number = 15567;
  }),
  broken('it ends calls early', (spec) => {
    spec.http[0].timeout = '15s';
  }),
  broken('no DestinationRule has its subset', (spec) => {
    spec.http[0].route[0].destination.subset = 'v3';
  }),
  ...[
    change('its Secret is misspelled', 'tls-secret-missing', (manifests) => {
      serverOf(manifests).tls.credentialName = 'mesh-tsl';
    }),
    change('its Certificate is for another host', 'host-not-in-tls', (manifests) => {
      find(manifests, 'Certificate', 'mesh').spec.dnsNames = ['mesh.example.org'];
    }),
    change('a policy allows nobody', 'istio-policy', add(POLICY('nobody', '{}'))),
    change(
      'a policy allows GET alone',
      'istio-policy',
      add(POLICY('reads', '{rules: [{to: [{operation: {methods: [GET]}}]}]}')),
    ),
    change(
      'a policy denies everybody',
      'istio-policy',
      add(POLICY('nobody', '{action: DENY, rules: [{}]}')),
    ),
    change(
      'a policy denies POST',
      'istio-policy',
      add(POLICY('writes', '{action: DENY, rules: [{to: [{operation: {methods: [POST]}}]}]}')),
    ),
    change('one call at a time', 'istio-policy', (manifests) => {
      find(manifests, 'DestinationRule').spec.trafficPolicy = {
        connectionPool: { http: { http2MaxRequests: 1 } },
      };
    }),
  ],
  {
    ...change('TLS is spoken to the plain API server', 'istio-policy', (manifests) => {
      find(manifests, 'DestinationRule').spec.trafficPolicy = { tls: { mode: 'MUTUAL' } };
    }),
    severity: 'warning',
  },
  change('a policy allows nobody, and another one whoever calls', undefined, (manifests) => {
    add(POLICY('nobody', '{}'))(manifests);
    add(POLICY('callers', '{rules: [{from: [{source: {namespaces: [studio]}}]}]}'))(manifests);
  }),
  change(
    'a policy denies a path',
    undefined,
    add(POLICY('metrics', '{action: DENY, rules: [{to: [{operation: {paths: ["/metrics"]}}]}]}')),
  ),
  change(
    'a policy for other pods allows nobody',
    undefined,
    add(POLICY('other', '{selector: {matchLabels: {app: other}}}')),
  ),
  harmless('its subset is there', (spec) => {
    spec.http[0].route[0].destination.subset = 'v1';
  }),
  harmless('it holds for sidecars as well', (spec) => {
    spec.gateways = ['mesh', 'studio/edge'];
  }),
  harmless('a wildcard of the Gateway has its host', (spec) => {
    spec.hosts = ['calls.wild.example.net'];
  }),
  harmless('its Gateway is in another stream', (spec) => {
    spec.gateways = ['istio-system/public'];
  }),
  harmless('calls end after a day', (spec) => {
    spec.http[0].timeout = '24h';
  }),
];

await plantEach(CHANGES, (manifests) => {
  manifests.push(...manifestsIn(ENTRY));
});

test.run();
