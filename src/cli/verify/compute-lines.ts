/** From the controller manager's pod to the Kubernetes API of each cluster that jobs are sent to. */
import { connectionOf } from '../../manifests/cluster.ts';
import { groupOf } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { readAddress } from '../../net/addresses.ts';
import type { Surface } from '../../surface/surface.ts';
import type { Kubectl } from './kubectl.ts';
import { type Answer, failed, notTried, ok, type Probe, warning } from './line.ts';
import {
  callFromPod,
  curlIn,
  type DebugChoice,
  type Pod,
  type PodAnswer,
  podWords,
  runningPod,
} from './pods.ts';
import { selectorOf } from './selectors.ts';

const GROUP = 'connections';

/** The item of the guide's list. */
const CROSS_CLUSTER = 8;

export interface KnownCluster {
  name: string;
  /** URL of its Kubernetes API, without a slash at its end. */
  server: string;
}

/** Those of the config, and those that `Cluster` resources name. */
export function clustersOf({ settings, manifests }: Surface): KnownCluster[] {
  const configured = settings?.config.spec.computeClusters ?? [];
  const registered = manifests
    .ofKind('Cluster')
    .filter((resource) => groupOf(resource) === 'michelangelo.api')
    .flatMap(registeredServer);
  const all = [...configured, ...registered].map(({ name, server }) => ({
    name,
    server: server.replace(/\/$/, ''),
  }));
  return [...new Map(all.reverse().map((one) => [one.name, one])).values()].reverse();
}

function registeredServer(cluster: Resource): KnownCluster[] {
  const { host, port } = connectionOf(cluster);
  // A word that curl gets: nothing else can be one of its flags then.
  if (!/^https?:\/\//.test(host) || readAddress(host) === undefined) return [];
  const server = `${host.replace(/\/$/, '')}${port && `:${port}`}`;
  return [{ name: cluster.name, server }];
}

export function computeLines(
  surface: Surface,
  kubectl: Kubectl,
  cluster: Probe,
  debug: DebugChoice,
): Probe[] {
  const clusters = clustersOf(surface);
  const [manager] = surface.mounting(surface.controllerManagers);
  if (clusters.length === 0 || !manager) return [];
  const { namespace, kind, name } = manager;
  const selector = selectorOf(manager);
  let pod: Pod | undefined;
  const found: Probe = {
    group: GROUP,
    tried: `pod of the controller manager (${kind} ${name})`,
    command: kubectl.command(podWords(namespace, selector).slice(0, -2)),
    after: [cluster],
    run: async (step) => {
      pod = await runningPod(kubectl, namespace, selector, step);
      return pod
        ? ok(pod.name, 'it runs')
        : failed('none runs', 'the controller manager is not there: no job is sent anywhere');
    },
  };
  const target = `${kind.toLowerCase()}/${name}`;
  const by = (url: string) => [
    'exec',
    ...(namespace ? ['-n', namespace] : []),
    target,
    '--',
    ...curlIn(url, 10),
  ];
  const lines = clusters.map(({ name: called, server }): Probe => {
    const url = `${server}/readyz`;
    return {
      group: GROUP,
      tried: `controller manager to compute cluster ${called} (${server})`,
      command: kubectl.command(by(url)),
      items: [CROSS_CLUSTER],
      after: [found],
      run: async (step) =>
        judgeApi(
          await callFromPod(kubectl, pod as Pod, (seconds) => curlIn(url, seconds), debug, step),
        ),
    };
  });
  return [found, ...lines];
}

function judgeApi({ status, complaint }: PodAnswer): Answer {
  if (status === 0) return noWay(complaint);
  const came = `HTTP ${status}`;
  if ([200, 401, 403].includes(status))
    return ok(
      came,
      status === 200
        ? 'a Kubernetes API answers'
        : 'a Kubernetes API answers: that it asks who calls proves the connection',
    );
  return status >= 500
    ? warning(
        came,
        'it is reached, and is not ready, or a proxy in front of it has nothing behind it',
      )
    : failed(came, 'what answers is not a Kubernetes API');
}

/** Source: curl's manual, "Exit codes". */
const REASONS: Readonly<Record<string, string>> = {
  6: 'the name has no address there: see the DNS of the cluster, and whether policies allow it',
  7: 'the address refuses: another port, or nothing listens',
  28: 'nothing comes back: a network policy, a security group or an authorized network drops the packets',
  35: 'no TLS handshake: what listens there does not speak TLS, or ends the connection',
  52: 'the connection is ended without an answer',
  56: 'the connection is ended without an answer',
};

/** What curl says where no answer came. */
export function noWay(complaint: string): Answer {
  const [, code = ''] = /curl: \((\d+)\)/.exec(complaint) ?? [];
  if (complaint === '') return notTried('curl said nothing at all');
  return failed(complaint, REASONS[code] ?? 'the way is not open');
}
