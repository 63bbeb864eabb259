/** The chart behind AWS's load balancer: annotations that its controller cannot carry out are named. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { findingsIn, foreign, type Manifest, planted } from './support.ts';

const PREFIX = 'alb.ingress.kubernetes.io';
const ingresses = (manifests: Manifest[]) => manifests.filter(({ kind }) => kind === 'Ingress');
const isOfApi = ({ spec }: Manifest) =>
  JSON.stringify(spec.rules).includes('15566') || JSON.stringify(spec.rules).includes('grpc');

const annotate =
  (key: string, value: string | undefined, only = (_: Manifest) => true) =>
  (manifests: Manifest[]) => {
    for (const { metadata } of ingresses(manifests).filter(only))
      if (value === undefined) delete metadata.annotations[`${PREFIX}/${key}`];
      else metadata.annotations[`${PREFIX}/${key}`] = value;
  };
const change = (
  name: string,
  plant: (manifests: Manifest[]) => void,
  rest: Partial<PlantedChange> = { code: 'load-balancer-settings' },
): PlantedChange => ({ name, in: ['sound.yaml'], plant, ...rest });

const CHANGES: readonly PlantedChange[] = [
  change('targets are nodes, and no Service has a node port', annotate('target-type', 'instance')),
  change('nothing says what targets are', annotate('target-type', undefined), {
    code: 'load-balancer-settings',
    severity: 'warning',
  }),
  change('no listener has TLS', annotate('listen-ports', '[{"HTTP": 80}]')),
  change('a redirect to a port without a listener', annotate('ssl-redirect', '8443')),
  change('a redirect to the listener', annotate('ssl-redirect', '443'), {}),
  change('a scheme that there is not', annotate('scheme', 'internet')),
  change('health checks of the app over TLS', annotate('healthcheck-protocol', 'HTTPS'), {}),
  change('a certificate that is none', annotate('certificate-arn', 'studio-certificate')),
  change('health checks ask a port that no pod declares', annotate('healthcheck-port', '4444'), {
    code: 'load-balancer-settings',
    severity: 'warning',
  }),
  change(
    'health checks ask the port of requests',
    annotate('healthcheck-port', 'traffic-port'),
    {},
  ),
  change('a scheme', annotate('scheme', 'internal'), {}),
  change('a place in the group beyond its bounds', annotate('group.order', '5000')),
  change('a place in the group', annotate('group.order', '-10'), {}),
  change(
    'longer than a load balancer waits',
    annotate('load-balancer-attributes', 'idle_timeout.timeout_seconds=7200'),
  ),
  change(
    'an attribute without what it is about',
    annotate('target-group-attributes', 'deregistration_delay=30'),
  ),
  change(
    'attributes of both sides',
    annotate(
      'target-group-attributes',
      'deregistration_delay.timeout_seconds=30, stickiness.enabled=false',
    ),
    {},
  ),
  change(
    'HTTP/2 is off',
    annotate(
      'load-balancer-attributes',
      'idle_timeout.timeout_seconds=3600,routing.http2.enabled=false',
      isOfApi,
    ),
    { code: 'entry-without-http2' },
  ),
  change(
    'an action that no annotation has',
    (manifests) => {
      const backend = { service: { name: 'closed', port: { name: 'use-annotation' } } };
      for (const { spec } of ingresses(manifests))
        spec.rules[0].http.paths.push({ path: '/old', pathType: 'Exact', backend });
    },
    { code: 'backend-missing', says: /no action closed/ },
  ),
  change('a login before calls', annotate('auth-type', 'oidc', isOfApi)),
  change(
    'a login before the page',
    annotate('auth-type', 'oidc', (one) => !isOfApi(one)),
    {},
  ),
  change('health checks that overlap', annotate('healthcheck-interval-seconds', '5')),
  change('health checks with time to answer', annotate('healthcheck-interval-seconds', '10'), {}),
  change('ports are no JSON', annotate('listen-ports', "[{'HTTPS':443}]")),
  change('codes of HTTP for gRPC', annotate('success-codes', '200', isOfApi)),
  change('codes of gRPC', annotate('success-codes', '0,12', isOfApi), {}),
  change(
    'targets are nodes, and Services have node ports',
    (manifests) => {
      annotate('target-type', 'instance')(manifests);
      for (const { kind, spec } of manifests) if (kind === 'Service') spec.type = 'NodePort';
    },
    {},
  ),
];

const behindBalancer = (manifests: Manifest[]) => {
  for (const ingress of ingresses(manifests)) {
    ingress.spec.ingressClassName = 'alb';
    ingress.metadata.annotations = {
      [`${PREFIX}/target-type`]: 'ip',
      [`${PREFIX}/listen-ports`]: '[{"HTTPS":443}]',
      [`${PREFIX}/load-balancer-attributes`]: 'idle_timeout.timeout_seconds=3600',
      ...(isOfApi(ingress) ? { [`${PREFIX}/backend-protocol-version`]: 'GRPC' } : {}),
    };
  }
};

await plantEach(CHANGES, behindBalancer);

test('a list of attributes without the time says so, and keeps what it has', () => {
  const stream = planted(foreign(), (manifests) => {
    behindBalancer(manifests);
    annotate('load-balancer-attributes', 'routing.http2.enabled=true')(manifests);
  });
  const found = findingsIn(stream).filter(({ code }) => code === 'entry-timeouts');
  assert.ok(found.length > 0);
  for (const { message, fix } of found) {
    assert.match(message, /^idle_timeout\.timeout_seconds is not set: /);
    assert.match(fix ?? '', /^write `idle_timeout\.timeout_seconds=3600` in /);
  }
});

test.run();
