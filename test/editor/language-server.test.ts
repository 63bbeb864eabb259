/** What an editor says and proposes in a domain.yaml, by the published schema. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { type Editor, openEditor } from './language-server.ts';

const overlays = readdirSync(join(packageRoot, 'overlays'));
const readOverlay = (name: string) =>
  readFileSync(join(packageRoot, 'overlays', name, 'domain.yaml'), 'utf8');

/** The first line of the overlays, which names the schema. */
const hint = readOverlay('dev').split('\n')[0] as string;
assert.match(hint, /^# yaml-language-server: \$schema=\.\.\//);

/** A config whose `spec` has these lines; the first of them is line 6. */
const withLines = (...lines: string[]) =>
  [
    hint,
    'apiVersion: network.michelangelo.api/v1alpha1',
    'kind: DomainConfig',
    'metadata:',
    '  name: production',
    'spec:',
    ...lines.map((line) => `  ${line}`),
    '',
  ].join('\n');

const server = suite<{ editor: Editor }>('YAML language server');

server.before(async (context) => {
  context.editor = await openEditor('overlays/dev/domain.yaml');
});
server.after(async ({ editor }) => {
  await editor.close();
});

for (const name of overlays)
  server(`has nothing to say about the overlay ${name}`, async ({ editor }) => {
    assert.equal(await editor.diagnose(readOverlay(name)), []);
  });

const HOST = /^Not a host name: lower-case letters/;
const DOMAIN = 'domain: ml.example.com';
const SECRET = 'tls: { mode: secret }';

/** One mistake, one diagnostic, where the mistake is. */
const mistakes: [name: string, lines: string[], line: number, message: RegExp][] = [
  ['a typing error in a key', [DOMAIN, SECRET, 'prot: 1'], 8, /prot is not allowed/],
  ['a word that is not known', [DOMAIN, 'tls: { mode: letsencrypt }'], 7, /"acme", "ca", "issuer"/],
  ['no domain', [SECRET], 5, /Missing property "domain"/],
  ['no tls', [DOMAIN], 5, /Missing property "tls"/],
  ['acme without its map', [DOMAIN, 'tls: { mode: acme }'], 7, /Missing property "acme"/],
  ['a CA without trust', [DOMAIN, 'tls: { mode: ca }'], 7, /Missing property "trust"/],
  ['a URL as domain', ['domain: https://ml.example.com', SECRET], 6, HOST],
  ['a bad host', [DOMAIN, SECRET, 'hosts: { api: a_b.example.com }'], 8, HOST],
  ['a bad alias', [DOMAIN, SECRET, 'hosts: { aliases: { api: [A.b] } }'], 8, HOST],
  ['a map of another mode', [DOMAIN, 'tls: { mode: secret, ca: {} }'], 7, /^Only with .* `ca`/],
  ['port 80 with TLS', [DOMAIN, SECRET, 'port: 80'], 8, /^Port 80 is that of plain HTTP/],
  ['a port in quotes', [DOMAIN, SECRET, 'port: "8443"'], 8, /Expected "integer"/],
  ['every origin', [DOMAIN, SECRET, 'cors: { allowOrigins: ["*"] }'], 8, /^Not an origin/],
  ['a text as `true`', [DOMAIN, SECRET, 'objectStore: { useIam: "yes" }'], 8, /"boolean"/],
  [
    'an annotation that is not a string',
    [DOMAIN, SECRET, 'entry: { ingress: { annotations: { example.com/a: true } } }'],
    8,
    /Expected "string"/,
  ],
  [
    'a Gateway of both forms',
    [DOMAIN, SECRET, 'entry: { gateway: { className: a, parentRefs: [{ name: b }] } }'],
    8,
    /^For a Gateway that is made/,
  ],
];
for (const [name, lines, line, message] of mistakes)
  server(`marks ${name}`, async ({ editor }) => {
    const found = await editor.diagnose(withLines(...lines));
    assert.is(found.length, 1, JSON.stringify(found));
    assert.match(found[0]?.message ?? '', message);
    assert.is(found[0]?.range.start.line, line);
  });

server('proposes the fields of spec, each once and described', async ({ editor }) => {
  const items = await editor.complete(withLines(DOMAIN, SECRET, '|'));
  const labels = items.map(({ label }) => label);
  assert.equal(labels, [...new Set(labels)]);
  for (const label of ['hosts', 'entry', 'cors', 'worker', 'port'])
    assert.ok(labels.includes(label), label);
  for (const label of ['tls', 'domain']) assert.not.ok(labels.includes(label), label);
  for (const { label, documentation } of items) assert.ok(documentation, label);
});

server('proposes the modes of TLS, each with its meaning', async ({ editor }) => {
  const items = await editor.complete(withLines(DOMAIN, 'tls:', '  mode: |'));
  assert.equal(
    items.map(({ label }) => label),
    ['acme', 'ca', 'issuer', 'secret', 'external', 'none'],
  );
  assert.match(JSON.stringify(items[1]?.documentation), 'An internal CA makes them');
});

server('proposes whole beginnings of tls', async ({ editor }) => {
  const items = await editor.complete(withLines(DOMAIN, 'tls:', '  |'));
  const acme = items.find(({ label }) => label === "Let's Encrypt");
  assert.match(acme?.insertText ?? '', /^mode: acme\nacme:\n {2}email:/);
  // Proposed once, although the conditions of the schema name it as well.
  assert.is(items.filter(({ label }) => label === 'acme').length, 1);
});

server('proposes words and maps where both may stand', async ({ editor }) => {
  const items = await editor.complete(withLines(DOMAIN, 'tls:', '  mode: ca', '  trust: |'));
  assert.equal(
    items.map(({ label }) => label),
    ['preinstalled', 'ConfigMap'],
  );
});

server('proposes the codes of findings', async ({ editor }) => {
  const lines = ['checks:', '  ignore:', '    - reason: x', '      code: |'];
  const items = await editor.complete(withLines(DOMAIN, SECRET, ...lines));
  assert.ok(items.some(({ label }) => label === 'entry-timeouts'));
});

server('proposes a whole config in an empty file', async ({ editor }) => {
  const items = await editor.complete(`${hint}\n|\n`);
  assert.ok(
    items.some(({ insertText }) => /kind: DomainConfig\n[\s\S]*mode:/.test(insertText ?? '')),
  );
});

server('proposes nothing that is not supported yet', async ({ editor }) => {
  const items = await editor.complete(withLines(DOMAIN, SECRET, 'role: |'));
  assert.equal(await editor.diagnose(withLines(DOMAIN, SECRET, `role: ${items[0]?.label}`)), []);
});

server('shows what a field is for, and its example', async ({ editor }) => {
  const text = await editor.hover(withLines('dom|ain: ml.example.com', SECRET));
  assert.match(text, 'Parent domain of the public host names; at least two labels, or `local');
  assert.match(text, '```yaml\nml.example.com\n```');
});

server('shows what each word means', async ({ editor }) => {
  const text = await editor.hover(withLines(DOMAIN, 'tls:', '  mo|de: none'));
  assert.match(text, '* `none`: Plain http, for development.');
  assert.match(text, '* `acme`: Let');
});

server.run();
