/** Routes of controllers' own kinds: what they lead to, and the hosts that they have. */
import { test } from 'uvu';
import { changeIn, plantEach } from './plant-each.ts';
import { editDocument, type Manifest } from './support.ts';

/** The Ingresses as HTTPProxies. */
function asProxies(manifests: Manifest[]): void {
  for (const one of manifests.filter(({ kind }) => kind === 'Ingress')) {
    const [{ host, http }] = one.spec.rules;
    const { name, port } = http.paths[0].backend.service;
    const { ports } = manifests.find(
      ({ kind, metadata }) => kind === 'Service' && metadata.name === name,
    ).spec;
    const number = port.number ?? ports.find((own: Manifest) => own.name === port.name).port;
    Object.assign(one, {
      apiVersion: 'projectcontour.io/v1',
      kind: 'HTTPProxy',
      metadata: { name: one.metadata.name, namespace: one.metadata.namespace },
      spec: { virtualhost: { fqdn: host }, routes: [{ services: [{ name, port: number }] }] },
    });
  }
}

const proxyTo = (manifests: readonly Manifest[], word: string): Manifest =>
  manifests.find(
    ({ kind, spec }) => kind === 'HTTPProxy' && spec.routes[0].services[0].name.includes(word),
  );

const IN = ['sound.yaml'] as const;
const missing = changeIn(IN, 'reference-missing');
const fine = changeIn(IN, undefined);

await plantEach(
  [
    missing('a proxy leads to a Service with a slip', (manifests) => {
      const [service] = proxyTo(manifests, 'apiserver').spec.routes[0].services;
      service.name = `${service.name}s`;
    }),
    missing('a proxy leads to a port that is not there', (manifests) => {
      proxyTo(manifests, 'envoy').spec.routes[0].services[0].port = 9999;
    }),
    fine('a proxy of another program leads elsewhere', (manifests) => {
      const other = structuredClone(proxyTo(manifests, 'envoy'));
      other.metadata.name = 'grafana';
      other.spec.virtualhost.fqdn = 'grafana.example.net';
      other.spec.routes[0].services[0].name = 'grafana';
      manifests.push(other);
    }),
    changeIn(
      IN,
      'worker-address',
      'warning',
    )('a worker has another host', (manifests) =>
      editDocument(manifests, 'worker', 'base.yaml', (config) => {
        config.worker.address = 'calls.ml.acme.io:443';
      }),
    ),
    changeIn(
      IN,
      'ui-url',
      'warning',
    )('the page has another host', (manifests) =>
      editDocument(manifests, 'ui', 'config.json', (config) => {
        config.apiBaseUrl = 'https://console.ml.acme.io';
      }),
    ),
    fine('a proxy takes every name of a domain as well', (manifests) => {
      const proxy = proxyTo(manifests, 'apiserver');
      proxy.spec.virtualhost.fqdn = '*.ml.acme.io';
      editDocument(manifests, 'worker', 'base.yaml', (config) => {
        config.worker.address = 'calls.ml.acme.io:443';
      });
    }),
  ],
  asProxies,
);

test.run();
