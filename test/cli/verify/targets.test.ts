import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { targetsOf } from '../../../src/cli/verify/targets.ts';
import { surfaceOfCase, surfaceOfText } from '../../support/live-lines.ts';

const ingress = (host: string, service: string, port: number, path = '/') => `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: ${service}}
spec:
  tls: [{hosts: [${host}], secretName: tls}]
  rules: [{host: ${host}, http: {paths: [{path: ${path}, pathType: Prefix, backend: {service: {name: ${service}, port: {number: ${port}}}}}]}}]
`;
const page = (url: string) => `---
apiVersion: v1
kind: ConfigMap
metadata: {name: ui-config}
data: {config.json: '{"apiBaseUrl": "${url}"}'}
`;
const entries =
  ingress('api.test.example', 'michelangelo-apiserver', 15566) +
  ingress('app.test.example', 'michelangelo-envoy', 8081);

const targets = suite('what there is to reach');

targets('hosts, roles, page and calls of an overlay', () => {
  const found = targetsOf(surfaceOfCase('tls-secret'));
  assert.equal(
    found.hosts.map(({ host, roles }) => `${host} ${roles.join()}`),
    ['api.ml.example.com api', 'app.ml.example.com app,ui'],
  );
  assert.ok(found.hosts.every(({ port, scheme }) => port === 443 && scheme === 'https'));
  assert.is(found.page?.host, 'app.ml.example.com');
  assert.is(found.calls?.host, found.page);
  assert.is(found.origins[0]?.sample, 'https://app.ml.example.com');
});

targets('manifests without a config are read by their entries', () => {
  const found = targetsOf(surfaceOfText(entries + page('https://app.test.example')));
  assert.equal(
    found.hosts.map(({ host }) => host),
    ['api.test.example', 'app.test.example'],
  );
  assert.equal(found.apiBaseUrls, ['https://app.test.example']);
});

targets('calls below a path, and at the page itself', () => {
  const under = targetsOf(surfaceOfText(entries + page('https://app.test.example/api/')));
  assert.is(under.calls?.path, '/api');
  const own = targetsOf(surfaceOfText(entries + page('/api')));
  assert.is(own.calls?.path, '/api');
  assert.is(own.calls?.host.host, 'app.test.example');
});

targets('a page that calls a host of nobody: that host is looked at too', () => {
  const found = targetsOf(surfaceOfText(entries + page('https://calls.other.example:8443')));
  const last = found.hosts.at(-1);
  assert.is(last, found.calls?.host);
  assert.equal([last?.host, last?.port], ['calls.other.example', 8443]);
});

targets('a wildcard is no name, and nothing has no hosts', () => {
  const found = targetsOf(surfaceOfText(ingress('"*.test.example"', 'michelangelo-envoy', 8081)));
  assert.equal(found.hosts, []);
  assert.equal(targetsOf(surfaceOfText('')).hosts, []);
});

targets.run();
