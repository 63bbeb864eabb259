/**
 * The page about moving a domain, carried out: its blocks, one after the other, through the Kubernetes API to Contour,
 * with clients on the old and the new names all the while. The same with a careless swap shows that they would notice.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/build/paths.ts';
import { connectNative } from '../support/grpc-client.ts';
import { buildLiveOverlay } from '../support/live-overlay.ts';
import { type Keep, type Running, standFor } from '../support/stand.ts';
import { until } from '../support/until.ts';
import { type Backends, startBackends } from './backends.ts';
import { ARRIVAL, startContour } from './contour.ts';
import { startControlPlane } from './control-plane.ts';
import { applyDefinitions } from './definitions.ts';
import { certificatesFor } from './entry-certificates.ts';
import type { KubernetesApi } from './kubernetes.ts';
import { inNamespace, type Manifest, manifestsOf, namespace } from './manifests.ts';
import { type Listeners, PublicEntry } from './public-entry.ts';
import { fetchFrom } from './web.ts';

/** How long the certificate of a new name is on its way, in milliseconds. */
const ISSUANCE = 2000;

/** Between two calls of a client, in milliseconds. */
const BETWEEN = 100;

/** How many calls every client makes after a change has arrived, before the next change. */
const CALLS = 15;

/** The `spec` of a block, as far as it is read or changed here. */
interface PageSpec {
  domain: string;
  hosts?: { aliases: Record<'api' | 'app', (string | { host: string; secretName: string })[]> };
  tls: { mode: string; secrets?: Record<'api' | 'app', string> };
}

/** A block of the page, rendered. */
interface Step {
  manifests: Manifest[];
  configJson: string;
}

const page = readFileSync(join(packageRoot, 'docs/moving-a-domain.md'), 'utf8');

const moving = suite('moving a domain in Contour');

const stand = standFor(moving, async (keep) => {
  const { api, kubeconfig } = await startControlPlane(keep);
  await applyDefinitions(api, ['contour']);
  const { address } = await startContour(keep, kubeconfig);
  const backends = await startBackends(keep, '{}');
  const steps = await renderAll(specsFor('ml'));
  return { keep, api, backends, steps, listeners: { address, https: 8443, http: 8080 } };
});

moving('clients of the old and of the new names lose no call', async () => {
  const [start, first, second, third] = stand().steps;
  const move = new Move('ml', stand());

  await move.carryOut(start);
  const oldEntry = await move.entry('ml.example.com');
  const oldClients = move.clientsOf(oldEntry);
  await progressOf(oldClients);

  await move.carryOut(first);
  const newClients = move.clientsOf(await move.entry('ml.example.org'));
  await progressOf([...oldClients, ...newClients]);
  for (const name of awaitedSecrets()) await move.readSecret(name);

  await move.carryOut(second);
  await progressOf([...oldClients, ...newClients]);
  assert.equal(failuresOf([...oldClients, ...newClients]), []);

  // Nobody uses them any more.
  for (const client of oldClients) await client.close();
  await move.carryOut(third);
  await until('the end of the old names', () => move.isGone(oldEntry), ARRIVAL);
  await progressOf(newClients);
  for (const client of newClients) await client.close();
  assert.equal(failuresOf([...oldClients, ...newClients]), []);
});

moving('workers and the UI are told the new names from the swap on', () => {
  const told = stand().steps.map(({ manifests, configJson }) => ({
    worker: workerAddress(manifests),
    ui: JSON.parse(configJson).apiBaseUrl,
  }));
  const old = { worker: 'api.ml.example.com:443', ui: 'https://app.ml.example.com' };
  const moved = { worker: 'api.ml.example.org:443', ui: 'https://app.ml.example.org' };
  assert.equal(told, [old, old, moved, moved]);
});

moving('a swap without `secretName` loses calls of the old names', async () => {
  const { oldFailures, newFailures } = await swapCarelessly('no-secret-name', (spec) => {
    const { api, app } = spec.hosts?.aliases ?? { api: [], app: [] };
    const hosts = (aliases: typeof api) =>
      aliases.map((alias) => (typeof alias === 'string' ? alias : alias.host));
    return { ...spec, hosts: { aliases: { api: hosts(api), app: hosts(app) } } };
  });
  // Envoy ends the handshake of a host that it has no certificate for.
  assert.match(oldFailures.join('\n'), /ECONNRESET|disconnected/);
  assert.equal(newFailures, []);
});

moving('a swap without `secrets` shows the new names the certificate of the old ones', async () => {
  const { newFailures } = await swapCarelessly('no-secrets', (spec) => ({
    ...spec,
    tls: { mode: spec.tls.mode },
  }));
  assert.match(newFailures.join('\n'), /does not match certificate's altnames/);
});

moving.run();

/** Calls that are made one after the other, until the client is closed. */
class Client implements Running {
  /** How many have ended so far. */
  calls = 0;
  readonly failures = new Set<string>();
  #closed = false;
  readonly #ended: Promise<void>;

  constructor(name: string, call: () => Promise<void>) {
    this.#ended = this.#run(name, call);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#ended;
  }

  async #run(name: string, call: () => Promise<void>): Promise<void> {
    while (!this.#closed) {
      try {
        await call();
      } catch (error) {
        this.failures.add(`${name}: ${error instanceof Error ? error.message : error}`);
      }
      this.calls += 1;
      await pause(BETWEEN);
    }
  }
}

/** An environment on its way to another domain, in a namespace of its own. */
class Move {
  readonly #namespace: string;
  readonly #keep: Keep;
  readonly #api: KubernetesApi;
  readonly #backends: Backends;
  readonly #listeners: Listeners;
  /** Secrets with the hosts that their certificates are for. */
  readonly #issued = new Set<string>();
  /** Each host to all certificates, as if one authority had signed them: what clients refuse is a wrong name. */
  readonly #trusted = new Map<string, string>();
  #steps = 0;

  constructor(name: string, { keep, api, backends, listeners }: ReturnType<typeof stand>) {
    this.#namespace = name;
    this.#keep = keep;
    this.#api = api;
    this.#backends = backends;
    this.#listeners = listeners;
  }

  /** Applies a step, gives it the certificates that it lacks, and waits until Envoy has all of it. */
  async carryOut({ manifests }: Step): Promise<void> {
    const entries = manifests
      .filter(({ kind }) => kind === 'Service' || kind === 'Ingress')
      .map((manifest) => inNamespace(manifest, this.#namespace));
    if (this.#steps === 0) await this.#api.apply(namespace(this.#namespace));
    for (const entry of entries) await this.#api.apply(this.#backends.twin(entry));
    await this.#issue(entries);
    await this.#arrival(entries);
  }

  /** The two hosts of a domain, once they are served. */
  async entry(domain: string): Promise<PublicEntry> {
    const entry = new PublicEntry(this.#keep, domain, this.#listeners, this.#trusted);
    await entry.arrival(ARRIVAL);
    return entry;
  }

  /** Clients of every sort, which have begun to call. */
  clientsOf(entry: PublicEntry): Client[] {
    const { address, https } = this.#listeners;
    const connect = () => {
      const tls = { trusted: this.#trusted.get(entry.api) ?? '', serverName: entry.api };
      return connectNative({ host: address, port: https, tls });
    };
    const endless = { count: 1_000_000, pauseMilliseconds: BETWEEN };
    const numbers = this.#keep(connect())
      .watch(endless, { timeout: Number.POSITIVE_INFINITY })
      [Symbol.asyncIterator]();
    let last = 0;
    const calls: Record<string, () => Promise<void>> = {
      'a call on one connection': async () => assert.is(await entry.ask('hello'), 'hello'),
      'a call on a new connection': async () => {
        const client = connect();
        try {
          assert.is(await client.ask('hello', { timeout: 10_000 }), 'hello');
        } finally {
          client.close();
        }
      },
      'a long stream': async () => {
        last += 1;
        assert.is((await numbers.next()).value, last);
      },
      'a page load': async () => {
        const { status, body } = await entry.page('/');
        assert.is(status, 200);
        assert.match(body, /<!doctype html>/);
      },
    };
    return Object.entries(calls).map(([name, call]) =>
      this.#keep(new Client(`${name} of ${entry.api.slice('api.'.length)}`, call)),
    );
  }

  /** Throws where the Secret is missing. */
  async readSecret(name: string): Promise<void> {
    await this.#api.read(`/api/v1/namespaces/${this.#namespace}/secrets/${name}`);
  }

  /** Whether nothing answers at the hosts of an entry, with TLS or without. */
  async isGone({ api, app }: PublicEntry): Promise<true | undefined> {
    const { address, https } = this.#listeners;
    for (const host of [api, app]) {
      if ((await this.#plainStatus(host)) !== 404) return undefined;
      const secure = { address, port: https, host, trusted: this.#trusted.get(host) ?? '' };
      const code = await fetchFrom(secure).then(
        () => undefined,
        (error: { code?: string }) => error.code,
      );
      if (code !== 'ECONNRESET') return undefined;
    }
    return true;
  }

  /** As cert-manager does it: it sees the hosts of an Ingress when that is there, and takes its time. */
  async #issue(entries: readonly Manifest[]): Promise<void> {
    const wanted = entries
      .filter(({ kind }) => kind === 'Ingress')
      .map((ingress) => ({
        ...ingress,
        spec: {
          tls: ingress.spec.tls.filter((block: object) => !this.#issued.has(JSON.stringify(block))),
        },
      }));
    const { secrets, trusted } = await certificatesFor(wanted);
    if (secrets.length === 0) return;
    await pause(ISSUANCE);
    for (const { spec } of wanted)
      for (const block of spec.tls) this.#issued.add(JSON.stringify(block));
    const all = [...new Set([...this.#trusted.values(), ...trusted.values()])].join('');
    for (const host of [...this.#trusted.keys(), ...trusted.keys()]) this.#trusted.set(host, all);
    for (const secret of secrets) await this.#api.apply(secret);
  }

  /** An Ingress more, made after all others: changes of one kind arrive in their order. */
  async #arrival(entries: readonly Manifest[]): Promise<void> {
    this.#steps += 1;
    const host = `step-${this.#steps}.${this.#namespace}.test`;
    const ingress = entries.find(({ kind }) => kind === 'Ingress');
    assert.ok(ingress);
    const { ingressClassName, rules } = ingress.spec;
    await this.#api.apply({
      apiVersion: ingress.apiVersion,
      kind: 'Ingress',
      metadata: { name: 'arrival', namespace: this.#namespace },
      spec: { ingressClassName, rules: [{ ...rules[0], host }] },
    });
    const isServed = async () => (await this.#plainStatus(host)) !== 404 || undefined;
    await until(`http://${host}`, isServed, ARRIVAL);
  }

  async #plainStatus(host: string): Promise<number> {
    const { address, http } = this.#listeners;
    return (await fetchFrom({ address, port: http, host })).status;
  }
}

/** The blocks of the page, for other domains than its own where `name` is not `ml`. */
function specsFor(name: string): PageSpec[] {
  const blocks = [...page.matchAll(/^```yaml\n([^`]*)^```$/gm)].map(([, text]) => text ?? '');
  return blocks.map((text) => parse(text.replaceAll(/\bml(?=[.-]example)/g, name)).spec);
}

/** Renders the start and the three steps. */
async function renderAll(specs: readonly PageSpec[]): Promise<[Step, Step, Step, Step]> {
  assert.is(specs.length, 4, 'the start and three steps');
  const steps: Step[] = [];
  for (const spec of specs) steps.push(await render(spec));
  return steps as [Step, Step, Step, Step];
}

async function render(spec: PageSpec): Promise<Step> {
  const entry = { ingress: { controller: 'contour' } };
  const { manifests, configJson } = await buildLiveOverlay({ ...spec, entry });
  return { manifests: manifestsOf(manifests), configJson };
}

/** Moves another domain as far as the swap, which is changed, and gives what its clients lose by it. */
async function swapCarelessly(
  name: string,
  change: (swap: PageSpec) => PageSpec,
): Promise<{ oldFailures: string[]; newFailures: string[] }> {
  const [start, first, second] = specsFor(name);
  assert.ok(start && first && second);
  const swap = await render(change(second));
  const move = new Move(name, stand());
  await move.carryOut(await render(start));
  await move.carryOut(await render(first));
  const oldClients = move.clientsOf(await move.entry(`${name}.example.com`));
  const newClients = move.clientsOf(await move.entry(`${name}.example.org`));
  await progressOf([...oldClients, ...newClients]);
  assert.equal(failuresOf([...oldClients, ...newClients]), []);
  await move.carryOut(swap);
  await progressOf([...oldClients, ...newClients]);
  for (const client of [...oldClients, ...newClients]) await client.close();
  return { oldFailures: failuresOf(oldClients), newFailures: failuresOf(newClients) };
}

/** Waits until every client has made some more calls. */
async function progressOf(clients: readonly Client[]): Promise<void> {
  const wanted = clients.map((client) => ({ client, calls: client.calls + CALLS }));
  const isDone = () => wanted.every(({ client, calls }) => client.calls >= calls) || undefined;
  await until(`${CALLS} calls of every client`, isDone, 30_000);
}

/** Each kind of failure once. */
function failuresOf(clients: readonly Client[]): string[] {
  return clients.flatMap(({ failures }) => [...failures]);
}

/** The Secrets that the page has one wait for. */
function awaitedSecrets(): string[] {
  const [, names = ''] = /^\$ kubectl get secret -n \S+ (.+)$/m.exec(page) ?? [];
  assert.is(names.split(' ').length, 2);
  return names.split(' ');
}

/** Where workers call the API. */
function workerAddress(manifests: readonly Manifest[]): string {
  const [config, ...more] = manifests
    .filter(({ kind }) => kind === 'ConfigMap')
    .map(({ data }) => parse(data['base.yaml'] ?? '{}'))
    .filter(({ worker }) => worker !== undefined);
  assert.equal(more, []);
  return config.worker.address;
}
