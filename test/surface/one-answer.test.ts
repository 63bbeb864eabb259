/**
 * Function, checks and map give one answer.
 *
 * What the function writes, the checks accept: over every golden output they find nothing that its input did not have. And a link on
 * the map is red exactly where a check reports it, over golden outputs, sound manifests and every planted failure.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding } from '../../src/checks/check.ts';
import { runChecks } from '../../src/checks/index.ts';
import { loadConfig } from '../../src/config/load.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { trafficMap } from '../../src/report/map/build.ts';
import { brokenLinks } from '../../src/report/map/traffic-map.ts';
import { type Surface, surfaceOf } from '../../src/surface/surface.ts';
import { streamOf } from '../checks/plant-each.ts';
import { PLANTINGS } from '../checks/plantings.ts';
import { asView, label, newIn, planted, type Stream } from '../checks/support.ts';

/** Findings about links: the rest is about marks, certificates, policies, which are no lines on the map. */
const ABOUT_LINKS = [
  'backend-missing',
  'backend-tls',
  'reference-missing',
  'worker-address',
  'task-pods-address',
  'ui-url',
];

/** References that the map does not draw. */
const NOT_DRAWN =
  /there is no (?:Cluster)?Issuer|a route leads to cluster|^spec\.acme|the other pods lead nowhere| names \S+, and (?:there is no )?Service/;

const folder = fileURLToPath(new URL('../cases', import.meta.url));
const cases = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'expected.yaml')));

// Awaited before any suite runs: uvu counts those that run together.
const streams = new Map<string, Stream>();
for (const place of new Set(PLANTINGS.flatMap((planting) => planting.in)))
  streams.set(place, await streamOf(place));

const accepted = suite('what the function writes');

accepted('there are golden outputs', () => {
  assert.ok(cases.length > 100);
});

for (const name of cases)
  accepted(`the checks accept ${name}`, () => {
    const before = runChecks(viewOf(name, 'input.yaml')).findings;
    const after = viewOf(name, 'expected.yaml');
    const { findings } = runChecks(after);
    // What the function warns of itself is no surprise.
    const said = existsSync(join(folder, name, 'warnings.txt'))
      ? readFileSync(join(folder, name, 'warnings.txt'), 'utf8')
      : '';
    const surprising = newIn(before, findings).filter(
      ({ code, message }) =>
        !said.includes(`${message} [${code}]`) &&
        // Said of the issuer, and found at what asks it.
        !(code === 'acme-no-challenge' && said.includes('no solver of it takes the new one')),
    );
    assert.equal(surprising.map(label), []);
    assert.equal(redOn(after), linksIn(findings));
  });

accepted.run();

const failures = suite('what is planted');

for (const planting of PLANTINGS)
  for (const place of planting.in)
    failures(`map and checks agree in ${place}: ${planting.name}`, () => {
      const surface = asView(planted(streams.get(place) as Stream, planting.plant));
      assert.equal(redOn(surface), linksIn(runChecks(surface).findings));
    });

failures.run();

const disagreements = suite('answers that differed');

const CONFIG_MAP = (key: string, text: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata:\n  ${key}: |\n${text.replace(/^/gm, '    ')}\n`;

disagreements('a worker and an Envoy are found under any key', () => {
  const worker = surfaceOf(
    documents(CONFIG_MAP('worker.conf', 'worker: {address: "https://a/b"}')),
  );
  assert.equal(runChecks(worker).findings.map(label), ['worker-address ConfigMap config']);
  const text = `static_resources:
  listeners:
    - filter_chains:
        - filters:
            - typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: gone}}]}]}
  clusters: []`;
  const envoy = surfaceOf(documents(CONFIG_MAP('envoy.yaml.tmpl', text)));
  assert.ok(runChecks(envoy).findings.some(({ code }) => code === 'reference-missing'));
});

const envoyTo = (prefix: string) => `static_resources:
  listeners:
    - filter_chains:
        - filters:
            - typed_config:
                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: ${prefix}}, route: {cluster: api}}]}]}
  clusters:
    - name: api
      load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: michelangelo-apiserver, port_value: 15566}}}}]}]}`;

const UI = CONFIG_MAP('config.json', '{"apiBaseUrl": "https://app.example.com/api"}');
const WITHOUT_PATH = UI.replace('/api"', '"');
const APP = (path: string) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: app}
spec:
  tls: [{hosts: [app.example.com], secretName: app-tls}]
  rules: [{host: app.example.com, http: {paths: [{path: "${path}", backend: {service: {name: michelangelo-envoy, port: {number: 8081}}}}]}}]
`;

disagreements('a path that the UI keeps is wrong only where an entry shows it', () => {
  const codes = (...texts: string[]) =>
    runChecks(surfaceOf(documents(...texts))).findings.map(({ code }) => code);
  assert.not.ok(codes(UI).includes('ui-url'));
  assert.not.ok(codes(UI, APP('/api(/|$)(.*)')).includes('ui-url'));
  assert.ok(codes(UI, APP('/')).includes('ui-url'));
  const envoy = (prefix: string) => CONFIG_MAP('envoy.yaml', envoyTo(prefix));
  assert.ok(codes(UI, APP('/api(/|$)(.*)'), envoy('/')).includes('ui-url'));
  assert.not.ok(codes(UI, APP('/api(/|$)(.*)'), envoy('/api')).includes('ui-url'));
  assert.not.ok(codes(UI, APP('/api'), envoy('/api')).includes('ui-url'));
  for (const [path, annotation] of [
    ['/api(/|$)(.*)', 'nginx.ingress.kubernetes.io/rewrite-target: /$2'],
    ['/api/?(.*)', 'nginx.ingress.kubernetes.io/rewrite-target: /$1'],
    ['/api', 'konghq.com/strip-path: "true"'],
    ['/api', 'traefik.ingress.kubernetes.io/router.middlewares: ml-strip@kubernetescrd'],
  ] as const) {
    const entry = APP(path).replace('{name: app}', `{name: app, annotations: {${annotation}}}`);
    assert.not.ok(codes(UI, entry, envoy('/')).includes('ui-url'), annotation);
    // Nobody can tell which paths a middleware takes away.
    const isKnown = !annotation.includes('middlewares');
    assert.is(codes(WITHOUT_PATH, entry, envoy('/')).includes('ui-url'), isKnown, annotation);
  }
  assert.not.ok(codes(WITHOUT_PATH, APP('/michelangelo.api.v2'), envoy('/')).includes('ui-url'));
});

disagreements.run();

function documents(...texts: string[]) {
  return splitDocuments(Buffer.from(texts.join('---\n')));
}

function viewOf(name: string, file: string): Surface {
  const { settings } = loadConfig(readFileSync(join(folder, name, 'config.yaml'), 'utf8'));
  return surfaceOf(splitDocuments(readFileSync(join(folder, name, file))), { settings });
}

function redOn(surface: Surface): string[] {
  return unique(brokenLinks(trafficMap(surface)).map(({ broken = '' }) => broken));
}

function linksIn(findings: readonly Finding[]): string[] {
  return unique(
    findings
      .filter(({ code }) => ABOUT_LINKS.includes(code))
      .filter(({ message, path }) => !NOT_DRAWN.test(message) && !NOT_DRAWN.test(path ?? ''))
      .map(({ message }) => message),
  );
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
