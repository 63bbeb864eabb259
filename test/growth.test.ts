/**
 * Four times as much of one thing in one resource or one document costs about four times as much. Where each were compared with each, it would be
 * sixteen times. `npm run bench:sizes` measures what grows with whole resources.
 */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../src/checks/index.ts';
import { splitDocuments } from '../src/protocol/documents.ts';
import { callFunction } from '../src/report/call.ts';
import { surfaceOf } from '../src/surface/surface.ts';

const read = (name: string, file: string) =>
  readFileSync(new URL(`cases/${name}/${file}`, import.meta.url), 'utf8');

const config = read('tls-acme', 'config.yaml');
const base = read('tls-acme', 'input.yaml');
const API = 'api.old.example.com';
const APP = 'app.old.example.com';

const each = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('');

const resource = (kind: string, rest: string): string =>
  `---\napiVersion: ${kind === 'ConfigMap' ? 'v1' : 'example.com/v1'}\nkind: ${kind}\nmetadata:\n  name: many\n${rest}`;

const document = (lines: string): string =>
  resource('ConfigMap', `data:\n  many.yaml: |\n    first: ${API}\n${lines}`);

interface Growth {
  /** What there is more of. */
  what: string;
  /** A size at which it takes some hundredths of a second. */
  size: number;
  /** What stands behind the base. */
  input: (count: number) => string;
}

const GROWTHS: readonly Growth[] = [
  {
    what: 'annotations with an old host',
    size: 250,
    input: (count) =>
      resource(
        'Ingress',
        `  annotations:\n${each(count, (index) => `    a${index}.example.com/host: ${APP}\n`)}`,
      ),
  },
  {
    what: 'hosts and redirects of one resource',
    size: 100,
    input: (count) =>
      resource(
        'VirtualService',
        `spec:\n  http:\n${each(count, () => `  - match: [{authority: {exact: ${API}}}]\n    redirect: {authority: ${APP}}\n`)}`,
      ),
  },
  {
    what: 'redirects in one virtual host',
    size: 150,
    input: (count) =>
      document(
        `    virtual_hosts:\n    - routes:\n${each(count, (index) => `      - {match: {path: /${index}}, redirect: {host_redirect: ${APP}}}\n`)}`,
      ),
  },
  {
    what: 'comments with an old host',
    size: 1000,
    input: (count) =>
      document(each(count, (index) => `    # ${index} was ${APP}\n    k${index}: v\n`)),
  },
  {
    what: 'items of a list in one text',
    size: 6000,
    input: (count) =>
      document(`    list: "${APP},${each(count, (index) => `h${index}.example.com,`)}${API}"\n`),
  },
];

/** What is done with a stream. */
type Work = (input: Buffer) => void;

const call: Work = (input) => assert.ok(callFunction(config, input).output.length > 0);
const check: Work = (input) => void runChecks(surfaceOf(splitDocuments(input)));

/** Milliseconds of processor time, the least of several calls. */
function costOf(work: Work, text: string): number {
  const input = Buffer.from(base + text);
  const times = Array.from({ length: 2 }, () => {
    const start = process.cpuUsage();
    work(input);
    return process.cpuUsage(start).user / 1000;
  });
  return Math.min(...times);
}

/** A rule, and a TLS block, for each host of an entry of Envoy. */
const entry = (count: number): string =>
  `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: many, namespace: ml}
spec:
  ingressClassName: nginx
  tls:
${each(count, (index) => `  - {hosts: [h${index}.example.com], secretName: s${index}}\n`)}  rules:
${each(count, (index) => `  - {host: h${index}.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: michelangelo-envoy, port: {number: 8081}}}}]}}\n`)}`;

const growth = suite('growth');

/** Four times as much may cost nine times as much: other programs run on the machine. */
function requireProportion(work: Work, size: number, input: (count: number) => string): void {
  const alone = costOf(work, '');
  const once = Math.max(costOf(work, input(size)) - alone, 40);
  const more = costOf(work, input(4 * size)) - alone;
  assert.ok(more / once < 9, `${size}: ${once.toFixed()} ms, ${4 * size}: ${more.toFixed()} ms`);
}

for (const { what, size, input } of GROWTHS)
  growth(`the function: ${what}`, () => requireProportion(call, size, input));

growth('the checks: hosts of one Ingress', () => requireProportion(check, 200, entry));

growth.run();
