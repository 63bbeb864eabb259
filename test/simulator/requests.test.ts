/**
 * Requests are followed through random topologies before and after the function: entry, Service, pod, listener, virtual host, route,
 * cluster, with TLS and CORS. Where the function does not refuse, the new hosts give what the old ones gave, the old ones give
 * nothing of ours, others' hosts give what they gave, and nothing of that is silent.
 */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { applyToStream } from '../support/function.ts';
import { Cluster } from './cluster.ts';
import { arrive } from './entry.ts';
import { labelOf, throughEnvoy } from './envoy.ts';
import { configOf, manifestsOf, NEW, OLD, type Topology, topologies } from './topology.ts';

/** Enough for every commit; `FUZZ_RUNS=20000` looks further. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 250);
const CALL = '/michelangelo.api.v2.ProjectService/List';

/** Requests to hosts of others, which no config mentions. */
const OTHERS = [
  ['grafana.example.com', '/'],
  ['shop.example.com', '/'],
  ['www.example.com', '/'],
  ['unknown.example.net', '/'],
  ['portal.customer.example', '/'],
] as const;

interface Outcome {
  by: string;
  certificate: string;
  origins: readonly string[];
}

test('requests arrive where they arrived', () => {
  let accepted = 0;
  fc.assert(
    fc.property(topologies, fc.integer(), (topology, seed) => {
      const stream = shuffled(manifestsOf(topology), seed).join('\n---\n');
      const { status, stdout, stderr } = run(topology, stream);
      if (status !== 0) {
        assert.match(stderr, /\[[a-z-]+\]/);
        assert.not.match(stderr, /\[internal\]/);
        return;
      }
      accepted += 1;
      const output = stdout;
      compare(topology, new Cluster(stream), new Cluster(output), stderr);
      assert.is(run(topology, output).stdout, output, 'a second run changes nothing');
    }),
    { numRuns },
  );
  assert.ok(accepted > numRuns / 10, `only ${accepted} of ${numRuns} were accepted`);
});

function compare(topology: Topology, before: Cluster, after: Cluster, stderr: string): void {
  for (const [host, path] of OTHERS)
    assert.equal(
      outcome(after, host, path, NEW.app),
      outcome(before, host, path, OLD.app),
      `${host}${path}`,
    );
  const requests = [
    ['api', CALL],
    ['app', CALL],
    ['app', '/'],
    ['app', '/grafana/login'],
    ['app', '/shop'],
    ['app', '/canary'],
  ] as const;
  for (const [role, path] of requests) {
    const was = outcome(before, OLD[role], path);
    // What did not work before may work now.
    if (!was || !/^(Deployment|outside)/.test(was.by)) continue;
    const is = outcome(after, NEW[role], path);
    assert.is(is?.by, was?.by, `${role} ${path}`);
    const old = outcome(after, OLD[role], path);
    const fallback = topology.defaultBackend
      ? outcome(before, 'unknown.example.net', path)?.by
      : undefined;
    assert.is(old?.by, topology.wanted.alias ? was?.by : fallback, `old ${role} ${path}`);
    assert.ok(
      isServedWith(topology, is?.certificate, was?.certificate),
      `TLS of ${role}: ${is?.certificate}`,
    );
  }
  checkCors(topology, before, after, stderr);
  if (!topology.wanted.alias && !stderr.includes('old-host-left'))
    assert.not.match(JSON.stringify(after.objects), /(api|app)\\*\.old\\*\.example/);
}

function checkCors(topology: Topology, before: Cluster, after: Cluster, stderr: string): void {
  const scheme = topology.wanted.mode === 'none' ? 'http' : 'https';
  const was = outcome(before, OLD.app, CALL)?.origins ?? [];
  const is = outcome(after, NEW.app, CALL)?.origins ?? [];
  assert.ok(is.includes(`${scheme}://${NEW.app}`), `origins ${is}`);
  if (!topology.wanted.alias) assert.not.ok(is.includes(`https://${OLD.app}`), `origins ${is}`);
  assert.not.ok(is.includes('.*'), 'any origin');
  const partner = 'https://partner.example.net';
  if (was.includes(partner) && !is.includes(partner))
    assert.ok(stderr.includes(partner), 'a partner went in silence');
  const shop = outcome(before, OLD.app, '/shop');
  if (shop?.by === 'Deployment ma/shop' && topology.envoy.shopPolicy)
    assert.equal(outcome(after, NEW.app, '/shop')?.origins, shop.origins);
}

function isServedWith({ wanted, tls }: Topology, is = '', was = ''): boolean {
  if (wanted.mode === 'none' || wanted.mode === 'external') return is === 'none' || is === was;
  if (wanted.mode === 'secret')
    return tls === 'none' || wanted.entry === 'gateway' ? is !== 'none' : is === was;
  return is.startsWith('ma/');
}

/** @param redirected - the app's host at that time: a redirect to it is told by this word, whichever it is */
function outcome(
  cluster: Cluster,
  host: string,
  path: string,
  redirected = '',
): Outcome | undefined {
  const arrival = arrive(cluster, host, path);
  if (!arrival) return undefined;
  const { certificate, protocol } = arrival;
  const behind = cluster.behind(arrival.service, arrival.port);
  if (!behind) return { by: `nothing behind ${arrival.name}`, certificate, origins: [] };
  if (
    behind.workload.spec.template.spec.containers[0].image.startsWith('envoyproxy') &&
    cluster.mounted(behind.workload, 'envoy.yaml')
  ) {
    const request = { host, path, isTls: protocol === 'https' || certificate === 'passed' };
    const { by, origins } = throughEnvoy(cluster, behind.workload, behind.port, request);
    return { by: redirected ? by.replace(redirected, 'the app') : by, certificate, origins };
  }
  const isGrpcService = behind.workload.metadata.name === 'michelangelo-apiserver';
  const by =
    isGrpcService && protocol !== 'h2c' ? 'HTTP/1.1 to a gRPC server' : labelOf(behind.workload);
  return { by, certificate, origins: [] };
}

function run(topology: Topology, stream: string) {
  return applyToStream(Buffer.from(configOf(topology)), Buffer.from(stream));
}

/** The same members in an order that the seed decides. */
function shuffled(members: readonly string[], seed: number): string[] {
  let state = seed;
  const order = members.map((member) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return { member, key: state };
  });
  return order.sort((left, right) => left.key - right.key).map(({ member }) => member);
}

test.run();
