/** Probes that leave a program no time to start, each beside one that does; and requests that pass Envoy by. */
import { test } from 'uvu';
import { changeIn, plantEach } from './plant-each.ts';
import { find, type Manifest } from './support.ts';

const IN = ['production', 'sound.yaml'] as const;
const short = changeIn(IN, 'probe-unanswered', 'warning');
const fine = changeIn(IN, undefined);

const probed =
  (program: string, port: number, probes: Record<string, Manifest>) => (manifests: Manifest[]) => {
    const [container] = find(manifests, 'Deployment', program).spec.template.spec.containers;
    const own = port || container.ports[0].containerPort;
    delete container.startupProbe;
    delete container.livenessProbe;
    for (const [name, values] of Object.entries(probes))
      container[name] = { tcpSocket: { port: own }, ...values };
  };

await plantEach([
  short(
    'one question a second after the start',
    probed('apiserver', 15566, { startupProbe: { failureThreshold: 2, periodSeconds: 1 } }),
  ),
  short(
    'the first failure of the liveness probe',
    probed('controllermgr', 8083, { livenessProbe: { failureThreshold: 1, periodSeconds: 30 } }),
  ),
  short(
    'Envoy is asked three times in two seconds',
    probed('envoy', 0, { livenessProbe: { periodSeconds: 1 } }),
  ),
  fine(
    'the liveness probe begins late',
    probed('controllermgr', 8083, {
      livenessProbe: { failureThreshold: 1, initialDelaySeconds: 30 },
    }),
  ),
  fine(
    'a startup probe gives it time',
    probed('apiserver', 15566, {
      startupProbe: { failureThreshold: 30, periodSeconds: 1 },
      livenessProbe: { failureThreshold: 1, periodSeconds: 5 },
    }),
  ),
  fine('what Kubernetes takes by default', probed('apiserver', 15566, { livenessProbe: {} })),
  fine(
    'a readiness probe that fails at once',
    probed('apiserver', 15566, { readinessProbe: { failureThreshold: 1, periodSeconds: 1 } }),
  ),
  {
    name: 'the Service leads past Envoy to the page in its pods',
    code: 'entry-missing',
    in: ['sound.yaml'],
    path: 'spec.ports[0].targetPort',
    says: /requests go past it, to the page alone/,
    plant: (manifests) => {
      const page = find(manifests, 'Deployment', 'ui').spec.template.spec;
      const envoy = find(manifests, 'Deployment', 'envoy').spec.template.spec;
      envoy.volumes[0].name = 'envoy';
      envoy.containers[0].volumeMounts[0].name = 'envoy';
      page.containers.push(...envoy.containers);
      page.volumes.push(...envoy.volumes);
      for (const kind of ['Deployment', 'Service'])
        manifests.splice(manifests.indexOf(find(manifests, kind, 'envoy')), 1);
      const [path] = find(manifests, 'Ingress', 'web').spec.rules[0].http.paths;
      path.backend.service = { name: 'prod-ma-ui', port: { number: 80 } };
    },
  },
]);

test.run();
