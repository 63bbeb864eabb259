/** What becomes of requests in one topology, before the function and after it. */
import * as assert from 'uvu/assert';
import { Cluster, namespaceOf } from './cluster.ts';
import type { ControllerName } from './controllers.ts';
import { arrive, type Side } from './entry.ts';
import { labelOf, throughEnvoy } from './envoy.ts';
import { NEW, OLD, type Role } from './hosts.ts';
import { endsAtEnvoy, isStripped, manifestsOf, pageRole, type Topology } from './topology.ts';

const CALL = '/michelangelo.api.v2.ProjectService/List';

/** Requests to hosts of others, which no config mentions. */
const OTHERS = [
  ['grafana.example.com', '/'],
  ['shop.example.com', '/'],
  ['www.example.com', '/'],
  ['moved.example.com', '/'],
  ['unknown.example.net', '/'],
  ['portal.customer.example', '/'],
] as const;

const REQUESTS: readonly (readonly [Role, string, Side?])[] = [
  ['api', CALL],
  ['app', CALL],
  ['app', CALL, 'inside'],
  ['app', `/api${CALL}`],
  ['app', `/api${CALL}`, 'inside'],
  ['app', '/'],
  ['app', '/grafana/login'],
  ['app', '/reports/1'],
  ['app', '/shop'],
  ['app', '/canary'],
  ['ui', '/'],
];

interface Outcome {
  by: string;
  certificate: string;
  origins: readonly string[];
}

/** Throws where a request that had an answer gets another one, or the old host still gets one, in silence. */
export function compare(topology: Topology, output: string, stderr: string): void {
  const { controller, wanted } = topology;
  // Before kustomize put prefixes before the names, texts in ConfigMaps had the right ones.
  const plain = manifestsOf({ ...topology, prefix: '' }).join('\n---\n');
  const before = new Cluster(plain, controller);
  const next: ControllerName | 'same' = wanted.controller ?? 'same';
  const after = new Cluster(output, next === 'same' ? controller : next);
  const find = (cluster: Cluster, host: string, path: string, side?: Side) =>
    outcome(cluster, host, path, side, topology.prefix);
  // An alias goes on serving: what leads to it is right as well.
  const app = `redirect to ${wanted.alias ? OLD.app : NEW.app}`;
  for (const [host, path] of OTHERS) {
    const was = find(before, host, path);
    const is = find(after, host, path);
    const isSame = was?.by === `redirect to ${OLD.app}` && is?.by === app;
    assert.equal(isSame ? { ...is, by: was.by } : is, was, `${host}${path}`);
  }
  for (const [role, path, side] of REQUESTS) {
    if (role === 'ui' && pageRole(topology) !== 'ui') continue;
    const was = find(before, OLD[role], path, side);
    // What did not work before may work now.
    if (!was || !/^(Deployment|outside)/.test(was.by)) continue;
    const about = `${role} ${path} ${side ?? ''}`;
    const to = newRole(topology, role);
    const is = find(after, NEW[to], path, side);
    assert.is(is?.by, was.by, about);
    const old = find(after, OLD[role], path, side);
    const fallback = topology.defaultBackend
      ? find(before, 'unknown.example.net', path, side)?.by
      : undefined;
    const isKept = wanted.alias && role !== 'ui';
    assert.is(old?.by, isKept ? was.by : fallback, `old ${about}`);
    assert.ok(
      isServedWith(topology, to, is?.certificate, was.certificate) ||
        (was.certificate === 'none' && stderr.includes('this Ingress gets a TLS block')),
      `TLS of ${about}: ${is?.certificate}, before ${was.certificate}`,
    );
  }
  checkCors(topology, find, before, after, stderr);
  checkClients(topology, after);
  if (!wanted.alias && !stderr.includes('old-host-left'))
    assert.not.match(JSON.stringify(after.objects), /(api|app|ui)\\*\.old\\*\.example/);
}

type Find = (cluster: Cluster, host: string, path: string, side?: Side) => Outcome | undefined;

/** A page whose new host the config does not name moves to the app's. */
function newRole({ wanted }: Topology, role: Role): Role {
  return role === 'ui' && !wanted.pageHost ? 'app' : role;
}

function checkCors(
  topology: Topology,
  find: Find,
  before: Cluster,
  after: Cluster,
  stderr: string,
): void {
  const { wanted, envoy } = topology;
  const call = isStripped(topology) ? `/api${CALL}` : CALL;
  const page = pageRole(topology);
  const scheme = wanted.mode === 'none' ? 'http' : 'https';
  const was = find(before, OLD.app, call)?.origins ?? [];
  const is = find(after, NEW.app, call)?.origins ?? [];
  assert.ok(is.includes(`${scheme}://${NEW[newRole(topology, page)]}`), `origins ${is}`);
  const isKept = wanted.alias && page !== 'ui';
  if (!isKept) assert.not.ok(is.includes(`https://${OLD[page]}`), `origins ${is}`);
  assert.not.ok(is.includes('.*'), 'any origin');
  const partner = 'https://partner.example.net';
  if (was.includes(partner) && !is.includes(partner))
    assert.ok(stderr.includes(partner), 'a partner went in silence');
  const shop = find(before, OLD.app, '/shop');
  if (shop?.by === 'Deployment ma/shop' && envoy.shopPolicy)
    assert.equal(find(after, NEW.app, '/shop')?.origins, shop.origins);
}

/** What page and workers are told of the public addresses. */
function checkClients(topology: Topology, after: Cluster): void {
  const { wanted, prefix } = topology;
  const scheme = wanted.mode === 'none' ? 'http' : 'https';
  const text = (name: string, key: string) =>
    after.named('ConfigMap', `${prefix}${name}`, 'ma')?.data[key];
  const path = isStripped(topology) ? '/api' : '';
  assert.is(
    JSON.parse(text('ui-config', 'config.json')).apiBaseUrl,
    `${scheme}://${NEW.app}${path}`,
  );
  const address =
    wanted.mode === 'none' ? `${prefix}michelangelo-apiserver.ma.svc:15566` : `${NEW.api}:443`;
  assert.match(text('worker-config', 'base.yaml'), `address: ${address}\n`);
}

function isServedWith(topology: Topology, role: Role, is = '', was = ''): boolean {
  const { wanted, tls } = topology;
  if (was === 'elsewhere' && is === 'elsewhere') return true;
  // In front of the entry, or at it, with a certificate that is not in the cluster.
  if (wanted.mode === 'none' || wanted.mode === 'external')
    return ['none', was].includes(is) || (wanted.mode === 'external' && is === 'default');
  if (role === 'app' && endsAtEnvoy(topology)) return is.startsWith('Envoy: ma/');
  if (wanted.mode === 'secret')
    return tls === 'none' || wanted.entry === 'gateway' ? is !== 'none' : is === was;
  return is.startsWith('ma/');
}

/** @param prefix - of the names, which is taken away */
function outcome(
  cluster: Cluster,
  host: string,
  path: string,
  side: Side | undefined,
  prefix: string,
): Outcome | undefined {
  const arrival = arrive(cluster, host, path, side);
  if (!arrival) return undefined;
  const { certificate, protocol, redirect } = arrival;
  const said = (by: string) => by.replace(`/${prefix}`, '/');
  if (redirect) return { by: said(`redirect to ${redirect}`), certificate, origins: [] };
  const behind = cluster.behind(arrival.service, arrival.port);
  if (!behind) return { by: `nothing behind ${arrival.name}`, certificate, origins: [] };
  const { workload, port } = behind;
  const isEnvoy = workload.spec.template.spec.containers[0].image.startsWith('envoyproxy');
  if (isEnvoy && cluster.mounted(workload, 'envoy.yaml')) {
    const request = { host, path: arrival.path, isTls: protocol === 'https' };
    const answer = throughEnvoy(cluster, workload, port, request);
    const own = certificate === 'passed' ? `Envoy: ${answer.certificate}` : certificate;
    return { by: said(answer.by), certificate: own, origins: answer.origins };
  }
  const { name } = workload.metadata;
  const isGrpcService = name.endsWith('michelangelo-apiserver');
  if (protocol === 'nothing' || (protocol === 'h2c') !== isGrpcService || protocol === 'https')
    return { by: `${protocol} to ${namespaceOf(workload)}/${name}`, certificate, origins: [] };
  return { by: said(labelOf(workload)), certificate, origins: [] };
}
