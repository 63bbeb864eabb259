/** The published schema against the function: it refuses nothing that the function accepts, and what a schema can. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot, schemaPath } from '../../src/build/paths.ts';
import { publishedSchema } from '../../src/build/published-schema.ts';
import { FORMAT_PATTERNS } from '../../src/build/schema-patterns.ts';
import { isServerUrl, parseAddress } from '../../src/config/addresses.ts';
import type { Format } from '../../src/config/formats.ts';
import { checkConfig, loadConfig } from '../../src/config/load.ts';
import { rangeFault } from '../../src/net/cidrs.ts';
import { hostFault, isReachableHost } from '../../src/net/host-names.ts';
import { parseOrigin } from '../../src/net/origins.ts';
import { parseConfigYaml, printYaml } from '../../src/yaml/yaml.ts';
import fc from '../support/fast-check.ts';
import { withSpec } from './fixtures.ts';

const published = publishedSchema();
// Keywords for editors are unknown to ajv.
const fits = new Ajv({ strict: false }).compile(published);

const accepts = (config: unknown) => loadConfig(printYaml(config)).problems.length === 0;

type Spec = Record<string, unknown>;
type Row = [name: string, spec: Spec];

const acme = { mode: 'acme', acme: { email: 'platform@example.com' } };
const issuer = { mode: 'issuer', issuer: { name: 'internal' } };
const trust = { configMap: 'ca-bundle', key: 'ca.crt' };
const long = 'a'.repeat(63);
/** 249 characters: with `api.` the longest host. */
const longest = `${long}.${long}.${long}.${'a'.repeat(57)}`;
const bothHosts = { api: 'a.example.com', app: 'b.example.com' };
const ingress = (annotations: Spec) => ({ ingress: { annotations } });
const issuerAnnotation = { 'cert-manager.io/cluster-issuer': 'x' };

const good: Row[] = [
  ['the smallest config', {}],
  ['localhost', { domain: 'localhost', tls: { mode: 'none' } }],
  ['a name beyond ASCII in its xn-- spelling', { domain: 'xn--bcher-kva.example' }],
  ['the longest domain', { domain: longest }],
  ['a longer one with both hosts', { domain: `${longest}aaaa`, hosts: bothHosts }],
  ['a private domain with a CA', { domain: 'ml.internal', tls: { mode: 'ca', trust } }],
  ['a private domain that no host follows from', { domain: 'a.test', hosts: bothHosts, tls: acme }],
  ['aliases', { hosts: { aliases: { api: ['x.example.com', { host: 'y.example.com' }] } } }],
  ['an alias with a Secret', { hosts: { aliases: { app: [{ host: 'y.a', secretName: 'y' }] } } }],
  [
    'a host of the page',
    {
      hosts: { ui: 'x.a', aliases: { ui: ['y.a'] } },
      tls: { mode: 'secret', secrets: { ui: 's' } },
    },
  ],
  ['port 80 without TLS', { port: 80, tls: { mode: 'none' } }],
  ['acme with staging', { tls: { ...acme, acme: { ...acme.acme, server: 'staging' } } }],
  ['another ACME server', { tls: { ...acme, acme: { ...acme.acme, server: 'https://a.b/c' } } }],
  [
    'a DNS-01 solver',
    { tls: { ...acme, acme: { ...acme.acme, solver: { dns01: { route53: {} } } } } },
  ],
  ['http01', { tls: { ...acme, acme: { ...acme.acme, solver: 'http01' } } }],
  ['acme with the name of its issuer', { tls: { ...acme, issuer: { name: 'x' } } }],
  ['an issuer', { tls: issuer }],
  ['a CA without trust inside', { tls: { mode: 'ca' }, worker: { apiAddress: 'service' } }],
  ['a CA that is preinstalled', { tls: { mode: 'ca', trust: 'preinstalled' } }],
  ['TLS to Envoy', { tls: { mode: 'secret', terminateAt: 'envoy', secrets: { envoy: 'x' } } }],
  ['external with the default end of TLS', { tls: { mode: 'external', terminateAt: 'entry' } }],
  ['an annotation for an issuer with Secrets', { entry: ingress(issuerAnnotation) }],
  ['another annotation', { tls: issuer, entry: ingress({ 'example.com/a': 'true' }) }],
  ['a Gateway that is made', { entry: { gateway: { className: 'x', annotations: { a: 'b' } } } }],
  ['a Gateway that exists', { entry: { gateway: { parentRefs: [{ name: 'x' }] } } }],
  ['an Ingress and a Gateway', { entry: { ingress: {}, gateway: { className: 'x' } } }],
  [
    'an entry that takes from both',
    { entry: { gateway: { className: 'x' }, api: { gateway: { annotations: { a: 'b' } } } } },
  ],
  [
    'an empty entry beside a Gateway that exists',
    { entry: { gateway: { parentRefs: [{ name: 'x' }] }, app: { gateway: {} } } },
  ],
  [
    'an entry of the other form',
    { entry: { gateway: { parentRefs: [{ name: 'x' }] }, app: { gateway: { className: 'y' } } } },
  ],
  [
    'origins',
    {
      cors: {
        allowOrigins: [
          'https://*.example.com',
          'http://localhost:*',
          'http://127.0.0.1:8080',
          'http://[::1]:3000',
          'http://a.example.com:443',
          'https://*.example.com:*',
        ],
      },
    },
  ],
  ['headers', { cors: { allowHeaders: ['x-user', 'X_Other', '*-a'] } }],
  ['an upstream by address', { envoy: { upstream: { host: '10.0.0.1', port: 1 } } }],
  ['an upstream by Service', { envoy: { upstream: { host: 'api.ma.svc', port: 1 } } }],
  ['an upstream by IPv6', { envoy: { upstream: { host: '[fd00::1]', port: 1 } } }],
  ['a workflow engine', { workflowEngine: { host: 'temporal:7233' } }],
  ['an object store by URL', { objectStore: { endpoint: 'https://minio.example.com/' } }],
  ['an object store by port', { objectStore: { endpoint: 'minio:65535' } }],
  ['an accepted finding', { checks: { ignore: [{ code: 'entry-timeouts', reason: 'x' }] } }],
];

const bad: Row[] = [
  ['an unknown key', { prot: 8443 }],
  ['a port in quotes', { port: '8443' }],
  ['no tls', { tls: undefined }],
  ['tls without a mode', { tls: {} }],
  ['an unknown mode', { tls: { mode: 'letsencrypt' } }],
  ['a scheme', { domain: 'https://ml.example.com' }],
  ['upper case', { domain: 'ML.example.com' }],
  ['an underscore', { hosts: { api: 'a_b.example.com' } }],
  ['one label', { domain: 'example' }],
  ['an IP address', { hosts: { app: '10.0.0.1' } }],
  ['a port in a host', { hosts: { aliases: { api: ['a.example.com:8443'] } } }],
  ['a wildcard', { hosts: { aliases: { app: [{ host: '*.example.com' }] } } }],
  ['a dot at the end', { domain: 'ml.example.com.' }],
  ['a domain too long for its hosts', { domain: `${longest}a` }],
  ['a domain too long at all', { domain: `${longest}aaaaa`, hosts: bothHosts }],
  ['an alias twice', { hosts: { aliases: { api: ['x.example.com', 'x.example.com'] } } }],
  ['port 80 with TLS', { port: 80 }],
  ['acme without its map', { tls: { mode: 'acme' } }],
  ['acme without an address', { tls: { mode: 'acme', acme: {} } }],
  ['no mail address', { tls: { mode: 'acme', acme: { email: 'Me <a@b.c>' } } }],
  ['an unknown server', { tls: { ...acme, acme: { ...acme.acme, server: 'stagging' } } }],
  ['an unknown solver', { tls: { ...acme, acme: { ...acme.acme, solver: 'dns01' } } }],
  ['a private domain with acme', { domain: 'ml.local', tls: acme }],
  ['a private host with acme', { hosts: { api: 'a.test', app: 'b.example.com' }, tls: acme }],
  ['a private alias with acme', { hosts: { aliases: { app: ['a.internal'] } }, tls: acme }],
  ['an issuer without a name', { tls: { mode: 'issuer', issuer: { kind: 'Issuer' } } }],
  ['a CA without trust', { tls: { mode: 'ca' } }],
  ['an unknown word for trust', { tls: { mode: 'ca', trust: 'yes' } }],
  ['trust without a key', { tls: { mode: 'ca', trust: { configMap: 'x' } } }],
  ['acme with a CA', { tls: { ...acme, ca: {} } }],
  ['a CA with acme', { tls: { mode: 'ca', trust, acme: acme.acme } }],
  ['an issuer with a CA', { tls: { ...issuer, ca: {} } }],
  ['Secrets with an issuer', { tls: { mode: 'secret', issuer: {} } }],
  ['external with Secrets', { tls: { mode: 'external', secrets: {} } }],
  ['none with trust', { tls: { mode: 'none', trust } }],
  ['external with TLS to Envoy', { tls: { mode: 'external', terminateAt: 'envoy' } }],
  ['the Secret of Envoy without need', { tls: { mode: 'secret', secrets: { envoy: 'x' } } }],
  [
    'the Secret of the app with TLS to Envoy',
    { tls: { mode: 'secret', terminateAt: 'envoy', secrets: { app: 'x' } } },
  ],
  [
    'the Secret of an alias without TLS',
    { tls: { mode: 'none' }, hosts: { aliases: { api: [{ host: 'a.b', secretName: 'x' }] } } },
  ],
  ['an alias of a page without a host', { hosts: { aliases: { ui: ['y.a'] } } }],
  ['the Secret of a page without a host', { tls: { mode: 'secret', secrets: { ui: 'x' } } }],
  ['a Secret in upper case', { tls: { mode: 'secret', secrets: { api: 'My_Secret' } } }],
  ['an issuer by annotation beside one', { tls: issuer, entry: ingress(issuerAnnotation) }],
  ['the same for one entry', { tls: issuer, entry: { api: ingress(issuerAnnotation) } }],
  ['an annotation that is not a string', { entry: ingress({ 'example.com/a': true }) }],
  ['an annotation with a bad key', { entry: ingress({ 'a b': 'x' }) }],
  ['a Gateway of no form', { entry: { gateway: {} } }],
  ['a Gateway of no form for one entry', { entry: { api: { gateway: {} } } }],
  [
    'a Gateway of both forms',
    { entry: { gateway: { className: 'x', parentRefs: [{ name: 'y' }] } } },
  ],
  [
    'annotations for one entry of a Gateway that exists',
    {
      entry: {
        gateway: { parentRefs: [{ name: 'x' }] },
        api: { gateway: { annotations: { a: 'b' } } },
      },
    },
  ],
  ...[
    '*',
    'null',
    'app.example.com',
    'https://a.example.com/',
    'https://a.example.com:443',
    'http://a.example.com:80',
    'https://*.com',
    'https://A.example.com',
  ].map((origin): Row => [`the origin ${origin}`, { cors: { allowOrigins: [origin] } }]),
  ['an origin twice', { cors: { allowOrigins: ['https://a.b', 'https://a.b'] } }],
  ['every header', { cors: { allowHeaders: ['*'] } }],
  ['two headers in one', { cors: { allowHeaders: ['a, b'] } }],
  ['an upstream with a port', { envoy: { upstream: { host: 'api:80', port: 80 } } }],
  ['a scheme for the workflow engine', { workflowEngine: { host: 'http://temporal:7233' } }],
  ['no port for the workflow engine', { workflowEngine: { host: 'temporal' } }],
  ['a port too large', { workflowEngine: { host: 'temporal:65536' } }],
  ['an object store with a path', { objectStore: { endpoint: 'https://minio/bucket' } }],
  ['an empty map', { objectStore: {} }],
  ['a reason that is missing', { checks: { ignore: [{ code: 'entry-timeouts' }] } }],
];

/** Values that are compared with others, beyond what a schema can do. */
const beyond: Row[] = [
  [
    'the alias of a page with the host of the app',
    { hosts: { ui: 'app.ml.example.com', aliases: { ui: ['y.a'] } } },
  ],
  ['one host twice', { hosts: { api: 'app.ml.example.com' } }],
  ['two hosts in one Secret of an issuer', { tls: { ...issuer, secrets: { api: 'x', app: 'x' } } }],
  [
    'a solver without a provider',
    { tls: { ...acme, acme: { ...acme.acme, solver: { dns01: {} } } } },
  ],
  ['headers that differ in case', { cors: { allowHeaders: ['x-a', 'X-A'] } }],
];

const table = suite('the published schema');

for (const [name, spec] of good)
  table(`accepts, as the function does: ${name}`, () => {
    const config = JSON.parse(JSON.stringify(withSpec(spec)));
    assert.equal(loadConfig(printYaml(config)).problems, []);
    assert.ok(fits(config), JSON.stringify(fits.errors));
  });

for (const [name, spec] of bad)
  table(`refuses, as the function does: ${name}`, () => {
    const config = JSON.parse(JSON.stringify(withSpec(spec)));
    assert.not(accepts(config));
    assert.not(fits(config));
  });

for (const [name, spec] of beyond)
  table(`leaves to the function: ${name}`, () => {
    assert.not(accepts(withSpec(spec)));
    assert.ok(fits(withSpec(spec)), JSON.stringify(fits.errors));
  });

const cases = join(packageRoot, 'test/cases');
for (const name of readdirSync(cases))
  table(`refuses nothing of the case ${name} that the function accepts`, () => {
    const text = readFileSync(join(cases, name, 'config.yaml'), 'utf8');
    if (loadConfig(text).problems.length > 0) return;
    assert.ok(fits(parseConfigYaml(text).json), JSON.stringify(fits.errors));
  });

table('refuses nothing that the function accepts, whatever is combined', () => {
  const part = fc.constantFrom(...[...good, ...bad].map(([, spec]) => spec));
  const merge = (left: unknown, right: unknown): unknown =>
    isMap(left) && isMap(right)
      ? Object.fromEntries(
          Object.keys({ ...left, ...right }).map((key) => [
            key,
            key in left && key in right ? merge(left[key], right[key]) : (right[key] ?? left[key]),
          ]),
        )
      : right;
  const outcomes = { both: 0, neither: 0 };
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
      const config = JSON.parse(JSON.stringify(withSpec(parts.reduce(merge, {}) as Spec)));
      if (checkConfig(config).problems.length > 0) outcomes.neither++;
      else {
        assert.ok(fits(config), JSON.stringify([config, fits.errors]));
        outcomes.both++;
      }
    }),
    { numRuns: 2000, seed: 5 },
  );
  assert.ok(outcomes.both > 50 && outcomes.neither > 50, JSON.stringify(outcomes));
});

function isMap(value: unknown): value is Spec {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

table('is the file that editors get', () => {
  assert.equal(JSON.parse(readFileSync(join(packageRoot, schemaPath), 'utf8')), published);
});

table.run();

const patterns = suite('patterns');

/** Texts near to hosts, addresses and ranges. */
const near = fc
  .array(
    fc.constantFrom(
      ...['a', 'b1', 'x-y', '-', '_', 'A', '0x1f', '0', '80', '443', '10', '255', '256', '65536'],
      ...['.', '.', '.', ':', ':', '/', '*', '*.', '[', ']', '::1', '[::1]', '10.0.0.0', '1.2.3.4'],
      ...[
        'http://',
        'https://',
        'localhost',
        'example.com',
        '/8',
        '/24',
        '/33',
        long,
        ' ',
        '\n',
        'é',
      ],
    ),
    { maxLength: 7 },
  )
  .map((parts) => parts.join(''));

const judges: [
  name: Format,
  accepts: (text: string) => boolean,
  /** Where the pattern may accept more. */
  loose: RegExp,
][] = [
  ['host', (text) => hostFault(text) === undefined, /^$(?!)/],
  ['reachable-host', isReachableHost, /\[/],
  [
    'host-and-port',
    (text) => !!parseAddress(text) && parseAddress(text)?.scheme === undefined,
    /\[/,
  ],
  ['url-or-host-and-port', (text) => parseAddress(text) !== undefined, /\[/],
  ['https-url', isServerUrl, /\[/],
  // A pattern cannot tell which bits are set.
  ['cidr', (text) => rangeFault(text) === undefined, /[:/]|\.0$/],
  ['origin', (text) => parseOrigin(text) !== undefined, /\[/],
];
for (const [name, isGood, loose] of judges)
  patterns(`${name} says what the code says`, () => {
    const expression = new RegExp(FORMAT_PATTERNS[name].pattern, 'u');
    fc.assert(
      fc.property(near, (text) => {
        const matches = expression.test(text);
        if (matches !== isGood(text)) assert.ok(matches && loose.test(text), JSON.stringify(text));
      }),
      { numRuns: 5000, seed: 5 },
    );
  });

patterns('count prefix lengths to the end', () => {
  const range = new RegExp(FORMAT_PATTERNS.cidr.pattern, 'u');
  for (let length = 0; length < 1000; length += 1) {
    assert.is(range.test(`0.0.0.0/${length}`), length <= 32, String(length));
    assert.is(range.test(`::/${length}`), length <= 128, String(length));
  }
});

patterns('count octets and ports to the end', () => {
  const port = new RegExp(FORMAT_PATTERNS['host-and-port'].pattern, 'u');
  for (let number = 0; number < 70_000; number += 1)
    assert.is(port.test(`a:${number}`), number > 0 && number < 65_536, String(number));
  const octet = new RegExp(FORMAT_PATTERNS['reachable-host'].pattern, 'u');
  for (let number = 0; number < 1000; number += 1)
    assert.is(octet.test(`1.2.3.${number}`), number < 256, String(number));
});

patterns.run();
