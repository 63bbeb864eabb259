/** Two Ingresses of one host and path, where a controller means them to be two. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../../src/checks/index.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: michelangelo-apiserver}
spec: {ports: [{name: grpc, port: 15566}]}
`;
const ingress = (name: string, annotations: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}, annotations: {${annotations}}}
spec:
  ingressClassName: nginx
  rules: [{host: api.example.com, http: {paths: [{path: /, backend: {service: {name: michelangelo-apiserver, port: {number: 15566}}}}]}}]
`;

for (const [annotations, isDuplicate] of [
  ['', true],
  ['nginx.ingress.kubernetes.io/canary: "false"', true],
  ['nginx.ingress.kubernetes.io/canary: "true"', false],
  ['nginx.org/mergeable-ingress-type: minion', false],
] as [string, boolean][])
  test(`an Ingress with ${annotations || 'no annotation'} ${isDuplicate ? 'is' : 'is not'} a duplicate`, () => {
    const documents = [SERVICE, ingress('first', ''), ingress('second', annotations)];
    const surface = surfaceOf(splitDocuments(Buffer.from(documents.join('---\n'))));
    const codes = runChecks(surface).findings.map(({ code }) => code);
    assert.is(codes.includes('duplicate-entry'), isDuplicate);
  });

test.run();
