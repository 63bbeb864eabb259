/** Ports of probes and Services, and selectors, beside the harmless change of the same kind. */
import { test } from 'uvu';
import { type PlantedChange, plantEach, type StreamName } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const CHARTS: readonly StreamName[] = ['sound.yaml', 'sound-contour.yaml'];
const ALL: readonly StreamName[] = ['production', 'onprem', ...CHARTS];

const containerOf = (manifests: Manifest[], ending: string) =>
  find(manifests, 'Deployment', ending).spec.template.spec.containers[0];
const probe = (ending: string, port: number | string) => (manifests: Manifest[]) => {
  containerOf(manifests, ending).readinessProbe = { httpGet: { path: '/', port } };
};
const service = (name: string, selector: Manifest, targetPort: Manifest) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector, ports: [{ name: 'health', port: 8083, targetPort }] },
});
/** A Service of the controller manager, in its namespace. */
const manager =
  (change: (selector: Manifest) => Manifest, targetPort: number | string = 'health') =>
  (manifests: Manifest[]) => {
    const { metadata, spec } = find(manifests, 'Deployment', 'controllermgr');
    const made = service('manager-health', change({ ...spec.selector.matchLabels }), targetPort);
    manifests.push({ ...made, metadata: { ...made.metadata, namespace: metadata.namespace } });
  };

const PROBES: readonly PlantedChange[] = [
  {
    name: 'a name that the container does not have',
    code: 'probe-port',
    in: CHARTS,
    plant: probe('ui', 'htpp'),
  },
  { name: 'a name that it has', in: CHARTS, plant: probe('ui', 'http') },
  {
    name: 'a number that it does not declare',
    code: 'probe-port',
    severity: 'warning',
    in: CHARTS,
    plant: probe('ui', 8080),
  },
  { name: 'a number that it declares', in: CHARTS, plant: probe('ui', 80) },
  {
    name: 'a port on which Envoy does not listen',
    code: 'probe-port',
    in: ALL,
    plant: probe('envoy', 9903),
  },
  {
    name: "another program's probe of a port that is not declared",
    in: ALL,
    plant: (manifests) => {
      manifests.push({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'exporter', namespace: 'monitoring' },
        spec: {
          template: {
            metadata: { labels: { app: 'exporter' } },
            spec: {
              containers: [
                {
                  name: 'main',
                  ports: [{ containerPort: 80 }],
                  livenessProbe: { tcpSocket: { port: 81 } },
                },
              ],
            },
          },
        },
      });
    },
  },
];

const SERVICES: readonly PlantedChange[] = [
  { name: 'a Service beside the entries', in: CHARTS, plant: manager((labels) => labels) },
  {
    name: 'a port name that no container has',
    code: 'service-without-pods',
    in: CHARTS,
    plant: manager((labels) => labels, 'healthz'),
  },
  {
    name: 'a label that is spelled otherwise',
    code: 'service-without-pods',
    in: CHARTS,
    plant: manager((labels) => ({ ...labels, 'app.kubernetes.io/name': 'ma-controllermgt' })),
  },
  {
    name: 'another colour, which is not deployed now',
    in: CHARTS,
    plant: manager((labels) => ({ ...labels, colour: 'green' })),
  },
  {
    name: 'pods of another namespace',
    code: 'service-without-pods',
    in: ['sound-contour.yaml'],
    plant: (manifests) => {
      manager((labels) => labels)(manifests);
      manifests.at(-1).metadata.namespace = 'monitoring';
    },
  },
  {
    name: 'the page on a port that its container does not declare',
    code: 'backend-missing',
    severity: 'warning',
    in: CHARTS,
    plant: (manifests) => {
      find(manifests, 'Service', 'ui').spec.ports[0].targetPort = 8080;
    },
  },
  {
    name: 'containers that declare nothing',
    in: CHARTS,
    plant: (manifests) => {
      find(manifests, 'Service', 'ui').spec.ports[0].targetPort = 8080;
      delete containerOf(manifests, 'ui').ports;
    },
  },
];

const serviceOf = (manifests: Manifest[], ending: string) => find(manifests, 'Service', ending);
const UDP: readonly PlantedChange[] = [
  ...['apiserver', 'envoy', 'ui'].map(
    (ending): PlantedChange => ({
      name: `the port of ${ending} is one of UDP`,
      code: 'backend-missing',
      in: ['sound.yaml'],
      plant: (manifests) => {
        serviceOf(manifests, ending).spec.ports[0].protocol = 'UDP';
      },
    }),
  ),
  {
    name: 'HTTP/3 on the same port',
    in: ['sound.yaml'],
    plant: (manifests) => {
      const { ports } = serviceOf(manifests, 'envoy').spec;
      ports.push({ ...ports[0], name: 'http3', protocol: 'UDP' });
    },
  },
  {
    name: 'a named port of a container is one of UDP',
    code: 'backend-missing',
    in: ['sound.yaml'],
    plant: (manifests) => {
      containerOf(manifests, 'apiserver').ports[0].protocol = 'UDP';
    },
  },
  {
    name: 'a port without a name says UDP, which changes nothing',
    in: ['sound.yaml'],
    plant: (manifests) => {
      const [port] = containerOf(manifests, 'ui').ports;
      Object.assign(port, { protocol: 'UDP' });
    },
  },
];

const headless = (targetPort: Manifest, containerPort: number) => (manifests: Manifest[]) => {
  const { spec } = serviceOf(manifests, 'ui');
  spec.clusterIP = 'None';
  spec.ports[0].targetPort = targetPort;
  containerOf(manifests, 'ui').ports[0].containerPort = containerPort;
};
const HEADLESS: readonly PlantedChange[] = [
  {
    name: "Envoy names the port of a headless Service, and its pods' is another",
    code: 'backend-missing',
    in: ['sound.yaml'],
    plant: headless('http', 8080),
  },
  { name: 'both are one', in: ['sound.yaml'], plant: headless('http', 80) },
];

const alike =
  (ending: string, ...more: string[]) =>
  (manifests: Manifest[]) => {
    for (const each of [ending, ...more])
      find(manifests, 'Deployment', each).spec.template.metadata.labels.tier = 'one';
    serviceOf(manifests, ending).spec.selector = { tier: 'one' };
  };
const PROGRAMS: readonly PlantedChange[] = [
  {
    name: 'the API Service takes workers too',
    code: 'service-picks-others',
    in: ['sound.yaml'],
    plant: alike('apiserver', 'worker'),
  },
  {
    name: 'two colours of the API server',
    in: ['sound.yaml'],
    plant: (manifests) => {
      const green = structuredClone(find(manifests, 'Deployment', 'apiserver'));
      green.metadata.name = 'prod-ma-apiserver-green';
      manifests.push(green);
      alike('apiserver', 'apiserver-green')(manifests);
    },
  },
];

await plantEach([...PROBES, ...SERVICES, ...UDP, ...HEADLESS, ...PROGRAMS]);

test.run();
