/** What a wildcard stands for: one label in an Ingress, any number of them in the Gateway API. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../../src/checks/index.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const codesIn = (...documents: string[]) =>
  runChecks(surfaceOf(splitDocuments(Buffer.from(documents.join('---\n'))))).findings.map(
    ({ code }) => code,
  );

const service = `apiVersion: v1
kind: Service
metadata: {name: michelangelo-apiserver}
spec: {ports: [{name: grpc, port: 15566}]}
`;
const worker = (host: string) => `apiVersion: v1
kind: ConfigMap
metadata: {name: worker}
data: {base.yaml: "worker: {address: '${host}:443', useTLS: true}"}
`;
const ingress = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: api}
spec:
  ingressClassName: nginx
  tls: [{hosts: ['*.example.com'], secretName: api}]
  rules: [{host: '*.example.com', http: {paths: [{path: /, backend: {service: {name: michelangelo-apiserver, port: {number: 15566}}}}]}}]
`;
const gateway = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public}
spec:
  gatewayClassName: contour
  listeners: [{name: https, protocol: HTTPS, port: 443, hostname: '*.example.com', tls: {certificateRefs: [{name: api}]}}]
`;
const route = (host: string) => `apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: {name: api}
spec:
  parentRefs: [{name: public}]
  hostnames: ['${host}']
  rules: [{backendRefs: [{name: michelangelo-apiserver, port: 15566}]}]
`;

for (const [host, isServed] of [
  ['api.example.com', true],
  ['api.blue.example.com', false],
] as const)
  test(`an Ingress for *.example.com ${isServed ? 'serves' : 'does not serve'} ${host}`, () => {
    const codes = codesIn(service, ingress, worker(host));
    assert.is(codes.includes('worker-address'), !isServed, codes.join());
  });

for (const host of ['api.example.com', 'api.blue.example.com'])
  test(`a route for ${host} is in the TLS of a listener for *.example.com`, () => {
    const codes = codesIn(service, gateway, route(host), worker(host));
    assert.not.ok(codes.includes('host-not-in-tls'), codes.join());
    assert.not.ok(codes.includes('worker-address'), codes.join());
  });

test.run();
