/** What an Ingress does today that another controller, or a Gateway, would not do. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { entryLosses } from '../../src/rules/entry-losses.ts';
import { apply, service } from './support.ts';

const test = suite('entry-losses');

const API = service('michelangelo-apiserver', '[{ port: 15566 }]');
const path = (name: string, at: string) =>
  `{ path: ${at}, pathType: Prefix, backend: { service: { name: ${name} } } }`;
const entry = (annotations: string, paths = path('michelangelo-apiserver', '/')) =>
  `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: grpc, annotations: { ${annotations} } }
spec:
  ingressClassName: nginx
  rules: [{ host: api.old, http: { paths: [${paths}] } }]
`;
const run = (way: string, ...documents: string[]) =>
  apply(entryLosses, `absent: [app-entry]\nentry: { ${way} }`, API, ...documents);
const found = (way: string, document: string) =>
  run(way, document).problems.map((problem) => [problem.path, problem.found]);

const ALLOWED = 'nginx.ingress.kubernetes.io/whitelist-source-range';
const NGINX = `${ALLOWED}: 10.0.0.0/8, nginx.ingress.kubernetes.io/backend-protocol: GRPC`;
const GATEWAY = 'gateway: { className: eg }';

test('names what nothing reads any more, and not the marks that are translated', () => {
  const lost = [['metadata.annotations', `\`${ALLOWED}\``]];
  assert.equal(found('ingress: { controller: traefik }', entry(NGINX)), lost);
  assert.equal(found(GATEWAY, entry(NGINX)), lost);
  assert.equal(found(`ingress: { className: nginx }, ${GATEWAY}`, entry(NGINX)), lost);
});

test('says nothing where the controller stays, or where nothing reads the annotation today', () => {
  assert.equal(found('ingress: { controller: ingress-nginx }', entry(NGINX)), []);
  assert.equal(found('ingress: { className: nginx }', entry(NGINX)), []);
  const other = 'konghq.com/plugins: a, nginx.ingress.kubernetes.io/ssl-redirect: "true"';
  assert.equal(found(GATEWAY, entry(`${other}, example.com/owner: us`)), []);
});

test('takes a loss that the config gives up, and takes the annotation away', () => {
  const drop = `drop: [${ALLOWED}]`;
  const { problems, edits } = run(`ingress: { controller: traefik, ${drop} }`, entry(NGINX));
  assert.equal(problems, []);
  assert.equal(edits, [
    `remove Ingress grpc /metadata/annotations/${ALLOWED.replace('/', '~1')} <- spec.entry.ingress.drop`,
  ]);
  assert.equal(found(`gateway: { className: eg, ${drop} }`, entry(NGINX)), []);
});

test('names annotations of the Service, and of external-dns where the Ingress goes', () => {
  const cloud = API.replace(
    'spec:',
    '  annotations: { cloud.google.com/backend-config: x }\nspec:',
  );
  const gce = entry('kubernetes.io/ingress.allow-http: "false"').replace('nginx', 'gce');
  const { problems } = apply(entryLosses, `absent: [app-entry]\nentry: { ${GATEWAY} }`, cloud, gce);
  assert.equal(
    problems.map((problem) => problem.found),
    ['`kubernetes.io/ingress.allow-http`', '`cloud.google.com/backend-config`'],
  );
  const dns = (name: string) => entry(`external-dns.alpha.kubernetes.io/${name}: x`);
  const [lost, ...more] = run(GATEWAY, dns('target')).problems;
  assert.equal(more, []);
  assert.match(lost?.message ?? '', /^annotations that external-dns reads/);
  const written = 'annotations: { external-dns.alpha.kubernetes.io/target: x }';
  assert.equal(found(`gateway: { className: eg, ${written} }`, dns('target')), []);
  assert.equal(found(GATEWAY, dns('hostname')), []);
});

test('names paths that one route to one Service would not have', () => {
  const api = (at: string) => path('michelangelo-apiserver', at);
  const lost = (paths: string) => found(GATEWAY, entry('', paths));
  assert.equal(lost(`${api('/')}, ${path('login', '/oauth2')}`), [['spec.rules', '`/oauth2`']]);
  assert.equal(lost(api('/ml(/|$)(.*)')), [['spec.rules', '`/ml(/|$)(.*)`']]);
  assert.equal(lost(`${api('/')}, ${api('/ml')}`), []);
  // A rule of others stays where it is.
  const beside = `${api('/')}] } }, { host: api.old, http: { paths: [${path('login', '/oauth2')}`;
  assert.equal(lost(beside), []);
  const drop = 'gateway: { className: eg, drop: [/oauth2] }';
  assert.equal(found(drop, entry('', `${api('/')}, ${path('login', '/oauth2')}`)), []);
});

test('names paths that another Ingress has for the host, and not those of the other role', () => {
  const page = entry('', path('page', '/')).replace('name: grpc', 'name: page');
  const lost = (other: string) =>
    run(GATEWAY, `${entry('')}---\n${other}`).problems.map((problem) => problem.found);
  assert.equal(lost(page), ['`/`']);
  assert.equal(lost(page.replace('name: page }', 'name: michelangelo-envoy }')), []);
});

test.run();
