/** Names that every object of JavaScript has, in every place of manifests and of a config: they are names like others. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../src/checks/index.ts';
import { formatProblems } from '../src/errors.ts';
import { splitDocuments } from '../src/protocol/documents.ts';
import { callFunction } from '../src/report/call.ts';
import { changesOf } from '../src/report/changes.ts';
import { reportOn } from '../src/report/overlay-report.ts';
import { page } from '../src/report/page/page.ts';
import { surfaceOf } from '../src/surface/surface.ts';
import { isObject, type Json } from '../src/yaml/json.ts';

const NAMES = [
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'isPrototypeOf',
];

const read = (name: string, file: string) =>
  readFileSync(new URL(`cases/${name}/${file}`, import.meta.url), 'utf8');

/** Every way to put a name in the place of a text or of a key. */
function* planted(json: Json, name: string): Generator<Json> {
  if (typeof json === 'string') {
    yield name;
    // In front of a document, and in the places of hosts and addresses.
    if (json.includes('\n')) yield `${name}: ${name}\n${json}`;
    else yield `${name}.${name}:${name}`;
  } else if (Array.isArray(json)) {
    for (const [index, item] of json.entries())
      for (const one of planted(item, name)) yield json.with(index, one);
  } else if (isObject(json)) {
    yield { ...json, [name]: { [name]: name } };
    for (const [key, item] of Object.entries(json)) {
      for (const one of planted(item, name)) yield { ...json, [key]: one };
      const { [key]: _, ...others } = json;
      yield { ...others, [name]: item };
    }
  }
}

function valuesOf(text: string): Json[] {
  return splitDocuments(Buffer.from(text)).flatMap(({ json }) => (isObject(json) ? [json] : []));
}

/** Throws where the program has a fault of its own. */
function useAll(config: string, stream: string, where: string): void {
  const call = callFunction(config, Buffer.from(stream));
  assert.not.match(formatProblems(call.result.problems), '[internal]', where);
  changesOf(call);
  for (const manifests of call.output.length > 0
    ? [call.output, Buffer.from(stream)]
    : [Buffer.from(stream)])
    runChecks(surfaceOf(splitDocuments(manifests), { name: 'o', settings: call.loaded.settings }));
}

/** A call takes milliseconds, and there are thousands: this many are made, spread over all places and names. */
const STEP = Number(process.env['FOREIGN_NAMES_STEP'] ?? 97);

const names = suite("names of JavaScript's objects");

for (const name of ['tls-at-envoy-secret', 'gateway-issuer'])
  names(`in any place of the manifests of ${name}`, () => {
    const documents = valuesOf(read(name, 'input.yaml'));
    const config = read(name, 'config.yaml');
    let count = 0;
    for (const own of NAMES)
      for (const [index, document] of documents.entries())
        for (const changed of planted(document, own)) {
          count += 1;
          if (count % STEP !== 0) continue;
          const stream = documents.with(index, changed).map((one) => JSON.stringify(one));
          useAll(config, stream.join('\n---\n'), JSON.stringify(changed));
        }
  });

names('in any place of a config', () => {
  const input = read('tls-acme', 'input.yaml');
  const [config] = valuesOf(read('controller-alb', 'config.yaml'));
  assert.ok(config);
  for (const own of NAMES)
    for (const changed of planted(config, own))
      useAll(JSON.stringify(changed), input, JSON.stringify(changed));
});

names('as the kind, the class and the controller of an entry, on a page', () => {
  const [name] = NAMES;
  const stream = `${read('tls-secret', 'input.yaml').replace(/ingressClassName: .*/, '')}---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  namespace: ${name}
  annotations: {kubernetes.io/ingress.class: ${name}, ${name}: ${name}}
spec:
  ingressClassName: ${name}
  rules:
  - host: ${name}.example.com
    http: {paths: [{path: /, pathType: ${name}, backend: {service: {name: ${name}, port: {name: ${name}}}}}]}
---
apiVersion: ${name}/v1
kind: ${name}
metadata: {name: ${name}}
`;
  const call = callFunction(read('tls-secret', 'config.yaml'), Buffer.from(stream));
  assert.not.match(formatProblems(call.result.problems), '[internal]');
  page(reportOn([{ overlay: name ?? '', manifests: Buffer.from(stream), calls: [call] }]));
});

names('as the name of a filter under which a policy would have to be added', async () => {
  const config = readFileSync(
    new URL('../overlays/production/domain.yaml', import.meta.url),
    'utf8',
  );
  const input = readFileSync(new URL('../base/envoy/envoy.yaml', import.meta.url), 'utf8');
  const named = input.replace('- name: envoy.filters.http.cors', '- name: __proto__');
  assert.is.not(named, input);
  const data = JSON.stringify({ 'envoy.yaml': named });
  const stream = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: envoy}\ndata: ${data}\n`;
  const { result } = callFunction(
    config,
    Buffer.from(
      `${read('tls-acme', 'input.yaml').replace(/static_resources/g, 'other')}---\n${stream}`,
    ),
  );
  const said = formatProblems(result.problems);
  assert.not.match(said, '[internal]');
  assert.match(said, 'found     the name __proto__');
});

names.run();
