/**
 * Envoy: a PodMonitor where its metrics can be reached, and alerts on the cluster that leads to the API server.
 *
 * Sources: Envoy's "Cluster manager statistics"; Prometheus operator, API reference of PodMonitor: the job of one is `namespace/name`, and
 * ports are asked by their names.
 */
import { metricsEndpoint, seriesOf } from '../../envoy/stats.ts';
import type { Problem } from '../../errors.ts';
import type { Resource } from '../../manifests/resource.ts';
import { shortName } from '../../manifests/short-name.ts';
import { allContainersOf, containerPortsOf } from '../../manifests/workload.ts';
import { envoyApi } from '../../surface/envoy-api.ts';
import { type DocumentTarget, jsonOf } from '../../surface/parts.ts';
import { asText, list } from '../../yaml/json.ts';
import { mountedFrom, PodDraft } from '../pod-draft.ts';
import type { RuleInput } from '../rule.ts';
import { FIELD, incomplete, literal, nothingToWatch, type Watch } from './alert.ts';
import { envoyAlerts } from './envoy-alerts.ts';
import { podSelector } from './metrics-service.ts';
import { type Labels, monitoringResource } from './resources.ts';

/** Empty without an Envoy, or with a choice of several; where its metrics cannot be reached, a problem says so. */
export function watchEnvoy({ surface }: RuleInput, labels: Labels): Watch {
  const watch = nothingToWatch('michelangelo-envoy');
  const target = surface.only('envoy');
  if (!target) return watch;
  const endpoint = metricsEndpoint(jsonOf(target));
  const workloads = surface
    .mounting([target])
    .filter((workload) => Object.keys(podSelector(workload)).length > 0);
  const clusters = envoyApi(target, surface).clusters.map(({ value }) => seriesOf(value));
  if (!endpoint || workloads.length === 0 || clusters.length === 0) {
    watch.problems.push(unreachable(target, workloads.length > 0, endpoint !== undefined));
    return watch;
  }
  const monitored = workloads.map((workload) => {
    const { draft, port } = namedPortOf(workload, target, endpoint.port);
    const name = shortName(`${workload.name}-metrics`);
    watch.edits.push(...draft.edits);
    watch.additions.push(
      monitoringResource('PodMonitor', workload, name, labels, {
        selector: { matchLabels: podSelector(workload) },
        podMetricsEndpoints: [{ port, path: endpoint.path }],
      }),
    );
    return name;
  });
  const [{ name, namespace }] = workloads as [Resource, ...Resource[]];
  watch.alerts = envoyAlerts({
    // The job of a PodMonitor has the namespace in it.
    matchers:
      namespace === ''
        ? { container: containersOf(workloads, target) }
        : { namespace, job: monitored.map((one) => `${namespace}/${one}`) },
    workload: literal(name),
    namespace: literal(namespace),
    clusters,
  });
  return watch;
}

function containersOf(workloads: readonly Resource[], target: DocumentTarget): string[] {
  return workloads.flatMap((workload) => mountedFrom(workload, target.resource).containers);
}

/** The name of the container's port; it gets one where it has none. */
function namedPortOf(
  workload: Resource,
  { resource }: DocumentTarget,
  number: number,
): { draft: PodDraft; port: string } {
  const draft = new PodDraft(workload);
  const ports = containerPortsOf(allContainersOf(workload));
  const known = ports.find((own) => own.number === number && own.name !== '');
  if (known) return { draft, port: known.name };
  const isTaken = ports.some(({ name }) => name === 'metrics');
  const name = isTaken ? `metrics-${number}` : 'metrics';
  const { containers } = mountedFrom(workload, resource);
  const [container] = draft
    .containers()
    .filter(({ json }) => containers.includes(asText(json['name'])));
  if (!container) return { draft, port: name };
  const own = list(container.json['ports']);
  const index = own.findIndex(({ containerPort }) => containerPort === number);
  if (index >= 0) draft.set([...container.path, 'ports', index, 'name'], name, FIELD);
  else draft.set([...container.path, 'ports'], [...own, { name, containerPort: number }], FIELD);
  return { draft, port: name };
}

function unreachable(target: DocumentTarget, hasPods: boolean, isServed: boolean): Problem {
  const message = 'there are no alerts on what Envoy sends to the API server';
  const { reference } = target.resource;
  if (!hasPods)
    return incomplete(reference, {
      message: `${message}: its pods are not in this build`,
      expected: 'the workload that mounts this config, with labels',
      fix: 'add it to this kustomization, or accept this with a reason',
    });
  if (isServed)
    return incomplete(reference, {
      message: `${message}: none of its clusters is known to lead there`,
      expected: 'a cluster whose endpoint is the Service of the API server',
      fix: 'set `envoy.upstream`, or accept this with a reason',
    });
  return incomplete(reference, {
    message: `${message}: its metrics cannot be reached`,
    expected:
      'a listener on all addresses, without TLS, with a route of `/stats/prometheus` to the admin interface',
    fix: 'add the listener `metrics` and the cluster `envoy-admin` as base/envoy/envoy.yaml has them, or accept this with a reason',
  });
}
