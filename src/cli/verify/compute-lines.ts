/** From the controller manager's pod to the Kubernetes API of each cluster that jobs are sent to. */
import { connectionOf } from '../../manifests/cluster.ts';
import { groupOf } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import { readAddress } from '../../net/addresses.ts';
import type { Surface } from '../../surface/surface.ts';
import type { Kubectl } from './kubectl.ts';
import { type Answer, failed, notTried, ok, type Probe, warning } from './line.ts';
import { linesFrom } from './pod-calls.ts';
import type { DebugChoice, PodAnswer } from './pods.ts';
import { selectorOf } from './selectors.ts';

/** The item of the guide's list. */
const CROSS_CLUSTER = 8;

/** A compute cluster, and where it answers. */
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

/** A line for each cluster, asked from the controller manager's pod. */
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
  return linesFrom(
    {
      tried: `pod of the controller manager (${kind} ${name})`,
      kubectl,
      namespaces: [namespace],
      selector: selectorOf(manager),
      shown: `${kind.toLowerCase()}/${name}`,
      after: cluster,
      none: failed('none runs', 'the controller manager is not there: no job is sent anywhere'),
    },
    clusters.map(({ name: called, server }) => ({
      tried: `controller manager to compute cluster ${called} (${server})`,
      url: `${server}/readyz`,
      item: CROSS_CLUSTER,
      judge: judgeApi,
    })),
    debug,
  );
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
