/** Limits of an Ingress that stop one user, and those that stop a few. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { check } from '../../src/checks/entry-request-limit.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const NGINX = 'nginx.ingress.kubernetes.io';
const MIDDLEWARES = 'traefik.ingress.kubernetes.io/router.middlewares: ml-first@kubernetescrd';

/** `error` and `warning` for what is found at an Ingress of the API with an annotation, and a Middleware with a spec. */
function found(annotation: string, middleware = ''): string[] {
  const text = `apiVersion: v1
kind: Service
metadata: { name: michelangelo-apiserver, namespace: ml }
spec: { ports: [{ name: grpc, port: 15566 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: api, namespace: ml, annotations: { ${annotation} } }
spec:
  rules: [{ host: api.example.com, http: { paths: [{ path: /, backend: { service: { name: michelangelo-apiserver, port: { number: 15566 } } } }] } }]
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: { name: first, namespace: ml }
spec: { ${middleware} }
`;
  const surface = surfaceOf(splitDocuments(Buffer.from(text)));
  return (check.find?.(surface) ?? []).map(({ severity = 'error' }) => severity);
}

for (const [annotation, expected, middleware = ''] of [
  ['example.com/limit-rps: "1"', []],
  [`${NGINX}/limit-rps: "0"`, []],
  [`${NGINX}/limit-rps: "1"`, ['error']],
  [`${NGINX}/limit-rps: "2"`, ['warning']],
  [`${NGINX}/limit-rps: "4"`, ['warning']],
  [`${NGINX}/limit-rps: "5"`, []],
  [`${NGINX}/limit-rps: few`, []],
  [`${NGINX}/proxy-body-size: "0"`, []],
  [`${NGINX}/proxy-body-size: 64k`, ['error']],
  [`${NGINX}/proxy-body-size: "65537"`, ['warning']],
  [`${NGINX}/proxy-body-size: 1M`, []],
  [`${NGINX}/proxy-body-size: 1g`, []],
  [`${NGINX}/proxy-body-size: 1mb`, ['warning']],
  ['haproxy-ingress.github.io/proxy-body-size: 1mb', []],
  [MIDDLEWARES, ['error'], 'rateLimit: { average: 1 }'],
  [MIDDLEWARES, ['warning'], 'rateLimit: { average: 4 }'],
  [MIDDLEWARES, [], 'rateLimit: { average: 5 }'],
  [MIDDLEWARES, ['error'], 'inFlightReq: { amount: 2 }'],
  [MIDDLEWARES, ['warning'], 'inFlightReq: { amount: 3 }'],
  [MIDDLEWARES, [], 'headers: {}'],
] as [string, string[], string?][])
  test(`${annotation} ${middleware}`, () => {
    assert.equal(found(annotation, middleware), expected);
  });

test.run();
