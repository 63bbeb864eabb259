/**
 * The controller manager: a ServiceMonitor for its metrics, a Probe for its health port where a prober is given, and alerts on both.
 *
 * Sources: controller-runtime (`pkg/internal/controller/metrics`, `pkg/metrics/leaderelection.go`, `pkg/metrics/workqueue.go`), whose client
 * upstream's `go/controllermgr` is; Prometheus operator, API references of ServiceMonitor and Probe; blackbox exporter's example config, which
 * has the modules.
 */
import type { Problem } from '../../errors.ts';
import { shortName } from '../../manifests/short-name.ts';
import { isLoopback } from '../../net/addresses.ts';
import { type BindAddress, bindAddresses } from '../../surface/bind-addresses.ts';
import { monitorsOf } from '../../surface/monitors.ts';
import { type DocumentTarget, jsonOf } from '../../surface/parts.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn } from '../../yaml/json.ts';
import { notMounted } from '../pod-draft.ts';
import { documentPath, type RuleInput } from '../rule.ts';
import { FIELD, incomplete, literal, nothingToWatch, type Watch } from './alert.ts';
import { type Job, managerAlerts } from './controller-manager-alerts.ts';
import {
  type MetricsService,
  metricsService,
  podSelector,
  SCRAPE_LABEL,
} from './metrics-service.ts';
import { type Labels, monitoringResource, probeOf } from './resources.ts';

/** Empty without a controller manager, or with a choice of several; what cannot be watched is named in a problem. */
export function watchControllerManager({ settings, surface }: RuleInput, labels: Labels): Watch {
  const watch = nothingToWatch('michelangelo-controller-manager');
  const target = surface.only('controller-manager');
  if (!target) return watch;
  const addresses = bindAddresses(surface).filter((one) => one.target === target);
  const metrics = addresses.find(({ use }) => use === 'metrics');
  const refused = metricsProblem(target, metrics);
  const workloads = surface
    .mounting([target])
    .filter((workload) => Object.keys(podSelector(workload)).length > 0);
  if (workloads.length === 0) watch.problems.push(withoutPods(target));
  if (refused) watch.problems.push(refused);
  if (metrics?.port === undefined || watch.problems.length > 0) return watch;

  const { prober, healthCheck = 'tcp' } = settings.config.spec.alerts?.prometheusOperator ?? {};
  const health = prober === undefined ? undefined : reachableHealth(addresses);
  const wanted = [
    { use: 'metrics', number: metrics.port },
    ...(health === undefined ? [] : [{ use: 'health', number: health }]),
  ];
  const services = workloads.map((workload) => metricsService(workload, wanted, surface));
  for (const service of services) {
    watch.edits.push(...(service.draft?.edits ?? []));
    if (service.addition) watch.additions.push(service.addition);
    if (!isAskedAlready(service, surface)) watch.additions.push(serviceMonitor(service, labels));
  }
  const [first] = services as [MetricsService, ...MetricsService[]];
  const { namespace } = first;
  const isProbed = health !== undefined && namespace !== '';
  const probe = isProbed ? healthProbe(first, healthCheck) : undefined;
  if (prober !== undefined && probe)
    watch.additions.push(probeOf(first.workload, probe, prober, labels));
  if (prober !== undefined && !probe) watch.problems.push(withoutProbe(target, namespace));
  watch.alerts = managerAlerts({
    matchers: { namespace: namespace || undefined, job: services.map(({ name }) => name) },
    workload: literal(first.workload.name),
    namespace: literal(namespace),
    ...leaderElection(target),
    probe: probe && { name: probe.name, check: healthCheck },
  });
  return watch;
}

function monitorName({ workload }: MetricsService): string {
  return shortName(`${workload.name}-metrics`);
}

/** By a monitor of somebody else's that gives the series the same labels: two of them would write the same series. */
function isAskedAlready(service: MetricsService, surface: Surface): boolean {
  const [metrics] = service.ports;
  return monitorsOf(surface).some(
    ({ resource, field, taken, endpoints }) =>
      field === 'endpoints' &&
      resource.name !== monitorName(service) &&
      service.service !== undefined &&
      taken.includes(service.service) &&
      getIn(resource.json, ['spec', 'jobLabel']) === undefined &&
      endpoints.some(
        ({ port, path = '/metrics', relabelings }) =>
          port === metrics?.name && path === '/metrics' && relabelings === undefined,
      ),
  );
}

function serviceMonitor(service: MetricsService, labels: Labels) {
  const [metrics] = service.ports;
  return monitoringResource('ServiceMonitor', service.workload, monitorName(service), labels, {
    selector: { matchLabels: { [SCRAPE_LABEL]: service.name } },
    endpoints: [{ port: metrics?.name ?? '', path: '/metrics' }],
  });
}

/** The Service's own port, since that is what is asked. */
function healthProbe({ name, namespace, ports, workload }: MetricsService, check: 'tcp' | 'http') {
  const address = `${name}.${namespace}.svc:${ports[1]?.port}`;
  return {
    name: shortName(`${workload.name}-health`),
    module: check === 'http' ? 'http_2xx' : 'tcp_connect',
    targets: [check === 'http' ? `http://${address}/healthz` : address],
  };
}

function reachableHealth(addresses: readonly BindAddress[]): number | undefined {
  const health = addresses.find(({ use }) => use === 'health');
  return health && !isLoopback(health.host ?? '') ? health.port : undefined;
}

/** Source: upstream's `go/controllermgr/config.go`; without an id the manager does not start. */
function leaderElection(target: DocumentTarget): Pick<Job, 'electsLeader' | 'lease'> {
  const at = (key: string) => getIn(jsonOf(target), ['controllermgr', key]);
  const id = at('leaderElectionID');
  const isWritten = typeof id === 'string' && id !== '' && !id.includes('${');
  return {
    electsLeader: asText(at('leaderElection')) === 'true',
    lease: isWritten ? id : undefined,
  };
}

function metricsProblem(
  target: DocumentTarget,
  metrics: BindAddress | undefined,
): Problem | undefined {
  if (metrics?.port && !isLoopback(metrics.host ?? '')) return undefined;
  return {
    code: 'target-shape',
    severity: 'error',
    resource: target.resource.reference,
    path: documentPath(target, 'controllermgr.metricsBindAddress'),
    message: 'alerts need metrics, and the controller manager gives none to others',
    found: metrics
      ? (metrics.written ?? 'an address that is filled in at the start')
      : 'switched off',
    expected: 'a port on all addresses',
    fix: 'write `metricsBindAddress: ":8091"`',
  };
}

function withoutPods(target: DocumentTarget): Problem {
  return notMounted(target, {
    message:
      'alerts were asked for, and no container in this build mounts the config of the controller manager',
    expected:
      'the workload that runs the controller manager, with labels on its pods, so that Prometheus can be told where it is',
    fix: `add it to this kustomization, or remove ${FIELD}`,
  });
}

function withoutProbe(target: DocumentTarget, namespace: string): Problem {
  const isNamed = namespace !== '';
  return incomplete(target.resource.reference, {
    message: isNamed
      ? 'the health of the controller manager is not probed: its port is switched off, or not known'
      : 'the health of the controller manager is not probed: its namespace is not known',
    ...(isNamed && { path: documentPath(target, 'controllermgr.healthProbeBindAddress') }),
    expected: isNamed
      ? 'a port on all addresses'
      : 'a namespace, which the address of a Service has',
    fix: isNamed
      ? 'write `healthProbeBindAddress: ":8083"`'
      : 'set `namespace` in the kustomization',
  });
}
