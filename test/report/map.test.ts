import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../../src/checks/index.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { trafficMap } from '../../src/report/map/build.ts';
import { place } from '../../src/report/map/layout.ts';
import { drawMermaid } from '../../src/report/map/mermaid.ts';
import { drawSvg } from '../../src/report/map/svg.ts';
import { widthOf, wrap } from '../../src/report/map/text.ts';
import { brokenLinks, type TrafficMap } from '../../src/report/map/traffic-map.ts';
import { mapSection } from '../../src/report/page/map-section.ts';
import { surfaceOf } from '../../src/surface/surface.ts';

const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: api}
spec:
  selector: {app: api}
  ports: [{name: grpc, port: 15566, targetPort: grpc}]
`;
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    metadata: {labels: {app: api}}
    spec: {containers: [{name: api, ports: [{name: grpc, containerPort: 15566}]}]}
`;
const INGRESS = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: api, annotations: {nginx.ingress.kubernetes.io/backend-protocol: GRPC}}
spec:
  ingressClassName: nginx
  tls: [{hosts: [api.example.com], secretName: api-tls}]
  rules: [{host: api.example.com, http: {paths: [{path: /, backend: {service: {name: api, port: {number: 15566}}}}]}}]
`;

function mapOf(...documents: string[]): TrafficMap {
  return trafficMap(surfaceOf(splitDocuments(Buffer.from(documents.join('---\n')))));
}

function whyBroken(...documents: string[]): (string | undefined)[] {
  return brokenLinks(mapOf(...documents)).map(({ broken }) => broken);
}

const map = suite('traffic map');

map('leads from a public host to the pods', () => {
  const { nodes, links } = mapOf(SERVICE, DEPLOYMENT, INGRESS);
  const name = (id: string) => nodes.find((node) => node.id === id)?.title;
  assert.equal(
    links.map(({ from, to, protocol, port, tls }) => [name(from), name(to), protocol, port, tls]),
    [
      ['Clients', 'Public host', 'gRPC', '443', true],
      ['Public host', 'Ingress, class nginx', 'TLS', '443', true],
      ['Ingress, class nginx', 'Service', 'gRPC, h2c', '15566', false],
      ['Service', 'Deployment', 'gRPC, h2c', '15566', false],
    ],
  );
  assert.equal(
    nodes.filter(({ endsTls }) => endsTls).map(({ name, details }) => [name, details]),
    [['api', ['Secret api-tls']]],
  );
});

map('without the mark, the Ingress speaks HTTP/1.1', () => {
  const { links } = mapOf(SERVICE, DEPLOYMENT, INGRESS.replace(/, annotations: \{.*?\}/, ''));
  assert.is(links[2]?.protocol, 'HTTP/1.1');
});

const CONTOUR = INGRESS.replace('ClassName: nginx', 'ClassName: contour').replace(
  /, annotations: \{.*?\}/,
  '',
);
for (const [name, protocol, ...documents] of [
  ['a mark with the value HTTP', 'HTTP/1.1', SERVICE, INGRESS.replace(': GRPC', ': HTTP')],
  [
    'a mark of another controller',
    'HTTP/1.1',
    SERVICE.replace('15566,', '15566, appProtocol: kubernetes.io/h2c,'),
    INGRESS.replace(': GRPC', ': HTTP'),
  ],
  ['no mark and a port without a name', 'HTTP/1.1', SERVICE.replace('name: grpc, ', ''), CONTOUR],
  [
    "Contour's other mark",
    'gRPC',
    SERVICE.replace('api}', 'api, annotations: {projectcontour.io/upstream-protocol.h2: grpc}}'),
    CONTOUR,
  ],
] as [string, string, ...string[]][])
  map(`agrees with the check on ${name}`, () => {
    const surface = surfaceOf(
      splitDocuments(Buffer.from([DEPLOYMENT, ...documents].join('---\n'))),
    );
    assert.is(trafficMap(surface).links[2]?.protocol, protocol);
    const codes = runChecks(surface).findings.map(({ code }) => code);
    assert.is(codes.includes('grpc-over-http1'), protocol === 'HTTP/1.1');
  });

const POD_TLS = (text: string) =>
  text.replaceAll(/name: grpc\b/g, 'name: grpcs').replace('targetPort: grpc', 'targetPort: grpcs');
const PASSED = INGRESS.replace('backend-protocol: GRPC', 'ssl-passthrough: "true"');
for (const [name, protocol, tls, broken, ingress] of [
  ['GRPCS', 'gRPC', true, [], INGRESS.replace('GRPC', 'GRPCS')],
  ['TLS that passes through', 'TLS', true, [], PASSED],
  [
    'a plain mark',
    'gRPC, h2c',
    false,
    ['Ingress api speaks plain gRPC to Service api, and its port is called grpcs'],
    INGRESS,
  ],
] as const)
  map(`shows what pods that end TLS are told by ${name}`, () => {
    const drawn = mapOf(...[SERVICE, DEPLOYMENT].map(POD_TLS), ingress);
    const toPods = drawn.links.slice(2).map((link) => [link.protocol, link.tls]);
    assert.equal(toPods, [
      [protocol, tls],
      [protocol, tls],
    ]);
    assert.ok(drawn.nodes.find(({ title }) => title === 'Deployment')?.endsTls);
    assert.equal(
      brokenLinks(drawn).map(({ broken }) => broken),
      broken,
    );
  });

map('an entry that passes TLS through shows that the pods end it', () => {
  const drawn = mapOf(SERVICE, DEPLOYMENT, PASSED);
  assert.ok(drawn.nodes.find(({ title }) => title === 'Deployment')?.endsTls);
});

map('says which link leads nowhere, and why', () => {
  assert.equal(whyBroken(SERVICE, DEPLOYMENT, INGRESS), []);
  assert.equal(whyBroken(SERVICE.replace('name: api}', 'name: other}'), DEPLOYMENT, INGRESS), [
    'there is no Service api',
  ]);
  assert.equal(whyBroken(SERVICE, DEPLOYMENT, INGRESS.replace('number: 15566', 'number: 1')), [
    'Service api has no port 1, it has 15566 (grpc)',
  ]);
  assert.equal(whyBroken(SERVICE, DEPLOYMENT.replace('app: api', 'app: b'), INGRESS), [
    'the selector picks no pods of these manifests: app=api',
  ]);
  assert.equal(whyBroken(SERVICE, DEPLOYMENT.replace('name: grpc', 'name: rpc'), INGRESS), [
    'no container of api has a port named grpc',
  ]);
});

map('a host that is only redirected has no box, and a call to it leads outside', () => {
  const redirect = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: old}
spec:
  hostnames: [old.example.com]
  parentRefs: [{name: shared, namespace: elsewhere}]
  rules: [{filters: [{type: RequestRedirect, requestRedirect: {hostname: api.example.com}}]}]
`;
  const worker =
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: worker}\ndata:\n  base.yaml: |\n    worker: {address: "old.example.com:443", useTLS: true}\n';
  const { nodes, links } = mapOf(redirect, worker);
  assert.equal(
    links.map(({ to }) => nodes.find(({ id }) => id === to)?.name),
    ['old.example.com'],
  );
});

map('leads from the controller manager to the clusters that jobs are sent to', () => {
  const config = `apiVersion: v1
kind: ConfigMap
metadata: {name: controllermgr}
data: {base.yaml: 'controllermgr: {leaderElection: true}'}
`;
  const cluster = `apiVersion: michelangelo.api/v2
kind: Cluster
metadata: {name: gpu, namespace: ma-system}
spec: {kubernetes: {rest: {host: 'https://[2001:db8::1]', port: "6443"}}}
`;
  const { nodes, links } = mapOf(config, cluster, cluster.replace('michelangelo.api', 'db.io'));
  const drawn = links.map(({ from, to, ...link }) => {
    const [one, other] = [from, to].map((id) => nodes.find((node) => node.id === id));
    return [one?.name, other?.title, other?.name, link.protocol, link.port];
  });
  const title = 'Compute cluster gpu';
  assert.equal(drawn, [['controllermgr', title, '[2001:db8::1]', 'HTTPS', '6443']]);
});

map('a worker whose address nobody serves is a broken link', () => {
  const worker = (address: string, useTLS = true) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: worker}\ndata:\n  base.yaml: |\n    worker: {address: "${address}", useTLS: ${useTLS}}\n`;
  const documents = [SERVICE, DEPLOYMENT, INGRESS];
  assert.equal(whyBroken(...documents, worker('api.example.com:443')), []);
  assert.equal(whyBroken(...documents, worker('api:15566', false)), []);
  assert.equal(whyBroken(...documents, worker('old-api:15566')), [
    'old-api is neither the host of an API entry (api.example.com) nor the API Service',
  ]);
  assert.equal(whyBroken(...documents, worker('api.example.org:443')), [
    'api.example.org is neither the host of an API entry (api.example.com) nor the API Service',
  ]);
});

map.run();

const drawing = suite('drawings of the map');
const whole = mapOf(SERVICE, DEPLOYMENT, INGRESS);
const svg = (of: TrafficMap) => drawSvg(of, { title: 'T', id: 'm', standalone: true });

drawing('are the same each time', () => {
  const again = mapOf(SERVICE, DEPLOYMENT, INGRESS);
  assert.is(svg(whole), svg(again));
  assert.is(drawMermaid(whole, 'T'), drawMermaid(again, 'T'));
});

drawing('have no two boxes on one place', () => {
  const { nodes } = place(whole);
  for (const [index, one] of nodes.entries())
    for (const other of nodes.slice(index + 1)) {
      const isBeside = Math.abs(one.x - other.x) >= (one.box.width + other.box.width) / 2;
      const isBelow = Math.abs(one.y - other.y) >= (one.box.height + other.box.height) / 2;
      assert.ok(isBeside || isBelow, `${one.node.id} and ${other.node.id}`);
    }
});

drawing('escape every name', () => {
  const nasty = mapOf(INGRESS.replaceAll('name: api,', `name: '"><script>&',`));
  assert.not.match(svg(nasty), '<script');
  assert.match(svg(nasty), '&lt;script&gt;');
  assert.not.match(drawMermaid(nasty, 'T'), '<script');
});

drawing('give way to the list where there are too many boxes', () => {
  const worker = (number: number) => ({
    ...node('workload'),
    id: `w${number}`,
    name: `w${number}`,
  });
  const node = (kind: 'workload' | 'outside') => ({
    ...{ kind, id: 'engine', title: 'Program', name: 'engine', details: [], endsTls: false },
  });
  const workers = (count: number) => Array.from({ length: count }, (_, index) => worker(index));
  const ofWorkers = (count: number): TrafficMap => ({
    nodes: [node('outside'), ...workers(count)],
    links: workers(count).map(({ id }) => ({
      from: id,
      to: 'engine',
      protocol: 'gRPC',
      tls: true,
    })),
  });
  const section = (count: number) => mapSection(ofWorkers(count), 'dev', 'dev').text;
  assert.match(section(20), '<svg');
  const large = section(3000);
  assert.not.match(large, '<svg');
  assert.match(large, 'too many programs for a picture');
  assert.is(large.match(/<tr><td/g)?.length, 3000);
  assert.match(large, '<code>w2999</code>');
});

drawing('of nothing are a small empty picture', () => {
  assert.match(svg({ nodes: [], links: [] }), '<svg');
});

drawing('break long names behind dots and hyphens', () => {
  assert.equal(wrap('temporal.internal.example.com', 20), ['temporal.internal.', 'example.com']);
  assert.equal(wrap('x'.repeat(25), 10), ['x'.repeat(10), 'x'.repeat(10), 'x'.repeat(5)]);
  assert.ok(widthOf('日本', 10) > widthOf('ab', 10));
});

drawing.run();
