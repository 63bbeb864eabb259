/** Probes that programs of ours do not answer as they should. */
import { isUpstreamImage } from '../manifests/images.ts';
import type { Resource } from '../manifests/resource.ts';
import { allContainersOf, containerPortsOf, podTemplatePath } from '../manifests/workload.ts';
import { addressesOf } from '../surface/addresses.ts';
import { apiServicePort } from '../surface/api-port.ts';
import {
  type BindAddress,
  bindAddresses,
  containersWith,
  type Probe,
  probesOf,
} from '../surface/bind-addresses.ts';
import { refusalOf } from '../surface/envoy-answers.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, type JsonObject, list } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';
import { envoyHealthChecks } from './shared/envoy-health-checks.ts';
import { listenerFaults } from './shared/envoy-listeners.ts';
import { adminProbes } from './shared/envoy-probes.ts';
import { guardedProbes } from './shared/guarded-probes.ts';
import { withoutShell } from './shared/no-shell.ts';
import { shortProbes } from './shared/short-probes.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A probe that the program cannot pass',
  why: 'A liveness or startup probe that fails starts the pod anew without end; a readiness probe that fails keeps all requests away. The API server speaks gRPC alone, without a health service; the controller manager answers 404 to every path of its health port; workers listen on no port; Envoy answers 404 where no route takes the path; its admin interface answers `/ready`, where the kubelet can reach it; where TLS and plain text meet nothing is answered. A health check of Envoy that never passes tells it nothing, or takes every server out.',
  fix: 'probe with `tcpSocket` on the same port, or a path that is answered, with the scheme of the port; leave a worker without probes, it ends when it cannot go on',
  find: (surface) => [
    ...bindAddresses(surface).flatMap((address) =>
      address.pods.flatMap((pod) =>
        containersWith(address.target, pod).flatMap((container) =>
          probesOf(container).flatMap((probe) => {
            const said = answerOf(probe, address);
            return said ? [faultOf(pod, container, probe, said)] : [];
          }),
        ),
      ),
    ),
    ...surface.workloads.flatMap((workload) => withoutShell(workload, PROBES, unanswered)),
    ...ofApi(surface),
    ...ofWorkers(surface),
    ...adminProbes(surface),
    ...envoyHealthChecks(surface),
    ...ofEnvoy(surface),
    ...ofPage(surface),
    ...shortProbes(surface),
    ...guardedProbes(surface),
  ],
};

const PROBES = [['livenessProbe'], ['readinessProbe'], ['startupProbe']];

const unanswered = () => ({
  message: 'it always fails',
  fix: 'ask a port with `httpGet`, `tcpSocket` or `grpc`, or take an image with a shell',
});

type Answer = Pick<Fault, 'message' | 'severity' | 'fix'>;

function answerOf(
  { name, means, port, path, scheme }: Probe,
  address: BindAddress,
): Answer | undefined {
  if (port === undefined || port !== address.port) return undefined;
  if (address.use === 'calls' && means === 'httpGet')
    return { message: `the ${name} sends HTTP/1.1 to port ${port}, which speaks gRPC alone` };
  if (address.use === 'calls' && means === 'grpc')
    return {
      severity: 'warning',
      message: `the ${name} calls the gRPC health service on port ${port}, which the API servers of 2026 do not have: it passes only with an image of yours that has it`,
    };
  if (address.use !== 'calls' && means === 'httpGet' && scheme === 'https')
    return { message: `the ${name} speaks TLS to port ${port}, which speaks plain HTTP` };
  if (address.use === 'health' && means !== 'tcpSocket')
    return {
      severity: 'warning',
      message: `the ${name} asks ${path} on port ${port}, where the controller managers of 2026 answer 404: it passes only with an image of yours that registers a check`,
    };
  return undefined;
}

/** Of API servers whose config is not here, which their Service tells. */
function ofApi(surface: Surface): Fault[] {
  const known = new Set(bindAddresses(surface).flatMap(({ pods }) => pods));
  return surface.apiServices.flatMap((service) => {
    const targetPort = apiServicePort(service)?.targetPort;
    return surface
      .podsOf(service)
      .filter((pod) => !known.has(pod))
      .flatMap((pod) =>
        allContainersOf(pod).flatMap((container) => {
          const ports = containerPortsOf([container]);
          const own = ports.find(({ name, number }) => [name, number].includes(targetPort ?? ''));
          return probesOf(container)
            .filter(({ port, means }) => own && port === own.number && means === 'httpGet')
            .map((probe) =>
              faultOf(pod, container, probe, {
                severity: isUpstreamImage(container) ? undefined : 'warning',
                message: `the ${probe.name} sends HTTP/1.1 to port ${probe.port}, on which API servers speak gRPC alone`,
              }),
            );
        }),
      );
  });
}

/** The containers that read a worker's config, and nothing else of ours. */
function ofWorkers(surface: Surface): Fault[] {
  return surface.workers.flatMap((target) =>
    surface.mounting([target]).flatMap((pod) => {
      const containers = containersWith(target, pod);
      if (allContainersOf(pod).length !== containers.length) return [];
      return containers.flatMap((container) =>
        probesOf(container).map((probe) =>
          faultOf(pod, container, probe, {
            severity: 'warning',
            message: `the ${probe.name} asks port ${probe.port ?? 'of a name that is not there'}, and Michelangelo's workers listen on none: it passes only with an image of yours that does`,
          }),
        ),
      );
    }),
  );
}

/** Requests of the kubelet to Envoy's own ports. */
function ofEnvoy(surface: Surface): Fault[] {
  const publicHosts = addressesOf('envoy', surface).map(({ host }) => host);
  return surface.envoys.flatMap((target) =>
    surface.mounting([target]).flatMap((pod) =>
      containersWith(target, pod).flatMap((container) =>
        probesOf(container).flatMap((probe) => {
          const { name, means, port, path } = probe;
          if (port === undefined || means !== 'httpGet') return [];
          const isListenerAtFault = listenerFaults(surface).some(
            ({ resource }) => resource === target.resource,
          );
          const why = refusalOf(jsonOf(target), {
            ...probe,
            port,
            publicHosts,
            isListenerAtFault,
          });
          return why
            ? [
                faultOf(pod, container, probe, {
                  message: `the ${name} asks ${path} on port ${port}, and ${why}`,
                  fix: 'probe a port and a path that Envoy answers, with the scheme of its listener',
                }),
              ]
            : [];
        }),
      ),
    ),
  );
}

/** Source: Michelangelo's `docker/ui.Dockerfile`: nginx with one plain server on port 80. */
function ofPage(surface: Surface): Fault[] {
  return surface.uis.flatMap((target) =>
    surface.mounting([target]).flatMap((pod) =>
      containersWith(target, pod).flatMap((container) => {
        const mounts = list(container['volumeMounts']).map(({ mountPath }) => asText(mountPath));
        if (mounts.some((path) => path.startsWith('/etc/nginx'))) return [];
        const isUpstream = isUpstreamImage(container);
        return probesOf(container)
          .filter(({ means, scheme, port }) => means === 'httpGet' && scheme === 'https' && port)
          .map((probe) =>
            faultOf(pod, container, probe, {
              severity: isUpstream ? undefined : 'warning',
              message: `the ${probe.name} speaks TLS to port ${probe.port}, and the page's nginx speaks plain HTTP${isUpstream ? '' : ', unless an image of yours does not'}`,
              fix: 'leave `scheme: HTTPS` out',
            }),
          );
      }),
    ),
  );
}

function faultOf(
  pod: Resource,
  container: JsonObject,
  { name, means }: Probe,
  said: Answer,
): Fault {
  const place = [...podTemplatePath(pod), 'spec'];
  const lists = ['containers', 'initContainers'] as const;
  const found = lists
    .map((key) => ({ key, items: getIn(pod.json, [...place, key]) }))
    .find(({ items }) => Array.isArray(items) && items.includes(container));
  const index = Array.isArray(found?.items) ? found.items.indexOf(container) : 0;
  const path = toPath([...place, found?.key ?? 'containers', index, name, means]);
  return { resource: pod, path, ...said };
}
