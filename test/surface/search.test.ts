/** The search for roles that every rule relies on. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Manifests } from '../../src/manifests/manifests.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { requireParts } from '../../src/surface/require.ts';
import { unreadable } from '../../src/surface/role-problems.ts';
import { Surface } from '../../src/surface/surface.ts';
import { bootstrap, cluster } from '../rules/envoy-documents.ts';
import { configMap, renamedFrom, service } from '../rules/support.ts';

const test = suite('search for roles');

const ROLES = [
  'api-server',
  'envoy',
  'worker',
  'ui',
  'controller-manager',
  'api-entry',
  'app-entry',
];
const API = service('michelangelo-apiserver', '[{ port: 15566 }]');
const UI = configMap('ui', 'config.json', '{ "apiBaseUrl": "" }');

/** Looks for some roles only. */
function search(wanted: readonly string[], ...documents: string[]) {
  const chunks = splitDocuments(Buffer.from(documents.join('---\n')));
  const surface = new Surface(new Manifests(chunks));
  const absent = new Set(ROLES.filter((role) => !wanted.includes(role)));
  const problems = requireParts(surface, absent);
  return { surface, problems: [...surface.manifests.broken.map(unreadable), ...problems] };
}

/** Code and role or kind of each problem. */
function problems(wanted: readonly string[], ...documents: string[]): string[] {
  return search(wanted, ...documents).problems.map(({ code, message }) => {
    const role = ROLES.find((name) => message.endsWith(name) || message.includes(`${name} `));
    return `${code} ${role ?? ''}`.trim();
  });
}

const ingress = (name: string, backend: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name} }
spec: { rules: [{ http: { paths: [{ path: /, backend: { service: { name: ${backend} } } }] } }] }
`;

test('reads none of 5,000 ConfigMaps that can play no role', () => {
  // None of them is YAML: reading one would be a problem.
  const others = Array.from({ length: 5000 }, (_, index) =>
    configMap(`other-${index}`, 'a.txt', 'text').replace('data:', 'data: ]'),
  );
  const { surface, problems } = search(['ui'], ...others, UI);
  assert.equal(problems, []);
  assert.is(surface.only('ui')?.resource.name, 'ui');
});

test('finds a Service by port, by target port, by its name in the base, and inside prefixes', () => {
  for (const document of [
    service('a', '[{ port: 15566 }]'),
    service('a', '[{ port: 80, targetPort: 15566 }]'),
    service('a', '[{ port: 80 }]', renamedFrom('michelangelo-apiserver')),
    service('eu-michelangelo-apiserver-v2', '[{ port: 80 }]'),
  ])
    assert.ok(search(['api-server'], document).surface.apiServer, document);
  assert.equal(problems(['api-server'], service('my-michelangelo-apiservers', '[{ port: 80 }]')), [
    'role-missing api-server',
  ]);
});

test('prefers the Service with an address to its headless twin', () => {
  const headless = service('twin', '[{ port: 15566 }]').replace(
    'spec:',
    'spec:\n  clusterIP: None',
  );
  assert.is(
    search(['api-server'], headless, API).surface.apiServer?.name,
    'michelangelo-apiserver',
  );
});

test('a label for another role takes a Service out, whatever its port', () => {
  const label = '  labels: { network.michelangelo.api/role: envoy }\n';
  const proxy = service('proxy', '[{ port: 15566 }]', label);
  assert.is(search(['api-server'], proxy, API).surface.apiServer?.name, 'michelangelo-apiserver');
});

test('reports every role that is missing', () => {
  assert.equal(
    problems(ROLES, ''),
    ROLES.map((role) => `role-missing ${role}`),
  );
});

test('a broken Envoy does not also cost the entry that leads to it', () => {
  const broken = configMap('envoy', 'envoy.yaml', 'static_resources: [');
  const wanted = ['api-server', 'envoy', 'app-entry'];
  assert.equal(problems(wanted, API, broken, ingress('web', 'gateway')), ['document-syntax envoy']);
});

test('two API servers do not also cost the roles that depend on them', () => {
  const envoy = bootstrap({ clusters: [cluster('api', 'one:14566')] });
  const services = [service('one', '[{ port: 15566 }]'), service('two', '[{ port: 15566 }]')];
  const wanted = ['api-server', 'envoy', 'api-entry'];
  assert.equal(problems(wanted, ...services, envoy, ingress('api', 'other')), [
    'role-ambiguous api-server',
  ]);
});

test('a ConfigMap that is no YAML does not also cost the role that it may play', () => {
  const broken = `${configMap('worker', 'base.yaml', 'worker: { address: x }')}  b: [\n`;
  assert.equal(problems(['worker'], broken), ['input-syntax']);
});

test('two documents in one ConfigMap are no matter for a label', () => {
  const two = `${UI}  old.json: '{ "apiBaseUrl": "" }'\n`;
  const [problem] = search(['ui'], two).problems;
  assert.is(problem?.code, 'role-ambiguous');
  assert.is(problem?.found, 'config.json, old.json');
  assert.not.match(problem?.fix ?? '', 'network.michelangelo.api/role');
});

test('a label chooses, and a label in vain is said', () => {
  const label = '  labels: { network.michelangelo.api/role: ui }\n';
  const labelled = configMap('mine', 'config.json', '{ "apiBaseUrl": "" }', label);
  assert.is(search(['ui'], UI, labelled).surface.only('ui')?.resource.name, 'mine');
  assert.equal(problems(['ui'], UI, configMap('mine', 'a.txt', 'text', label)), [
    'target-missing ui',
  ]);
});

test('a broken document counts only with the key of a role at its top, in YAML or JSON', () => {
  const nested = configMap('a', 'values.yaml', 'celery:\n  worker:\n    address: {');
  const prose = configMap('b', 'README.md', 'worker: see above, address: none');
  assert.equal(problems(['worker'], nested, prose), ['role-missing worker']);
  assert.equal(problems(['worker'], configMap('c', 'base.yaml', 'worker: { address: ')), [
    'document-syntax worker',
  ]);
});

test('a broken document counts with its key anywhere between the outermost braces, and not deeper', () => {
  const [problem] = search(
    ['ui'],
    configMap('a', 'config.json', '{"title": "x", "apiBaseUrl": "x",}'),
  ).problems;
  assert.is(problem?.code, 'document-syntax');
  assert.is(problem?.path, 'data[config.json], line 1, column 34');
  const nested = configMap('a', 'board.json', '{"panels": [{"worker": {"address": 1}}],}');
  assert.equal(problems(['worker'], nested), ['role-missing worker']);
});

test('counts the document that is broken, without comments', () => {
  const broken = UI.replace('\ndata:', '\ndata: ]');
  const [problem] = search(['ui'], '# a comment\n', API, broken).problems;
  assert.match(problem?.path ?? '', /^document 2 of the input, line /);
});

test('a label with no role costs one problem, and so does one on another kind', () => {
  const typo = '  labels: { network.michelangelo.api/role: uii }\n';
  const unknown = configMap('ui', 'config.json', '{ "apiBaseUrl": "" }', typo);
  assert.equal(problems(['ui'], unknown), ['role-unknown']);
  const label = '  labels: { network.michelangelo.api/role: ui }\n';
  assert.is(search(['ui'], service('web', '[]', label)).problems.length, 1);
});

test('says that the same resource stands twice', () => {
  assert.match(search(['ui'], UI, UI).problems[0]?.message ?? '', 'the same resource');
});

test('says nothing about roles that are absent on purpose', () => {
  const two = [UI, UI.replace('name: ui', 'name: twin')];
  assert.equal(problems([], ...two, configMap('w', 'base.yaml', 'worker: [')), []);
});

test('names what it looked at, whatever style it is written in', () => {
  const [problem] = search(
    ['ui'],
    'kind: ConfigMap\nmetadata: { name: flow }\n',
    'kind: List\nitems:\n- kind: ConfigMap\n  metadata:\n    name: item\n',
  ).problems;
  assert.is(problem?.found, 'none of ConfigMap flow, ConfigMap item');
});

test.run();
