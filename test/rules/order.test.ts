/** The pairs of rules of which one depends on what the other has done: each test fails where the two change places. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadConfig } from '../../src/config/load.ts';
import { applyEdits } from '../../src/manifests/editor.ts';
import { Manifests } from '../../src/manifests/manifests.ts';
import { splitDocuments } from '../../src/protocol/documents.ts';
import { alerts } from '../../src/rules/alerts/alerts.ts';
import { entryMarks } from '../../src/rules/entry-marks.ts';
import { envoyTls } from '../../src/rules/envoy-tls.ts';
import { gateway } from '../../src/rules/gateway.ts';
import { RULES } from '../../src/rules/index.ts';
import { issuer } from '../../src/rules/issuer.ts';
import { routes } from '../../src/rules/routes.ts';
import type { Rule, RuleOutput } from '../../src/rules/rule.ts';
import { ruleSettings } from '../../src/rules/rule-settings.ts';
import { Surface } from '../../src/surface/surface.ts';
import { getIn } from '../../src/yaml/json.ts';
import { API, BASE, ENVOY_DEPLOYMENT, ENVOY_SERVICE, envoy, ROUTED } from './manifests.ts';

/** Two rules, in the order that they have among all. */
function applyInOrder(
  pair: readonly Rule[],
  spec: string,
  documents: readonly string[],
): { surface: Surface; outputs: RuleOutput[] } {
  const { settings, problems } = loadConfig(`apiVersion: network.michelangelo.api/v1alpha1
kind: DomainConfig
metadata: { name: test }
spec: { domain: ml.example.com, absent: [worker, ui, controller-manager], ${spec} }
`);
  if (!settings) throw new Error(problems.map(({ message }) => message).join('; '));
  const chunks = splitDocuments(Buffer.from(documents.join('---\n')));
  const surface = new Surface(new Manifests(chunks), { settings });
  const effective = ruleSettings(settings, surface);
  const outputs = RULES['control-plane']
    .filter((rule) => pair.includes(rule))
    .map((rule) => {
      const output = rule({ settings: effective, surface });
      applyEdits(output.edits);
      surface.forget((output.removals ?? []).map(({ resource }) => resource));
      return output;
    });
  return { surface, outputs };
}

test('the solver of the issuer names the class that the entry gets', () => {
  const annotations = '{ kubernetes.io/ingress.class: internal }';
  const { outputs } = applyInOrder(
    [entryMarks, issuer],
    `tls: { mode: acme, acme: { email: a@example.com } }, entry: { ingress: { annotations: ${annotations} } }`,
    BASE,
  );
  const [added] = outputs.flatMap(({ additions }) => additions ?? []);
  assert.equal(getIn(added?.json, ['spec', 'acme', 'solvers']), [
    { http01: { ingress: { ingressClassName: 'internal' } } },
  ]);
});

test('listeners of routes that are replaced go before the others follow the hosts', () => {
  const { surface } = applyInOrder(
    [gateway, routes],
    'tls: { mode: secret }, entry: { api: { gateway: { className: x } } }',
    ROUTED,
  );
  const [edge] = surface.manifests.find(['Gateway'], ['edge']);
  const listeners = getIn(edge?.json, ['spec', 'listeners']) as {
    name: string;
    hostname: string;
  }[];
  assert.equal(
    listeners.map(({ name, hostname }) => [name, hostname]),
    [
      ['app', 'app.ml.example.com'],
      ['plain', undefined],
    ],
  );
});

test('metrics behind a listener that now ends TLS are not asked in plain HTTP', () => {
  const own = 'address: { socket_address: { address: 127.0.0.1, port_value: 9901 } }';
  const config = envoy()
    .replace('static_resources:', `admin: { ${own} }\n    static_resources:`)
    .replace(
      'routes: [',
      'routes: [{ match: { path: /stats/prometheus }, route: { cluster: own } }, ',
    )
    .replace(
      'clusters:\n',
      `clusters:\n        - { name: own, load_assignment: { endpoints: [{ lb_endpoints: [{ endpoint: { ${own} } }] }] } }\n`,
    );
  const monitored = (tls: string) => {
    const spec = `tls: { mode: secret${tls} }, alerts: { prometheusOperator: {} }`;
    const documents = [API, ENVOY_SERVICE, config, ENVOY_DEPLOYMENT];
    const { outputs } = applyInOrder([envoyTls, alerts], spec, documents);
    return outputs
      .flatMap(({ additions }) => additions ?? [])
      .some(({ json }) => json['kind'] === 'PodMonitor');
  };
  assert.is(monitored(''), true);
  assert.is(monitored(', terminateAt: envoy'), false);
});

test.run();
