/** Sound manifests stay sound behind other controllers. */
import { test } from 'uvu';
import type { FindingCode } from '../../src/checks/shared/catalogue.ts';
import { type PlantedChange, plantEach } from './plant-each.ts';
import type { Manifest } from './support.ts';

const named = (manifests: Manifest[], kind: string, name: string) =>
  manifests.find((one) => one.kind === kind && one.metadata.name === name);
const ingressTo = (manifests: Manifest[], word: string): Manifest =>
  manifests.find(
    ({ kind, spec }) =>
      kind === 'Ingress' && spec.rules[0].http.paths[0].backend.service.name.includes(word),
  );

interface Family {
  className: string;
  api?: Record<string, string>;
  app?: Record<string, string>;
  /** Of the API server's Service, and of Envoy's. */
  services?: readonly [Record<string, string>, Record<string, string>];
  /** Of the API's entry. */
  path?: readonly [path: string, type: string];
  extra?: readonly Manifest[];
  /** What is warned of all the same, because no annotation tells it. */
  code?: FindingCode;
}

/** The same manifests behind another controller, told in ways that the function does not write. */
const FAMILIES: Readonly<Record<string, Family>> = {
  'NGINX Inc.': {
    className: 'nginx-plus',
    // HTTP/2 is turned on in its ConfigMap.
    code: 'entry-limit',
    api: {
      'nginx.org/grpc-services': 'prod-ma-apiserver',
      'nginx.org/proxy-read-timeout': '1h',
      'nginx.org/proxy-send-timeout': '1h',
    },
    app: { 'nginx.org/proxy-read-timeout': '2h' },
    path: ['/michelangelo.api.', 'Prefix'],
    extra: [
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        metadata: { name: 'nginx-plus' },
        spec: { controller: 'nginx.org/ingress-controller' },
      },
    ],
  },
  HAProxy: {
    className: 'haproxy',
    api: { 'haproxy.org/timeout-server': '1h', 'haproxy.org/server-proto': 'h2' },
    app: {},
    extra: [
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'haproxy', namespace: 'haproxy' },
        data: { 'timeout-client': '1h', 'timeout-server': '1h' },
      },
    ],
  },
  Kong: {
    className: 'kong',
    api: { 'konghq.com/protocols': 'grpcs', 'konghq.com/strip-path': 'false' },
    app: { 'konghq.com/strip-path': 'true' },
    services: [
      {
        'konghq.com/protocol': 'grpc',
        'konghq.com/read-timeout': '3600000',
        'konghq.com/write-timeout': '3600000',
      },
      { 'konghq.com/read-timeout': '3600000' },
    ],
  },
  Traefik: {
    className: 'traefik',
    api: {
      'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
      'traefik.ingress.kubernetes.io/router.middlewares': 'edge-headers@kubernetescrd',
    },
    app: { 'traefik.ingress.kubernetes.io/router.middlewares': 'edge-headers@kubernetescrd' },
    services: [{ 'traefik.ingress.kubernetes.io/service.serversscheme': 'h2c' }, {}],
    path: ['/michelangelo.api.', 'Prefix'],
  },
  Contour: {
    className: 'contour',
    api: { 'projectcontour.io/response-timeout': 'infinity' },
    app: { 'projectcontour.io/response-timeout': '1h30m' },
    services: [{ 'projectcontour.io/upstream-protocol.h2c': 'grpc,15566' }, {}],
  },
};

const behind =
  ({ className, api, app, services = [{}, {}], path, extra = [] }: Family) =>
  (manifests: Manifest[]) => {
    for (const [word, marks] of [
      ['apiserver', api],
      ['envoy', app],
    ] as const) {
      const { metadata, spec } = ingressTo(manifests, word);
      spec.ingressClassName = className;
      metadata.annotations = {
        'cert-manager.io/cluster-issuer': 'letsencrypt-prod',
        ...marks,
      };
    }
    if (path) {
      const [rule] = ingressTo(manifests, 'apiserver').spec.rules;
      Object.assign(rule.http.paths[0], { path: path[0], pathType: path[1] });
    }
    for (const [index, name] of ['prod-ma-apiserver', 'prod-ma-envoy'].entries())
      named(manifests, 'Service', name).metadata.annotations = services[index];
    manifests.push(...extra);
  };

const CONTROLLERS = Object.entries(FAMILIES).map(
  ([name, family]): PlantedChange => ({
    name,
    ...(family.code ? { code: family.code, severity: 'warning' } : {}),
    in: ['sound.yaml'],
    plant: behind(family),
  }),
);

await plantEach(CONTROLLERS);

test.run();
