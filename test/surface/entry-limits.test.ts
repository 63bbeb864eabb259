/** What controllers have to be told elsewhere: seen in the manifests alone, and said by the function in the same words. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runChecks } from '../../src/checks/index.ts';
import { asView, foreign, manifestsIn, type Stream } from '../checks/support.ts';
import { applyToStream } from '../support/function.ts';

const limits = suite('limits of controllers');

const service = (name: string, port: number) => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ml}
spec: {selector: {app: ${name}}, ports: [{name: grpc, port: ${port}}]}
`;
const ingress = (name: string, to: string, port: number) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${name}, namespace: ml}
spec:
  ingressClassName: nginx
  tls: [{hosts: [${name}.old.example.com], secretName: ${name}-tls}]
  rules:
  - host: ${name}.old.example.com
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: ${to}, port: {number: ${port}}}}}]}
`;
const INPUT = [
  service('michelangelo-apiserver', 15566),
  service('michelangelo-envoy', 8081),
  ingress('api', 'michelangelo-apiserver', 15566),
  ingress('app', 'michelangelo-envoy', 8081),
].join('---\n');

const config = (controller: string, more = '', mode = 'mode: secret') =>
  Buffer.from(`apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: {name: production}
spec:
  domain: ml.example.com
  tls: {${mode}}
  entry: {ingress: {controller: ${controller}${more}}}
  absent: [worker, ui, envoy, controller-manager, task-pods]
`);

/** The chart has fields that Envoy will give up, which is no limit. */
function codesOf(stream: Stream): string[] {
  const codes = runChecks(asView(stream)).findings.map(({ code }) => code);
  return codes.filter((code) => code !== 'envoy-deprecated');
}

/** Messages by code, of the function and of a check of what it wrote. */
function found(controller: string, more = '', mode?: string) {
  const { stdout, stderr, status } = applyToStream(
    config(controller, more, mode),
    Buffer.from(INPUT),
  );
  assert.is(status, 0, stderr);
  const stream = { name: 'output', manifests: manifestsIn(stdout), settings: undefined };
  const checked = runChecks(asView(stream)).findings.filter(({ code }) =>
    /^entry-(stream-)?limit$/.test(code),
  );
  const said = [...stderr.matchAll(/^warning: (.*) \[(entry-limit|entry-stream-limit)\]$/gm)];
  return {
    function: said.map(([, message, code]) => `${code}: ${message}`).sort(),
    check: checked.map(({ code, message }) => `${code}: ${message}`).sort(),
  };
}

for (const controller of ['istio', 'kong', 'contour', 'nginx-inc', 'traefik', 'haproxy'])
  limits(`function and check say the same of ${controller}`, () => {
    const { function: said, check } = found(controller);
    assert.ok(said.length > 0);
    assert.equal(check, said);
  });

limits('one is said once, with every Ingress that it holds for', () => {
  const { stderr } = applyToStream(config('istio'), Buffer.from(INPUT));
  assert.is(stderr.match(/^ {2}in +Ingress ml\/api and Ingress ml\/app$/gm)?.length, 2, stderr);
});

limits('an annotation that settles one is seen', () => {
  const middlewares = ', annotations: {traefik.ingress.kubernetes.io/router.middlewares: a@file}';
  assert.match(found('traefik').check.join(), /redirects to HTTPS/);
  assert.not.match(found('traefik', middlewares).check.join(), /redirects to HTTPS/);
});

limits('HTTP-01 is one where a second Ingress of the host would be ignored', () => {
  const acme = 'mode: acme, acme: {email: a@example.com}';
  const inPlace = ', annotations: {acme.cert-manager.io/http01-edit-in-place: "true"}';
  const about = (...args: Parameters<typeof found>) => {
    const { function: said, check } = found(...args);
    assert.equal(check, said);
    return check.filter((message) => message.includes('HTTP-01')).length;
  };
  assert.is(about('nginx-inc', '', acme), 1);
  assert.is(about('nginx-inc'), 0);
  assert.is(about('nginx-inc', inPlace, acme), 0);
  const dns = `${acme.slice(0, -1)}, solver: {dns01: {route53: {region: eu-central-1}}}}`;
  assert.is(about('nginx-inc', '', dns), 0);
});

limits('a finding that is accepted is silent in the function, by either form', () => {
  const accepted = `${config('istio').toString()}  checks: {ignore: [{code: entry-limit, reason: copied}]}\n`;
  const { stderr } = applyToStream(Buffer.from(accepted), Buffer.from(INPUT));
  assert.is(stderr, '');
  const annotated = INPUT.replaceAll(
    /metadata: \{name: (api|app), namespace: ml\}/g,
    'metadata: {name: $1, namespace: ml, annotations: {network.michelangelo.api/ignore-entry-limit: copied}}',
  );
  assert.is(applyToStream(config('istio'), Buffer.from(annotated)).stderr, '');
});

limits("the controller's own ConfigMap lifts what it sets", () => {
  const stream = foreign('sound-contour.yaml');
  const config = (timeout: string) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'contour', namespace: 'projectcontour' },
    data: { 'contour.yaml': `timeouts:\n  stream-idle-timeout: ${timeout}\n` },
  });
  const codes = (timeout: string) => {
    const manifests = [...stream.manifests, config(timeout)];
    return codesOf({ ...stream, manifests });
  };
  assert.equal(codes('3600s'), []);
  assert.equal(codes('infinity'), []);
  assert.equal(codes('5m'), ['entry-stream-limit']);
});

limits('manifests that were never touched show them too', () => {
  assert.equal(codesOf(foreign('sound-contour.yaml')), ['entry-stream-limit']);
});

limits.run();
