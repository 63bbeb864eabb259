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
  harmless('it holds for sidecars as well', (spec) => {
    spec.gateways = ['mesh', 'studio/edge'];
  }),
  harmless('a wildcard of the Gateway has its host', (spec) => {
    spec.hosts = ['calls.wild.example.net'];
  }),
  harmless('its Gateway is in another stream', (spec) => {
    spec.gateways = ['istio-system/public'];
  }),
  harmless('calls have no end', (spec) => {
    spec.http[0].timeout = '0s';
  }),
];

await plantEach(CHANGES, (manifests) => {
  manifests.push(...manifestsIn(ENTRY));
});

test.run();
