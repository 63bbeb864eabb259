/** Which requests the path of an entry takes. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ControllerName } from '../../src/controllers/index.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { takes } from '../../src/surface/path-match.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const test = suite('paths of entries');

const NGINX: ControllerName[] = ['ingress-nginx'];
const REGEX = 'nginx.ingress.kubernetes.io/use-regex: "true"';

function answer(
  controllers: ControllerName[],
  [path, pathType]: readonly [string, string],
  url: string,
  annotations = '',
): boolean | undefined {
  const text = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web, annotations: { ${annotations} } }
spec:
  rules: [{ host: a.example.com, http: { paths: [{ path: '${path}', pathType: ${pathType}, backend: { service: { name: web, port: { number: 80 } } } }] } }]
`;
  const [entry] = surfaceOf(splitDocuments(Buffer.from(text))).entries;
  const [first] = entry?.paths ?? [];
  assert.ok(entry && first);
  return takes({ ...entry, controllers }, first, url);
}

for (const [controllers, path, url, expected, annotations] of [
  [NGINX, ['/a', 'Exact'], '/a', true],
  [NGINX, ['/a', 'Exact'], '/a/b', false],
  [NGINX, ['/a', 'Prefix'], '/a', true],
  [NGINX, ['/a', 'Prefix'], '/a/b', true],
  [NGINX, ['/a/', 'Prefix'], '/a/b', true],
  [NGINX, ['/a', 'Prefix'], '/ab', false],
  [NGINX, ['/a', 'Prefix'], '/b', false],
  [NGINX, ['/', 'Prefix'], '/b', true],
  [['traefik'], ['/a', 'Prefix'], '/ab', true],
  [['traefik', 'nginx-inc'], ['/a', 'Prefix'], '/ab', true],
  [['traefik', 'kong'], ['/a', 'Prefix'], '/ab', undefined],
  [[], ['/a', 'Prefix'], '/ab', undefined],
  [['traefik'], ['/a', 'ImplementationSpecific'], '/ab', undefined],
  [['gke'], ['/a*', 'ImplementationSpecific'], '/ab', true],
  [['gke'], ['/a/*', 'ImplementationSpecific'], '/b', false],
  [['kong'], ['/a(.*)', 'ImplementationSpecific'], '/ab', undefined],
  [NGINX, ['/a(/|$)(.*)', 'ImplementationSpecific'], '/A/b', true, REGEX],
  [NGINX, ['/a(/|$)(.*)', 'ImplementationSpecific'], '/ab', false, REGEX],
  // Whether Kong reads it as an expression is not known; either way it does not take this one.
  [['kong'], ['/a(/|$)(.*)', 'ImplementationSpecific'], '/ab', false, REGEX],
  [['kong'], ['/a(/|$)(.*)', 'ImplementationSpecific'], '/a/b', undefined, REGEX],
  [NGINX, ['/a(', 'ImplementationSpecific'], '/a', undefined, REGEX],
] as [ControllerName[], [string, string], string, boolean | undefined, string?][])
  test(`${url} at ${path.join(' ')} of ${controllers.join(' or ') || 'any controller'} ${annotations ?? ''}`, () => {
    assert.is(answer(controllers, path, url, annotations), expected);
  });

test.run();
