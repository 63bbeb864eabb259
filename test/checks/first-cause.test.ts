/** One mistake over which several checks could stumble: one finding, and the fix that ends it. */
import { test } from 'uvu';
import { type PlantedChange, plantEach } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const containerIn = (manifests: Manifest[], ending: string): Manifest =>
  find(manifests, 'Deployment', ending).spec.template.spec.containers[0];

const CHANGES: readonly PlantedChange[] = [
  {
    name: 'the container declares another port than the program listens on',
    code: 'listen-address',
    in: ['dev'],
    says: /\nwrite `containerPort: 15566` where the container declares 50051$/,
    plant: (manifests) => {
      const container = containerIn(manifests, 'apiserver');
      for (const port of container.ports)
        if (port.containerPort === 15566) port.containerPort = 50051;
      container.readinessProbe.tcpSocket.port = 15566;
    },
  },
  {
    name: 'memory in thousandths of a byte, with a request and a heap beside it',
    code: 'kubernetes-refuses',
    in: ['production'],
    times: 1,
    says: /\nwrite `512Mi`$/,
    plant: (manifests) => {
      containerIn(manifests, 'envoy').resources.limits.memory = '512m';
    },
  },
  {
    name: 'false without quotes, which says that TLS is on',
    code: 'kubernetes-refuses',
    in: ['production'],
    plant: (manifests) => {
      find(manifests, 'ConfigMap', 'michelangelo-config').data.REGISTRY_INSECURE = false;
    },
  },
  {
    name: 'a listener ends the TLS that its TLSRoute passes on',
    code: 'listener-refused',
    in: ['onprem'],
    says: /\nwrite `mode: Passthrough`, as its TLSRoute expects$/,
    plant: (manifests) => {
      const { listeners } = find(manifests, 'Gateway').spec;
      const passing = listeners.find(({ tls }: Manifest) => tls?.mode === 'Passthrough');
      passing.tls.mode = 'Terminate';
    },
  },
];

await plantEach(CHANGES);

test.run();
