/** What becomes of a path on its way through an Ingress, for each controller's own annotation. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { redirectsAll } from '../../src/surface/redirects.ts';
import { rewritten } from '../../src/surface/rewritten-path.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const test = suite('rewritten path');

const MIDDLEWARES = 'traefik.ingress.kubernetes.io/router.middlewares';

/** An Ingress whose path leads to Service `web`, and Traefik's Middleware `first` with a spec. */
function surfaceWith(annotations: string, path: string, middleware: string, tls = '') {
  const text = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, namespace: ml, annotations: { ${annotations} } }
spec:
  ${tls}
  rules: [{ host: a.example.com, http: { paths: [{ path: ${path}, backend: { service: { name: web, port: { number: 80 } } } }] } }]
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: { name: first, namespace: ml }
spec: { ${middleware} }
`;
  return surfaceOf(splitDocuments(Buffer.from(text)));
}

for (const [annotations, path, url, expected, middleware = ''] of [
  ['nginx.ingress.kubernetes.io/rewrite-target: /v2/$2', '/a(/|$)(.*)', '/a/b', '/v2/b'],
  ['haproxy-ingress.github.io/rewrite-target: /v2/', '/a', '/a/b', '/v2/b'],
  ['haproxy-ingress.github.io/rewrite-target: /', '/a/', '/a/b', '/b'],
  ['haproxy-ingress.github.io/rewrite-target: /v2', '/a', '/c/b', undefined],
  ['haproxy.org/path-rewrite: /v2', '/a', '/a/b', '/v2'],
  ['haproxy.org/path-rewrite: "/a/(.*) /v2/\\\\1"', '/a', '/a/b', '/v2/b'],
  ['haproxy.org/path-rewrite: "/a /b /c"', '/a', '/a/b', undefined],
  ['nginx.org/rewrites: "serviceName=web rewrite=/v2/"', '/a', '/a/b', '/v2/b'],
  ['nginx.org/rewrites: "serviceName=other rewrite=/v2/"', '/a', '/a/b', '/a/b'],
  ['konghq.com/strip-path: "true"', '/a', '/a/b', '/b'],
  ['konghq.com/strip-path: "true"', '/~/a', '/a/b', '/b'],
  ['konghq.com/strip-path: "false"', '/a', '/a/b', '/a/b'],
  [`${MIDDLEWARES}: ml-first@kubernetescrd`, '/a', '/a/b', '/c', 'replacePath: { path: /c }'],
  [`${MIDDLEWARES}: ml-first@kubernetescrd`, '/a', '/a/b', '/c/a/b', 'addPrefix: { prefix: /c }'],
  [`${MIDDLEWARES}: ml-first@kubernetescrd`, '/a', '/a/b', '/b', 'stripPrefix: { prefixes: [/a] }'],
  [`${MIDDLEWARES}: ml-first@kubernetescrd`, '/a', '/ab', '/b', 'stripPrefix: { prefixes: [/a] }'],
  [`${MIDDLEWARES}: ml-first@kubernetescrd`, '/a', '/a/b', undefined, 'stripPrefixRegex: {}'],
  [`${MIDDLEWARES}: ml-first@kubernetescrd`, '/a', '/a/b', undefined, 'chain: {}'],
  [`${MIDDLEWARES}: ml-second@kubernetescrd`, '/a', '/a/b', undefined, 'headers: {}'],
  [`${MIDDLEWARES}: ml-first@kubernetescrd`, '/a', '/a/b', '/a/b', 'headers: {}'],
  ['konghq.com/strip-path: "true", nginx.org/rewrites: x', '/a', '/a/b', undefined],
  ['example.com/owner: platform', '/a', '/a/b', '/a/b'],
] as const)
  test(`${url} through ${annotations} ${middleware}`, () => {
    const surface = surfaceWith(annotations, path, middleware);
    const [entry] = surface.entries;
    const [first] = entry?.paths ?? [];
    assert.ok(entry && first);
    assert.is(rewritten(entry, first, url, surface.manifests).path, expected);
  });

test('a Middleware redirects all, or only what comes in without TLS, or nothing', () => {
  const redirects = (middleware: string, tls = '') => {
    const at = `${MIDDLEWARES}: ml-first@kubernetescrd`;
    const { entries, manifests } = surfaceWith(at, '/', middleware, tls);
    return entries.map((entry) => redirectsAll(entry, manifests));
  };
  const tls = 'tls: [{ hosts: [a.example.com], secretName: a }]';
  assert.equal(redirects('redirectScheme: { scheme: https }'), [true]);
  assert.equal(redirects('redirectScheme: { scheme: https }', tls), [false]);
  assert.equal(redirects('redirectRegex: { regex: a, replacement: b }', tls), [true]);
  assert.equal(redirects('headers: {}'), [false]);
});

test.run();
