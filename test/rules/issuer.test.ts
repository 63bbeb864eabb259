import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { issuer } from '../../src/rules/issuer.ts';
import { getIn } from '../../src/yaml/json.ts';
import { ABSENT, API, API_INGRESS, BASE, ENVOY_SERVICE, ROUTED } from './manifests.ts';
import { apply } from './support.ts';

const test = suite('issuer');

const acme = (more = '') => `tls: { mode: acme, acme: { email: a@b.example${more} } }\n`;
const made = (spec: string, documents = BASE) => apply(issuer, ABSENT + spec, ...documents).added;
const solvers = (spec: string, documents = BASE) =>
  getIn(made(spec, documents)[0]?.json, ['spec', 'acme', 'solvers']);

test('is a ClusterIssuer with the name of the environment, and in no namespace', () => {
  const [added] = made(acme());
  assert.is(added?.name, 'ClusterIssuer michelangelo-test');
  assert.equal(added?.json['metadata'], { name: 'michelangelo-test' });
  assert.is(added?.field, 'spec.tls.acme');
});

test('keeps an account for each server', () => {
  const account = (server: string) =>
    getIn(made(acme(`, server: "${server}"`))[0]?.json, [
      'spec',
      'acme',
      'privateKeySecretRef',
      'name',
    ]);
  const servers = ['production', 'staging', 'web', 'api'].map((name) =>
    name.length > 3 ? name : `https://CA.example.com:9000/acme/${name}/directory`,
  );
  assert.equal(servers.map(account), [
    'michelangelo-test-production-account',
    'michelangelo-test-staging-account',
    'michelangelo-test-ca-example-com-9000-acme-web-account',
    'michelangelo-test-ca-example-com-9000-acme-api-account',
  ]);
});

test('lets the challenge in by the class that the entry has', () => {
  const byClass = (className: string) => [{ http01: { ingress: { ingressClassName: className } } }];
  assert.equal(solvers(acme()), byClass('nginx'));
  assert.equal(solvers(`${acme()}entry: { ingress: { controller: contour } }`), byClass('contour'));
  assert.equal(solvers(`${acme()}entry: { ingress: { className: edge } }`), byClass('edge'));
  const annotated = BASE.map((document) =>
    document
      .replace('  ingressClassName: nginx\n', '')
      .replace('annotations: {}', 'annotations: { kubernetes.io/ingress.class: old }'),
  );
  assert.equal(solvers(acme(), annotated), byClass('old'));
  const given = 'controller: haproxy, annotations: { kubernetes.io/ingress.class: inside }';
  assert.equal(solvers(`${acme()}entry: { ingress: { ${given} } }`), byClass('inside'));
});

test('lets the challenge in by the Gateways of a base that has one route for each', () => {
  const routed = ROUTED.filter((document) => !document.includes('name: to-https'));
  const edge = { group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'edge' };
  assert.equal(solvers(acme(), routed), [{ http01: { gatewayHTTPRoute: { parentRefs: [edge] } } }]);
});

test("names the class as GKE's controller reads it", () => {
  const spec = `${acme()}entry: { api: { gateway: { className: a } }, app: { ingress: { controller: gke } } }`;
  const [, app] = solvers(spec) as unknown[];
  assert.equal(app, {
    selector: { dnsNames: ['app.ml.example.com'] },
    http01: { ingress: { class: 'gce' } },
  });
});

test('an Issuer has to be beside the Gateway that asks, and not beside one of plain HTTP', () => {
  const gateway = (
    name: string,
    metadata: string,
    listener: string,
  ) => `apiVersion: ${DEFAULTS.group}/v1
kind: Gateway
metadata: { name: ${name}, ${metadata} }
spec: { listeners: [{ name: all, allowedRoutes: { namespaces: { from: All } }, ${listener} }] }
`;
  const route = (name: string, parent: string, backend: string) => `apiVersion: ${DEFAULTS.group}/v1
kind: HTTPRoute
metadata: { name: ${name}, namespace: ml }
spec:
  parentRefs: [{ ${parent} }]
  hostnames: [${name}.old]
  rules: [{ backendRefs: [{ name: ${backend} }] }]
`;
  const asking = 'namespace: edge, annotations: { cert-manager.io/issuer: ours }';
  const documents = [
    ...[API, ENVOY_SERVICE].map((each) => each.replace('metadata:', '$&\n  namespace: ml')),
    gateway('front', asking, 'protocol: HTTPS, port: 443, tls: { certificateRefs: [{ name: a }] }'),
    gateway('plain', 'namespace: inside', 'protocol: HTTP, port: 80'),
    route('api', 'name: front, namespace: edge', 'michelangelo-apiserver'),
    route('app', 'name: plain, namespace: inside', 'michelangelo-envoy'),
  ];
  const absent = 'absent: [worker, ui, envoy, controller-manager]\n';
  const tls = 'tls: { mode: issuer, issuer: { name: ours, kind: Issuer } }';
  const { problems } = apply(issuer, absent + tls, ...documents);
  assert.equal(
    problems.map(({ resource }) => resource?.name),
    ['front'],
  );
});

/** Written out, as the API server would. */
const DEFAULTS = { group: 'gateway.networking.k8s.io', kind: 'Gateway' };

test('answers by the Ingress while an entry moves, and by the Gateway afterwards', () => {
  const gateway = 'gateway: { className: contour }';
  const [moving] = solvers(
    `${acme()}entry: { ingress: { controller: traefik }, ${gateway} }`,
  ) as unknown[];
  assert.equal(moving, { http01: { ingress: { ingressClassName: 'traefik' } } });
  const parentRefs = [{ ...DEFAULTS, name: 'michelangelo-envoy-entry' }];
  assert.equal(solvers(`${acme()}entry: { ${gateway} }`), [
    { http01: { gatewayHTTPRoute: { parentRefs } } },
  ]);
});

test('lets the challenge in at any listener of a Gateway that exists', () => {
  const parents = 'parentRefs: [{ name: edge, namespace: infra, sectionName: https, port: 443 }]';
  assert.equal(solvers(`${acme()}entry: { gateway: { ${parents} } }`), [
    {
      http01: {
        gatewayHTTPRoute: { parentRefs: [{ ...DEFAULTS, name: 'edge', namespace: 'infra' }] },
      },
    },
  ]);
  assert.equal(solvers(acme(), ROUTED), [
    { http01: { gatewayHTTPRoute: { parentRefs: [{ ...DEFAULTS, name: 'edge' }] } } },
  ]);
});

test('takes a solver as it is given', () => {
  assert.equal(solvers(acme(', solver: { route53: { region: a } }')), [
    { dns01: { route53: { region: 'a' } } },
  ]);
  assert.equal(
    solvers(acme(', solver: { selector: { dnsZones: [a] }, dns01: { cloudflare: {} } }')),
    [{ selector: { dnsZones: ['a'] }, dns01: { cloudflare: {} } }],
  );
});

test('signs with the CA in the Secret, in its own namespace as an Issuer', () => {
  const spec =
    'tls: { mode: ca, trust: preinstalled, ca: { secretName: team-ca }, issuer: { kind: Issuer } }';
  const placed = BASE.map((document) =>
    document.replace(/^metadata:$/m, 'metadata:\n  namespace: ml'),
  );
  const [added] = made(spec, placed);
  assert.is(added?.name, 'Issuer ml/michelangelo-test');
  assert.equal(added?.json['spec'], { ca: { secretName: 'team-ca' } });
  assert.is(added?.field, 'spec.tls.ca');
});

test('makes none where one exists, or where nobody is asked', () => {
  for (const tls of ['{ mode: issuer, issuer: { name: a } }', '{ mode: secret }', '{ mode: none }'])
    assert.equal(made(`tls: ${tls}`, [...BASE, API_INGRESS].slice(0, -1)), []);
});

test.run();
