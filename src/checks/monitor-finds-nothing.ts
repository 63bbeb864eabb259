/** Whether a monitor finds what it is to watch, and metrics there. */
import { adminPort, listenerPorts } from '../envoy/bootstrap.ts';
import type { Resource } from '../manifests/resource.ts';
import { servicePorts } from '../manifests/service.ts';
import { allContainersOf, containerPortsOf } from '../manifests/workload.ts';
import { hostOfAddress, hostOfUrl } from '../net/addresses.ts';
import { bindAddresses } from '../surface/bind-addresses.ts';
import { refusalOf } from '../surface/envoy-answers.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { ANNOTATION, type Monitor, monitorsOf, scrapesOf } from '../surface/monitors.ts';
import { onceBy } from '../surface/once.ts';
import { jsonOf } from '../surface/parts.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, objectAt, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { emptySelection } from './shared/near-labels.ts';
import { notRead } from './shared/prometheus-selection.ts';
import { secondsOf } from './shared/promql.ts';
import { isServed, twinOf } from './shared/served-hosts.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A monitor that finds no metrics',
  why: 'A selector that takes no Service, a namespace that is left out, a port of a name that none has, or a path that answers 404, is not an error for the Prometheus operator: nothing is scraped, and alerts on missing values stay silent or ring for ever.',
  fix: 'select the labels of the Service (ServiceMonitor) or of the pods (PodMonitor), look in their namespace, and name their port and path of the metrics',
  find: (surface) =>
    monitorsOf(surface)
      .flatMap((monitor) => [
        ...selection(monitor, surface),
        ...ports(monitor),
        ...times(monitor),
        ...ofHealth(monitor, surface),
      ])
      .concat(
        unanswered(surface),
        annotatedPorts(surface),
        notRead(['ServiceMonitor', 'PodMonitor', 'Probe'], surface),
        strangeTargets(surface),
      ),
};

function selection(monitor: Monitor, surface: Surface): Fault[] {
  const { resource, selector, candidates, taken } = monitor;
  if (taken.length > 0) return [];
  const fault = emptySelection(selector, candidates);
  return fault
    ? [{ resource, path: 'spec.selector', ...fault }]
    : namespaceLeftOut(monitor, surface);
}

/** What it selects is in another namespace, where no other monitor takes it. */
function namespaceLeftOut(monitor: Monitor, surface: Surface): Fault[] {
  const { resource, selector, leftOut } = monitor;
  const isWatched = (one: Resource) => monitorsOf(surface).some(({ taken }) => taken.includes(one));
  const [meant] = leftOut.filter((one) => !isWatched(one));
  if (!meant || Object.keys(objectAt(selector, ['matchLabels'])).length === 0) return [];
  const names = strings(getIn(resource.json, ['spec', 'namespaceSelector', 'matchNames']));
  const looked = names.length > 0 ? names : [resource.namespace];
  return [
    {
      resource,
      path: names.length > 0 ? 'spec.namespaceSelector' : 'spec',
      message: `it looks in namespace ${looked.join(', ')} alone, and ${meant.kind} ${meant.name}, which it selects, is in namespace ${meant.namespace}`,
      fix: `write \`namespaceSelector: {matchNames: [${meant.namespace}]}\``,
    },
  ];
}

/** The operator leaves out what it cannot read. Source: its `pkg/prometheus/resource_selector.go`, `validateScrapeIntervalAndTimeout`. */
function times({ resource, field, endpoints }: Monitor): Fault[] {
  return endpoints.flatMap((endpoint, index) => {
    const [interval, timeout] = ['interval', 'scrapeTimeout'].map((key) => endpoint[key]);
    const fault = (key: string, message: string, fix: string): Fault[] => [
      { resource, path: `spec.${field}[${index}].${key}`, message, fix },
    ];
    for (const [key, value] of Object.entries({ interval, scrapeTimeout: timeout }))
      if ((value ?? '') !== '' && secondsOf(asText(value)) === undefined)
        return fault(
          key,
          `${key} is ${asText(value)}, which is no duration: the monitor is left out`,
          'write a number with a unit, such as `30s`',
        );
    const [longest, wait] = [secondsOf(asText(interval)), secondsOf(asText(timeout))];
    if (longest === undefined || wait === undefined || wait <= longest) return [];
    return fault(
      'scrapeTimeout',
      `scrapeTimeout ${asText(timeout)} is longer than interval ${asText(interval)}: the monitor is left out`,
      'write a timeout that is no longer than the interval',
    );
  });
}

function ports({ resource, field, endpoints, taken }: Monitor): Fault[] {
  if (taken.length === 0) return [];
  if (endpoints.length === 0)
    return [
      {
        resource,
        path: 'spec',
        message: `it has no \`${field}\`: nothing is asked`,
        fix: `write \`${field}\` with the name of the port that has the metrics`,
      },
    ];
  const names = taken.flatMap((one) =>
    one.kind === 'Service'
      ? servicePorts(one).map(({ name }) => name)
      : containerPortsOf(allContainersOf(one)).map(({ name }) => name),
  );
  return endpoints.flatMap(({ port }, index) => {
    if (typeof port !== 'string' || names.includes(port)) return [];
    const found = [...new Set(names)].filter(Boolean).join(', ') || 'no port with a name';
    const owners = taken.map(({ kind, name }) => `${kind} ${name}`).join(' and ');
    return [
      {
        resource,
        path: `spec.${field}[${index}].port`,
        message: `${owners} has no port ${port}: there is ${found}`,
        fix: 'write the name of the port that has the metrics',
      },
    ];
  });
}

/** Metrics are not served beside the health of the controller manager. */
function ofHealth({ resource, field }: Monitor, surface: Surface): Fault[] {
  const by = `${resource.kind} ${resource.name}`;
  const asked = scrapesOf(surface).filter((scrape) => scrape.by === by);
  const addresses = bindAddresses(surface);
  return addresses
    .filter(
      ({ use, pods, port }) =>
        use === 'health' && asked.some((one) => pods.includes(one.pod) && one.port === port),
    )
    .flatMap(({ pods, port }) => {
      const metrics = addresses.find((one) => one.use === 'metrics' && one.pods === pods);
      const hasBoth = asked.some(({ port: own }) => own !== port);
      if (hasBoth) return [];
      return [
        {
          resource,
          path: `spec.${field}`,
          message: `port ${port} of ${pods.map(({ kind, name }) => `${kind} ${name}`).join(' and ')} is that of its health, which has no metrics`,
          fix: `name the port of the metrics${metrics?.port ? `, ${metrics.port}` : ''}`,
        },
      ];
    });
}

/** Metrics are asked for with a path or a scheme that is not theirs. Source: controller-runtime serves `/metrics`, plain. */
function unanswered(surface: Surface): Fault[] {
  return scrapesOf(surface).flatMap(({ by, pod, port, path, scheme, place }): Fault[] => {
    const isOfManager = bindAddresses(surface).some(
      (one) => one.use === 'metrics' && one.port === port && one.pods.includes(pod),
    );
    const envoys = envoysOf(pod, surface).map(({ target }) => target);
    const why = isOfManager
      ? managerRefusal(path, scheme)
      : envoys.map((target) => refusalOf(jsonOf(target), { port, path, scheme })).find(Boolean);
    const monitor = monitorsOf(surface).find(
      ({ resource }) => `${resource.kind} ${resource.name}` === by,
    );
    return why
      ? [
          {
            resource: monitor?.resource ?? pod,
            path: place,
            message: `${by === ANNOTATION ? 'Prometheus' : 'it'} asks ${path} of port ${port} of ${pod.kind} ${pod.name}${scheme === 'https' ? ' with TLS' : ''}, and ${why}`,
            fix: isOfManager ? 'ask `/metrics` with `scheme: http`' : undefined,
          },
        ]
      : [];
  });
}

function managerRefusal(path: string, scheme: string): string | undefined {
  if (scheme === 'https') return 'the controller manager serves its metrics without TLS';
  return path === '/metrics' ? undefined : 'the controller manager answers 404 to all but /metrics';
}

/** A Probe of a host that is almost one of ours. */
function strangeTargets(surface: Surface): Fault[] {
  return surface.manifests.ofKind('Probe').flatMap((resource) =>
    strings(getIn(resource.json, ['spec', 'targets', 'staticConfig', 'static'])).flatMap(
      (target, index): Fault[] => {
        const host = (hostOfUrl(target) ?? hostOfAddress(target))?.toLowerCase() ?? '';
        const meant = isServed(host, surface) ? undefined : twinOf(host, surface);
        // Another environment's, beside ours.
        if (meant === undefined || JSON.stringify(resource.json).includes(`//${meant}`)) return [];
        return [
          {
            resource,
            path: `spec.targets.staticConfig.static[${index}]`,
            severity: 'warning',
            message: `it asks ${host}, which nothing here serves, and ${meant} is served`,
            fix: `write \`${meant}\``,
          },
        ];
      },
    ),
  );
}

/** Where the annotation of a pod asks a port on which nothing of it is known to listen. */
function annotatedPorts(surface: Surface): Fault[] {
  return scrapesOf(surface)
    .filter(({ by }) => by === ANNOTATION)
    .flatMap(({ pod, port, place }): Fault[] => {
      const bound = bindAddresses(surface).filter(({ pods }) => pods.includes(pod));
      const envoys = envoysOf(pod, surface).map(({ target }) => target);
      const listening = [
        ...bound.map((one) => one.port),
        ...envoys.flatMap((target) => [
          ...listenerPorts(jsonOf(target)),
          adminPort(jsonOf(target)),
        ]),
      ];
      const declared = containerPortsOf(allContainersOf(pod)).map(({ number }) => number);
      if (
        listening.length === 0 ||
        [...listening, ...declared].some((own) => own === port || own === undefined)
      )
        return [];
      return [
        {
          resource: pod,
          path: place,
          severity: 'warning',
          message: `prometheus.io/port is ${port}, and the pod listens on ${[...new Set(listening)].join(', ')}, as far as its config says`,
          fix: 'write the port of the metrics',
        },
      ];
    });
}

const envoysOf = onceBy(
  (surface) =>
    surface.envoys.flatMap((target) => surface.mounting([target]).map((pod) => ({ target, pod }))),
  ({ pod }) => [pod],
);
