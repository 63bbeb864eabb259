/** The page about moving a domain: its configs, one after the other on the base, do what it says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { packageRoot } from '../../src/build/paths.ts';
import { applyToStream, parseStream } from '../support/function.ts';
import { buildWith, bundled } from '../support/kustomize.ts';

interface Ingress {
  kind: string;
  spec: { rules: { host: string }[]; tls: { hosts: string[]; secretName: string }[] };
}

const page = readFileSync(join(packageRoot, 'docs/moving-a-domain.md'), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n([^`]*)^```$/gm)].map(([, text]) => text ?? '');
const base = buildWith(bundled, 'base');

const moving = suite('moving a domain');

async function render(spec: string): Promise<string> {
  const head = 'apiVersion: network.michelangelo.api/v1alpha1\nkind: DomainConfig\n';
  const config = Buffer.from(`${head}metadata: { name: moving }\n${spec}`);
  const { stdout, stderr, status } = applyToStream(config, Buffer.from((await base).stdout));
  // The base's Ingresses are those of a controller that has one thing to be told elsewhere.
  assert.match(stderr, /^(?:warning: .*\[entry-stream-limit\]\n(?: {2}.*\n)*)?$/);
  assert.is(status, 0);
  return stdout;
}

/** The Secret of each host that is served. */
function secretsOf(stream: string): Map<string, string> {
  const ingresses = parseStream(stream).filter(
    (manifest): manifest is Ingress => (manifest as Ingress).kind === 'Ingress',
  );
  assert.is(ingresses.length, 2);
  const blocks = ingresses.flatMap(({ spec }) => spec.tls);
  const secrets = new Map(
    blocks.flatMap(({ hosts, secretName }) => hosts.map((host) => [host, secretName] as const)),
  );
  const served = ingresses.flatMap(({ spec }) => spec.rules.map(({ host }) => host));
  assert.equal([...secrets.keys()].sort(), served.sort());
  return secrets;
}

moving('has a start and three steps', () => {
  assert.is(blocks.length, 4);
});

moving('serves the old names, both, both, and the new ones', async () => {
  const [before, ...steps] = await Promise.all(
    blocks.map(async (spec) => secretsOf(await render(spec))),
  );
  const hosts = (secrets: Map<string, string> | undefined) => [...(secrets?.keys() ?? [])].sort();
  const after = hosts(steps[2]);
  assert.equal(hosts(before), ['api.ml.example.com', 'app.ml.example.com']);
  assert.equal(after, ['api.ml.example.org', 'app.ml.example.org']);
  for (const step of steps.slice(0, 2))
    assert.equal(hosts(step), [...hosts(before), ...after].sort());
});

for (const mode of ['secret', 'issuer, issuer: { name: ours }'])
  moving(`keeps the Secret of every host, with mode ${mode}`, async () => {
    const secrets = new Map<string, string>();
    for (const spec of blocks) {
      const written = spec.replace('mode: secret', `mode: ${mode.split(',')[0]}`);
      const issuer = mode.includes('issuer') ? '    issuer: { name: ours }\n' : '';
      for (const [host, secret] of secretsOf(await render(written + issuer))) {
        assert.is(secrets.get(host) ?? secret, secret, host);
        secrets.set(host, secret);
      }
    }
    for (const secret of secrets.values()) assert.ok(page.includes(secret), secret);
  });

moving('dials the new name from the swap on, and lets both origins in until the end', async () => {
  for (const [index, spec] of blocks.entries()) {
    const stream = await render(spec);
    const main = index < 2 ? 'com' : 'org';
    assert.match(stream, `address: api.ml.example.${main}:443`);
    assert.match(stream, `"https://app.ml.example.${main}"`);
    // Escaped once more where the expression stands in double quotes.
    const isAllowed = (top: string) =>
      stream.replaceAll('\\\\', '\\').includes(`https://app\\.ml\\.example\\.${top}`);
    assert.equal([isAllowed('com'), isAllowed('org')], [index < 3, index > 0]);
  }
});

moving.run();
