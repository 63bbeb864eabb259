/** NetworkPolicies as a careful operator writes them: everything shut, then each way that requests take opened at both ends. */
import { find, type Manifest } from './support.ts';

export const DNS = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};

const tcp = (...ports: (number | string)[]) => ports.map((port) => ({ protocol: 'TCP', port }));

/** Adds them to a stream, with the labels that its pods have. */
export function addPolicies(manifests: Manifest[]): void {
  const podLabels = (word: string) =>
    find(manifests, 'Deployment', word).spec.template.metadata.labels['app.kubernetes.io/name'];
  const select = (word: string) => ({
    podSelector: { matchLabels: { 'app.kubernetes.io/name': podLabels(word) } },
  });
  const { namespace } = find(manifests, 'Deployment', 'worker').metadata;
  const inNamespace = (name: string) => ({
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
  });
  const entry = [inNamespace('edge')];
  const monitoring = [inNamespace('monitoring')];
  const anywhere = [{ ipBlock: { cidr: '0.0.0.0/0' } }];
  const policy = (name: string, spec: Manifest) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, ...(namespace ? { namespace } : {}) },
    spec,
  });
  const allow = (word: string, ingress: Manifest[], egress: Manifest[]) =>
    policy(`allow-${word}`, {
      ...select(word),
      policyTypes: ['Ingress', 'Egress'],
      ingress,
      egress,
    });
  const envoyPort = find(manifests, 'Deployment', 'envoy').spec.template.spec.containers[0].ports[0]
    .containerPort;
  const engine = { to: [{ namespaceSelector: {} }, ...anywhere], ports: tcp(7233) };
  // The compute cluster of production.
  const clusters = [{ ipBlock: { cidr: '203.0.113.10/32' } }];
  const outside = { to: anywhere, ports: tcp(443) };
  manifests.push(
    policy('default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    policy('allow-dns', { podSelector: {}, policyTypes: ['Egress'], egress: [DNS] }),
    policy('allow-solver', {
      podSelector: { matchLabels: { 'acme.cert-manager.io/http01-solver': 'true' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: entry, ports: tcp(8089) }],
    }),
    allow(
      'envoy',
      [
        { from: entry, ports: tcp(envoyPort) },
        { from: monitoring, ports: tcp(9902) },
      ],
      [
        { to: [select('apiserver')], ports: tcp('grpc') },
        { to: [select('ui')], ports: tcp(80) },
        // Where its traces go.
        { to: [inNamespace('observability')], ports: tcp(4317) },
      ],
    ),
    allow(
      'apiserver',
      [
        { from: entry, ports: tcp(15566) },
        { from: [select('envoy'), select('worker')], ports: tcp('grpc') },
      ],
      [{ to: anywhere, ports: tcp(443, 6443) }],
    ),
    allow('ui', [{ from: [select('envoy')], ports: tcp(80) }], []),
    allow('worker', [], [{ to: [select('apiserver')], ports: tcp(15566) }, engine, outside]),
    allow(
      'controllermgr',
      [{ from: monitoring, ports: tcp(8083, 8091) }],
      [
        { to: [...clusters, { ipBlock: { cidr: '10.0.0.0/8' } }], ports: tcp(6443) },
        engine,
        outside,
      ],
    ),
  );
}
