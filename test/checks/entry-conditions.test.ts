/** What routes ask for, where redirects lead, hosts that are none, and Services that moved: each beside a form that is right. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { changeIn, type PlantedChange, plantEach, streamOf } from './plant-each.ts';
import { find, findingsIn, type Manifest, planted } from './support.ts';

type Plant = PlantedChange['plant'];

const change = (
  code: PlantedChange['code'],
  severity?: 'warning',
  streams: PlantedChange['in'] = ['sound-gateway.yaml'],
) => changeIn(streams, code, severity);
const matching =
  (kind: string, ...matches: Manifest[]): Plant =>
  (manifests) => {
    find(manifests, kind).spec.rules[0].matches = matches;
  };
const service = (name: string) => ({ method: { service: `michelangelo.api.v2.${name}` } });
const CANARY = { headers: [{ name: 'x-canary', value: 'always' }] };

/** A route that redirects what comes in on port 80. */
const redirecting =
  (requestRedirect: Manifest): Plant =>
  (manifests) => {
    const { listeners } = find(manifests, 'Gateway').spec;
    listeners.push({
      name: 'plain',
      port: 80,
      protocol: 'HTTP',
      allowedRoutes: { namespaces: { from: 'All' } },
    });
    const route = structuredClone(find(manifests, 'HTTPRoute'));
    route.metadata.name = 'to-https';
    Object.assign(route.spec.parentRefs[0], { sectionName: 'plain' });
    route.spec.rules = [{ filters: [{ type: 'RequestRedirect', requestRedirect }] }];
    manifests.push(route);
  };
const host =
  (text: string): Plant =>
  (manifests) => {
    const ingress = manifests.find(({ metadata }) => metadata.name === 'prod-ma-web');
    ingress.spec.rules[0].host = text;
  };
/** The Gateway is Google's; policies say how long calls last. */
const onGoogle =
  (seconds: number | undefined): Plant =>
  (manifests) => {
    find(manifests, 'GatewayClass').spec.controllerName = 'networking.gke.io/gateway';
    manifests.splice(manifests.indexOf(find(manifests, 'BackendTrafficPolicy')), 1);
    if (seconds === undefined) return;
    for (const name of ['envoy', 'apiserver']) {
      const { namespace } = find(manifests, 'Service', name).metadata;
      const targetRef = { group: '', kind: 'Service', name };
      manifests.push({
        apiVersion: 'networking.gke.io/v1',
        kind: 'GCPBackendPolicy',
        metadata: { name, namespace },
        spec: { default: { timeoutSec: seconds }, targetRef },
      });
    }
  };

const left = change('path-not-led');
const narrow = change('path-not-led', 'warning');
const redirect = change('redirect-target');
const refused = change('kubernetes-refuses', undefined, ['sound.yaml']);
const harmless = change(undefined);

const CHANGES: readonly PlantedChange[] = [
  left('calls of the page are taken by GET', matching('HTTPRoute', { method: 'GET' })),
  narrow('calls of the page are taken with a header', matching('HTTPRoute', CANARY)),
  left('one service of the API is led', matching('GRPCRoute', service('ProjectService'))),
  narrow(
    'two services of the API are led',
    matching('GRPCRoute', service('ProjectService'), service('ModelService')),
  ),
  narrow('gRPC is taken with a header', matching('GRPCRoute', CANARY)),
  harmless('a canary beside all others', matching('HTTPRoute', CANARY, {})),
  harmless(
    'calls of the page are taken by POST',
    matching('HTTPRoute', { method: 'POST' }, { method: 'GET' }),
  ),
  harmless(
    'many services of the API are led',
    matching(
      'GRPCRoute',
      ...[
        'ProjectService',
        'ModelService',
        'PipelineService',
        'PipelineRunService',
        'TriggerRunService',
      ].map(service),
    ),
  ),
  harmless(
    'gRPC by its content-type',
    matching('GRPCRoute', {
      headers: [{ name: 'content-type', type: 'RegularExpression', value: 'application/grpc.*' }],
    }),
  ),
  {
    ...redirect('a redirect to another port', redirecting({ scheme: 'https', port: 8443 })),
    path: 'spec.rules[0].filters[0].requestRedirect.port',
  },
  redirect('a redirect to the port of plain HTTP', redirecting({ scheme: 'https', port: 80 })),
  redirect(
    'a redirect to a host that is misspelled',
    redirecting({ hostname: 'studoi.example.net', scheme: 'https' }),
  ),
  harmless('a redirect to HTTPS', redirecting({ scheme: 'https', statusCode: 301 })),
  harmless('a redirect to HTTPS with its port', redirecting({ scheme: 'https', port: 443 })),
  harmless(
    'a redirect to somebody else',
    redirecting({ scheme: 'https', hostname: 'www.example.org' }),
  ),
  harmless(
    'a redirect to the host of another region',
    redirecting({ scheme: 'https', hostname: 'studio2.example.net' }),
  ),
  refused('a host with a port', host('studio.ml.acme.io:8443')),
  refused('a host with a scheme', host('https://studio.ml.acme.io')),
  refused('a host in capitals', host('Studio.ml.acme.io')),
  // Named once: nothing else is to be found besides.
  change('placeholder-host', undefined, ['sound.yaml'])('a host with a variable', (manifests) => {
    const other = structuredClone(
      manifests.find(({ metadata }) => metadata.name === 'prod-ma-web'),
    );
    other.metadata = { name: 'other' };
    other.spec = { rules: [{ host: '%NAME%.example.net' }] };
    manifests.push(other);
  }),
  change('grpc-route-cut')('Google ends the calls of a GRPCRoute', onGoogle(undefined)),
  change('entry-timeouts')('a policy of Google ends calls', onGoogle(30)),
  harmless('policies of Google let calls live', onGoogle(3600)),
  change('route-not-allowed', undefined, ['onprem'])(
    'a TLSRoute on the listener of the API',
    (manifests) => {
      const { spec } = find(manifests, 'TLSRoute');
      spec.parentRefs[0].sectionName = find(
        manifests,
        'HTTPRoute',
        '-apiserver',
      ).spec.parentRefs[0].sectionName;
    },
  ),
];

await plantEach(CHANGES);

test('a Service that left its pods is to go back, whoever misses it', async () => {
  const stream = planted(await streamOf('production'), (manifests) => {
    find(manifests, 'Service', '-apiserver').metadata.namespace = 'elsewhere';
  });
  const fixes = findingsIn(stream).flatMap(({ severity, fix }) =>
    severity === 'error' ? [fix] : [],
  );
  assert.ok(fixes.length > 2);
  for (const fix of fixes)
    assert.match(fix, /^put (?:the )?Service .*into namespace michelangelo\b/);
});

test.run();
