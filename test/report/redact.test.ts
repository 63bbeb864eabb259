/** A canary in every place of a secret value, and everything that shows manifests. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../../src/checks/index.ts';
import { formatProblems } from '../../src/errors.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { callFunction } from '../../src/report/call.ts';
import { changesOf } from '../../src/report/changes.ts';
import { groupChanges } from '../../src/report/diff/group.ts';
import { hunksOf } from '../../src/report/diff/hunks.ts';
import { resourceChanges } from '../../src/report/diff/resource-changes.ts';
import { manifestDiffs } from '../../src/report/manifest-diff.ts';
import { reportOn } from '../../src/report/overlay-report.ts';
import { page } from '../../src/report/page/page.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const CANARY = 'canary-71d0';
const read = (file: string) =>
  readFileSync(new URL(`../cases/tls-secret/${file}`, import.meta.url), 'utf8');
const config = read('config.yaml');
const input = read('input.yaml');

/** Everything that is shown about what the function did with a stream. */
function shown(stream: string): string {
  const call = callFunction(config, Buffer.from(stream));
  const manifests = call.output.length > 0 ? call.output : Buffer.from(stream);
  const { findings } = runChecks(surfaceOf(splitDocuments(manifests), { name: 'o' }));
  return [
    formatProblems(call.result.problems),
    JSON.stringify(changesOf(call)),
    ...manifestDiffs(call).map(({ text }) => text),
    ...shownBetween(stream, manifests),
    JSON.stringify(findings),
    page(reportOn([{ overlay: 'o', manifests, calls: [call] }])),
  ].join('\n');
}

/** What `diff` shows of what comes, goes and changes. */
function shownBetween(stream: string, manifests: Buffer): string[] {
  const states = [Buffer.from(stream), manifests, Buffer.alloc(0)].map((bytes) => {
    return { manifests: bytes, calls: [], settings: undefined };
  });
  const changes = states.flatMap((there) => states.flatMap((here) => resourceChanges(there, here)));
  return groupChanges([{ overlay: 'o', changes }]).map((entry) =>
    JSON.stringify([entry.label, entry.hidden, hunksOf(entry)]),
  );
}

/** A worker's document, beside whose address something else stands. */
function beside(lines: string): string {
  const at = '      address: old.example.com:443\n';
  const worker = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other-worker\ndata:\n  base.yaml: |\n    worker:\n${at}${lines.replaceAll(/^(?=.)/gm, '      ')}`;
  return `${input}---\n${worker}`;
}

const secret = suite('secret values');

const LINES: Record<string, string> = {
  'a password': `password: ${CANARY}\n`,
  'a key with a prefix': `dbPassword: "${CANARY}"\n`,
  'an environment file': `DB_PASSWORD=${CANARY}\n`.replace(/^/, 'env: |\n  '),
  'a value that looks like a switch': `token: true\n  ${CANARY}\n`,
  'a block': `token: |\n  first\n  ${CANARY}\nother: 1\n`,
  'a value on the next line': `token:\n  ${CANARY}\n`,
  'a list': `apiKey:\n- ${CANARY}\n`,
  'an item of a list': `users:\n- secret: ${CANARY}\n  name: a\n`,
  'a flow map': `login: {user: a, password: ${CANARY}}\n`,
  JSON: `json: '{"accessKey":"${CANARY}","a":1}'\n`,
  'a URL': `url: postgres://user:${CANARY}@db/x\n`,
  'a variable': `env:\n- name: DB_PASSWORD\n  value: ${CANARY}\n`,
  'a variable in a flow map': `env: [{name: DB_PASSWORD, value: ${CANARY}}]\n`,
  'a private key': `pem: |\n  -----BEGIN PRIVATE KEY-----\n  ${CANARY}\n  -----END PRIVATE KEY-----\n`,
};
for (const [name, lines] of Object.entries(LINES))
  secret(`${name} beside a changed line is not shown`, () => {
    const text = shown(beside(lines));
    // The line itself is changed, and shown.
    assert.match(text, /^\+ +address: api\./m);
    assert.not.match(text, CANARY);
  });

const MANIFESTS: Record<string, string> = {
  data: `apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\ndata:\n  a: ${Buffer.from(CANARY).toString('base64')}\n  b: ${CANARY}\n`,
  stringData: `apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  a: ${CANARY}\n`,
  'a List': `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  metadata:\n    name: s\n  stringData:\n    a: ${CANARY}\n`,
  'the last applied configuration': `apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{"data":{"a":"${CANARY}"}}'\n`,
  'a Secret that does not parse': `apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  a: "${CANARY}\n  b: [\n`,
  'a Secret with a byte that is not a string': `apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  worker: address\n  a: ${CANARY}\u0007\n`,
};
for (const [name, manifest] of Object.entries(MANIFESTS))
  secret(`${name}: what is in a Secret is not shown`, () => {
    assert.not.match(shown(`${input}---\n${manifest}`), CANARY);
    // Where it needs a host that nobody has set, the stream is refused.
    const placeholder = manifest.replace('metadata:', 'metadata:\n  labels: {a: DOMAIN_NOT_SET}');
    assert.not.match(shown(`${input}---\n${placeholder}`), CANARY);
  });

secret('documents of a Secret inside a text of a ConfigMap are not shown', () => {
  const documents = `more.yaml: |\n  apiVersion: v1\n  kind: ConfigMap\n  ---\n  apiVersion: v1\n  kind: Secret\n  stringData:\n    a: ${CANARY}\n`;
  const json = `json: '{"kind":"Secret","stringData":{"a":"${CANARY}"}}'\n`;
  for (const text of [documents, json, documents.replace('kind: Secret', 'kind:   "Secret"')]) {
    const stream = `${beside('')}  ${text.replaceAll('\n', '\n  ').trimEnd()}\n`;
    const all = shown(stream);
    assert.match(all, /^\+ +address: api\./m);
    assert.match(all, '(not shown)');
    assert.not.match(all, CANARY);
  }
});

secret('names of Secrets are shown', () => {
  const lines = 'secretName: the-name\nsecretKeyRef:\n  name: the-ref\ntokenPath: /the/path\n';
  const text = shown(beside(lines));
  for (const name of ['the-name', 'the-ref', '/the/path']) assert.match(text, name);
});

secret('a switch is shown, whatever its key ends with', () => {
  const text = shown(beside('automountServiceAccountToken: false\nuseToken: true\n'));
  for (const line of ['automountServiceAccountToken: false', 'useToken: true'])
    assert.match(text, line);
});

secret.run();
