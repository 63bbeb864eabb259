/** Paths: what they take, and what arrives of it. */
import { test } from 'uvu';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { editDocument, find, type Manifest } from './support.ts';

const NGINX = 'nginx.ingress.kubernetes.io';

const ingress = (manifests: Manifest[], word: 'apiserver' | 'envoy'): Manifest =>
  manifests.find(
    ({ kind, spec }) =>
      kind === 'Ingress' && spec.rules[0].http.paths[0].backend.service.name.includes(word),
  );
const setPath =
  (
    word: 'apiserver' | 'envoy',
    path: string,
    pathType: string,
    marks: Record<string, string> = {},
  ) =>
  (manifests: Manifest[]) => {
    const { metadata, spec } = ingress(manifests, word);
    Object.assign(spec.rules[0].http.paths[0], { path, pathType });
    metadata.annotations = { ...metadata.annotations, ...marks };
  };
const both =
  (...plants: ((manifests: Manifest[]) => void)[]) =>
  (manifests: Manifest[]) => {
    for (const plant of plants) plant(manifests);
  };
const callUnder = (path: string) => (manifests: Manifest[]) =>
  editDocument(manifests, 'ui', 'config.json', (config) => {
    config.apiBaseUrl = `${config.apiBaseUrl}${path}`;
  });
const rewriteTo = (target: string) => ({ [`${NGINX}/rewrite-target`]: target });

const TAKEN: readonly PlantedChange[] = [
  ...(['apiserver', 'envoy'] as const).map(
    (word): PlantedChange => ({
      name: `${word}: / alone`,
      code: 'path-not-led',
      in: ['production', 'sound.yaml', 'sound-contour.yaml', 'staging'],
      plant: setPath(word, '/', 'Exact'),
    }),
  ),
  {
    name: 'a beginning that is no element, and one host for the page beside it',
    code: 'path-not-led',
    in: ['production', 'sound-contour.yaml'],
    plant: setPath('apiserver', '/michelangelo.api.', 'Prefix'),
  },
  {
    name: 'a beginning that goes letter by letter',
    in: ['staging'],
    plant: setPath('apiserver', '/michelangelo.api.', 'Prefix'),
  },
  {
    name: "a beginning in the controller's own reading",
    in: ['production', 'sound.yaml'],
    plant: setPath('apiserver', '/michelangelo.api.', 'ImplementationSpecific'),
  },
  {
    name: 'an expression',
    in: ['production', 'sound.yaml'],
    plant: setPath('apiserver', '/michelangelo\\.api\\.v2\\..*', 'ImplementationSpecific', {
      [`${NGINX}/use-regex`]: 'true',
    }),
  },
  {
    name: 'an expression for another version',
    code: 'path-not-led',
    in: ['production', 'sound.yaml'],
    plant: setPath('apiserver', '/michelangelo\\.api\\.v1\\.', 'ImplementationSpecific', {
      [`${NGINX}/use-regex`]: 'true',
    }),
  },
  {
    name: 'a route with a beginning that is no element',
    code: 'path-not-led',
    in: ['onprem'],
    plant: (manifests) => {
      const [rule] = find(manifests, 'HTTPRoute', '-apiserver').spec.rules;
      rule.matches[0].path.value = '/michelangelo.api.v2';
    },
  },
  {
    name: 'a route with an expression that has to match the whole path',
    code: 'path-not-led',
    in: ['onprem'],
    plant: (manifests) => {
      const [rule] = find(manifests, 'HTTPRoute', '-apiserver').spec.rules;
      rule.matches[0].path = { type: 'RegularExpression', value: '/michelangelo.api.v2' };
    },
  },
  {
    name: 'a route with an expression that does',
    in: ['onprem'],
    plant: (manifests) => {
      const [rule] = find(manifests, 'HTTPRoute', '-apiserver').spec.rules;
      rule.matches[0].path = { type: 'RegularExpression', value: '/michelangelo\\.api\\.v2\\..+' };
    },
  },
];

const REWRITTEN: readonly PlantedChange[] = [
  ...(['apiserver', 'envoy'] as const).map(
    (word): PlantedChange => ({
      name: `${word}: everything becomes /`,
      code: 'rewrite-breaks-calls',
      in: ['production', 'sound.yaml'],
      plant: setPath(word, '/', 'Prefix', rewriteTo('/')),
    }),
  ),
  {
    name: 'what is caught is kept',
    in: ['production', 'sound.yaml'],
    plant: setPath('apiserver', '/(.*)', 'ImplementationSpecific', rewriteTo('/$1')),
  },
  {
    name: 'a rewrite puts something behind the path of calls to Envoy',
    code: 'rewrite-breaks-calls',
    in: ['production'],
    plant: setPath('envoy', '/(.*)', 'ImplementationSpecific', rewriteTo('/$1/v2')),
  },
  {
    name: 'a route replaces the path',
    code: 'rewrite-breaks-calls',
    in: ['onprem'],
    plant: (manifests) => {
      const [rule] = find(manifests, 'HTTPRoute', '-apiserver').spec.rules;
      rule.filters = [
        {
          type: 'URLRewrite',
          urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: '/' } },
        },
      ];
    },
  },
  {
    name: 'a route puts a prefix in front',
    code: 'rewrite-breaks-calls',
    in: ['sound-gateway.yaml'],
    plant: (manifests) => {
      const route = find(manifests, 'GRPCRoute');
      route.kind = 'HTTPRoute';
      find(manifests, 'ReferenceGrant', 'routes').spec.from[0].kind = 'HTTPRoute';
      find(manifests, 'BackendTrafficPolicy').spec.targetRefs[0].kind = 'HTTPRoute';
      route.spec.rules[0].filters = [
        {
          type: 'URLRewrite',
          urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/v2' } },
        },
      ];
    },
  },
  {
    name: 'a middleware takes the package away',
    code: 'rewrite-breaks-calls',
    in: ['staging'],
    plant: (manifests) => {
      const { metadata } = ingress(manifests, 'apiserver');
      metadata.annotations['traefik.ingress.kubernetes.io/router.middlewares'] =
        `${metadata.namespace}-strip@kubernetescrd`;
      manifests.push({
        apiVersion: 'traefik.io/v1alpha1',
        kind: 'Middleware',
        metadata: { name: 'strip', namespace: metadata.namespace },
        spec: { stripPrefix: { prefixes: ['/michelangelo.api.v2'] } },
      });
    },
  },
  {
    name: 'a middleware that takes another prefix away',
    in: ['staging'],
    plant: (manifests) => {
      const { metadata } = ingress(manifests, 'apiserver');
      metadata.annotations['traefik.ingress.kubernetes.io/router.middlewares'] =
        `${metadata.namespace}-strip@kubernetescrd`;
      manifests.push({
        apiVersion: 'traefik.io/v1alpha1',
        kind: 'Middleware',
        metadata: { name: 'strip', namespace: metadata.namespace },
        spec: { stripPrefix: { prefixes: ['/grpc'] } },
      });
    },
  },
];

const CALLED: readonly PlantedChange[] = [
  {
    name: 'the page calls under a path that its entry takes away',
    in: ['production', 'sound.yaml'],
    plant: both(
      callUnder('/rpc'),
      setPath('envoy', '/(rpc|grpc)/(.*)', 'ImplementationSpecific', rewriteTo('/$2')),
    ),
  },
  {
    name: 'the page calls under a path that its entry makes something else of',
    code: 'ui-url',
    in: ['production', 'sound.yaml'],
    plant: both(
      callUnder('/rpc'),
      setPath('envoy', '/(rpc)(/.*)', 'ImplementationSpecific', rewriteTo('/$1/v2$2')),
    ),
  },
  {
    name: 'the page calls under another path than its entry has',
    code: 'ui-url',
    in: ['production', 'sound.yaml'],
    plant: both(
      callUnder('/api'),
      setPath('envoy', '/rpc(/|$)(.*)', 'ImplementationSpecific', rewriteTo('/$2')),
    ),
  },
  {
    name: 'the page calls without a path, and its entry takes one away from every call',
    code: 'ui-url',
    in: ['production', 'sound.yaml'],
    plant: setPath('envoy', '/rpc(/|$)(.*)', 'ImplementationSpecific', rewriteTo('/$2')),
  },
  {
    name: 'the page calls under a path that nothing takes away',
    code: 'ui-url',
    in: ['production', 'sound.yaml'],
    plant: callUnder('/api'),
  },
  {
    name: 'a middleware may take it away',
    in: ['staging'],
    plant: both(callUnder('/api'), (manifests) => {
      const { metadata } = ingress(manifests, 'envoy');
      metadata.annotations['traefik.ingress.kubernetes.io/router.middlewares'] =
        'shared-strip-api@kubernetescrd';
    }),
  },
];

await plantEach([...TAKEN, ...REWRITTEN, ...CALLED]);

test.run();
