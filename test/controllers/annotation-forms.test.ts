/** Values of annotations: those that a program reads, beside those that it does not. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ANNOTATION_FORMS } from '../../src/controllers/shared/annotation-forms.ts';
import { meantKey } from '../../src/controllers/shared/annotation-keys.ts';
import { isMisspelled } from '../../src/surface/near-names.ts';

const NGINX = 'nginx.ingress.kubernetes.io';
const TRAEFIK = 'traefik.ingress.kubernetes.io';
const CLOUD = 'service.beta.kubernetes.io';

const ROWS: readonly (readonly [key: string, taken: string[], refused: string[]])[] = [
  [`${NGINX}/ssl-redirect`, ['true', 'False', '0'], ['yes', 'on', '"true"']],
  [`${NGINX}/ssl-passthrough`, ['true'], ['enabled']],
  [`${NGINX}/canary-weight`, ['20'], ['20%']],
  [`${NGINX}/cors-max-age`, ['600'], ['10m']],
  [`${NGINX}/proxy-ssl-verify`, ['on', 'off'], ['true']],
  [`${NGINX}/affinity`, ['cookie'], ['sticky']],
  [`${TRAEFIK}/router.tls`, ['true'], ['on']],
  [`${TRAEFIK}/router.priority`, ['10', '-1'], ['high']],
  ['nginx.org/ssl-redirect', ['False'], ['off']],
  ['nginx.org/proxy-buffer-size', ['16k', '8192'], ['16kb', '1g']],
  [
    'nginx.org/fail-timeout',
    ['10s', '10', '1m 30s', '100ms'],
    ['10sec', 's', `${'1'.repeat(60)}x`],
  ],
  ['nginx.org/lb-method', ['least_conn', 'hash $uri consistent', 'random two least_conn'], ['rr']],
  ['nginx.org/mergeable-ingress-type', ['minion'], ['slave']],
  ['haproxy.org/ssl-redirect', ['true', 'enabled', 'OFF'], ['yes']],
  ['haproxy.org/ssl-redirect-port', ['8443'], ['https']],
  ['haproxy.org/timeout-connect', ['5s', '500'], ['5 s', '5sec']],
  ['haproxy-ingress.github.io/ssl-redirect', ['false'], ['off']],
  ['haproxy-ingress.github.io/limit-rps', ['100'], ['100/s']],
  ['konghq.com/strip-path', ['true', 'FALSE'], ['1']],
  ['konghq.com/path', ['/api'], ['api']],
  ['projectcontour.io/max-requests', ['9000'], ['9k']],
  ['projectcontour.io/per-try-timeout', ['5s', '1m30s', 'infinity'], ['5']],
  ['projectcontour.io/tls-minimum-protocol-version', ['1.2'], ['TLSv1.2', '1.0']],
  ['ingress.cilium.io/service-type', ['NodePort'], ['nodeport']],
  ['cert-manager.io/private-key-rotation-policy', ['Always'], ['always']],
  ['argocd.argoproj.io/sync-wave', ['-5'], ['first']],
  ['alb.ingress.kubernetes.io/healthcheck-interval-seconds', ['15'], ['15s', '301']],
  ['alb.ingress.kubernetes.io/healthcheck-path', ['/healthz'], ['healthz']],
  [`${CLOUD}/aws-load-balancer-scheme`, ['internal'], ['public']],
  [`${CLOUD}/aws-load-balancer-proxy-protocol`, ['*'], ['true']],
  [`${CLOUD}/aws-load-balancer-backend-protocol`, ['ssl', 'TCP'], ['grpc']],
  [`${CLOUD}/azure-load-balancer-internal`, ['true', 'False'], ['yes', 'True']],
  [`${CLOUD}/azure-load-balancer-tcp-idle-timeout`, ['30'], ['30m', '3600']],
  ['networking.gke.io/load-balancer-type', ['Internal', 'internal'], ['private']],
  ['cloud.google.com/network-tier', ['Premium'], ['premium']],
  [`${CLOUD}/do-loadbalancer-protocol`, ['http2'], ['grpc']],
  [`${CLOUD}/oci-load-balancer-ssl-ports`, ['443', '443, 8443'], ['https']],
];

for (const [key, taken, refused] of ROWS)
  test(key, () => {
    const form = ANNOTATION_FORMS.get(key);
    for (const text of taken) assert.is(form?.test(text), true, text);
    for (const text of refused) assert.is(form?.test(text), false, text);
  });

test('every key with a form is one that its program reads', () => {
  for (const key of ANNOTATION_FORMS.keys()) assert.is(meantKey(key, isMisspelled), undefined, key);
});

test.run();
