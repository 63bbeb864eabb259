/** From a task pod to the API and to the object store, on the addresses that task pods are told. */
import { readAddress } from '../../net/addresses.ts';
import { storesOf } from '../../surface/stores.ts';
import type { Surface } from '../../surface/surface.ts';
import { variableOf } from '../../surface/task-pods.ts';
import { computeClusterLine } from './cluster-line.ts';
import { clustersOf, noWay } from './compute-lines.ts';
import { decode } from './grpc.ts';
import { judgeGrpc } from './judge-grpc.ts';
import type { Kubectl } from './kubectl.ts';
import { type Answer, notTried, ok, type Probe, warning } from './line.ts';
import { linesFrom } from './pod-calls.ts';
import type { DebugChoice, PodAnswer } from './pods.ts';
import { selectorWords } from './selectors.ts';
import { isUnavailable } from './web.ts';

/** The item of the guide's list. */
const TASK_POD = 9;

/** What KubeRay puts on the pods of every cluster. Source: KubeRay's `ray-operator/controllers/ray/utils/constant.go`. */
const RAY_PODS = 'ray.io/is-ray-node=yes';

/** A cluster whose pods may be asked. */
interface TaskCluster {
  /** To follow "task pod": ` in gpu`; empty for the cluster of the manifests. */
  where: string;
  kubectl: Kubectl;
  namespaces: readonly string[];
  selector: string;
  reached: Probe;
}

/** @param kubectlFor - of a compute cluster, by its name */
export function taskPodLines(
  surface: Surface,
  kubectl: Kubectl,
  cluster: Probe,
  kubectlFor: (name: string) => Kubectl,
  debug: DebugChoice,
): Probe[] {
  const { settings } = surface;
  const placeIn = (name: string, where: string, theirs: Kubectl, reached: Probe): TaskCluster => {
    const configured = settings?.computeClusters.find((one) => one.name === name);
    return {
      where,
      kubectl: theirs,
      namespaces: configured?.namespaces ?? ['default'],
      selector: selectorWords(configured?.podSelector ?? {}) || RAY_PODS,
      reached,
    };
  };
  // The cluster of a compute side's manifests is the compute cluster itself.
  if (settings?.role === 'compute')
    return linesOf(
      placeIn(settings.computeCluster?.name ?? '', '', kubectl, cluster),
      surface,
      debug,
    );
  const named = clustersOf(surface);
  if (named.length === 0) {
    const namespaces = [...new Set(surface.taskPods.map(({ namespace }) => namespace))];
    if (namespaces.length === 0) return [];
    const own = { where: '', kubectl, namespaces, selector: RAY_PODS, reached: cluster };
    return linesOf(own, surface, debug);
  }
  return named.flatMap(({ name }) => {
    const theirs = kubectlFor(name);
    const reached = computeClusterLine(name, theirs);
    return [reached, ...linesOf(placeIn(name, ` in ${name}`, theirs, reached), surface, debug)];
  });
}

function linesOf(
  { where, kubectl, namespaces, selector, reached }: TaskCluster,
  surface: Surface,
  debug: DebugChoice,
): Probe[] {
  const api = apiFor(surface);
  const called = [
    ...(api
      ? [
          {
            what: `the API (${api.url})`,
            url: api.url + HEALTH,
            more: GRPC[api.scheme],
            judge: judgeApi,
          },
        ]
      : []),
    ...storeUrls(surface).map((url) => ({
      what: `the object store (${url})`,
      url,
      more: [],
      judge: judgeStore,
    })),
  ];
  return linesFrom(
    {
      tried: `a task pod${where}`,
      kubectl,
      namespaces,
      selector,
      shown: 'TASK-POD',
      after: reached,
      none: notTried(
        `no pod with ${selector} runs in ${namespaces.join(', ')} at this moment: look again while a job runs`,
      ),
    },
    called.map(({ what, ...call }) => ({
      tried: `task pod${where} to ${what}`,
      item: TASK_POD,
      ...call,
    })),
    debug,
  );
}

/** The API server has no such service, and says so: that is an answer of its own. */
const HEALTH = '/grpc.health.v1.Health/Check';

const CALL = [
  '-X',
  'POST',
  '-H',
  'content-type: application/grpc',
  '-H',
  'te: trailers',
  '-D',
  '-',
];
const GRPC = { https: ['--http2', ...CALL], http: ['--http2-prior-knowledge', ...CALL] } as const;

/** What task pods are told; else the public address. Source: Michelangelo's Python SDK: without REGISTRY_INSECURE=false it is not TLS. */
function apiFor({
  taskPods,
  settings,
}: Surface): { url: string; scheme: 'https' | 'http' } | undefined {
  const [told] = taskPods.filter((configMap) => variableOf(configMap, 'REGISTRY_ENDPOINT') !== '');
  if (told) {
    const address = readAddress(variableOf(told, 'REGISTRY_ENDPOINT'));
    const scheme = /^false$/i.test(variableOf(told, 'REGISTRY_INSECURE')) ? 'https' : 'http';
    if (address)
      return {
        url: `${scheme}://${address.host}:${address.port ?? (scheme === 'https' ? 443 : 80)}`,
        scheme,
      };
  }
  return (
    settings && {
      url: `${settings.scheme}://${settings.publicApiAddress}`,
      scheme: settings.scheme,
    }
  );
}

function storeUrls(surface: Surface): string[] {
  const all = storesOf(surface).map((store) => ({
    ...store,
    url: `${store.tls ? 'https' : 'http'}://${store.host}:${store.port}`,
  }));
  const told = all.filter(({ name }) => name === 'AWS_ENDPOINT_URL');
  return [...new Set((told.length > 0 ? told : all).map(({ url }) => url))];
}

function judgeApi({ status, headers, complaint }: PodAnswer): Answer {
  if (status === 0) return noWay(complaint);
  const header = (name: string) =>
    new RegExp(`^${name}:[ \\t]*(.*?)\\r?$`, 'im').exec(headers)?.[1] ?? '';
  const grpcStatus = header('grpc-status');
  return judgeGrpc({
    status,
    contentType: header('content-type').split(';')[0] ?? '',
    grpcStatus: /^\d+$/.test(grpcStatus) ? Number(grpcStatus) : undefined,
    grpcMessage: decode(header('grpc-message')),
    location: header('location'),
    body: Buffer.alloc(0),
  });
}

/** A store asks who calls, and that is an answer. */
function judgeStore({ status, complaint }: PodAnswer): Answer {
  if (status === 0) return noWay(complaint);
  if (isUnavailable(status))
    return warning(
      `HTTP ${status}`,
      'it is reached, and is not ready, or a proxy in front of it has nothing behind it',
    );
  return ok(`HTTP ${status}`, 'the store answers: whether the keys are right was not asked');
}
