/** The oldest versions that a stream of manifests works with, told by the fields that it uses. */
import { allContainersOf } from '../../manifests/workload.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, list } from '../../yaml/json.ts';

interface Needed {
  version: string;
  /** What needs it. */
  because: string;
}

/**
 * Sources: Kubernetes, "Container lifecycle hooks" (`sleep`: on by default since 1.30), "Specifying a Disruption Budget"
 * (`unhealthyPodEvictionPolicy`: since 1.27); Michelangelo's README (1.24).
 */
export function kubernetesNeeded(surface: Surface): Needed {
  const sleeps = surface.workloads.some((workload) =>
    allContainersOf(workload).some(
      (one) => getIn(one, ['lifecycle', 'preStop', 'sleep']) !== undefined,
    ),
  );
  if (sleeps) return { version: 'v1.30', because: 'lifecycle.preStop.sleep' };
  const evicts = surface.manifests
    .ofKind('PodDisruptionBudget')
    .some(({ json }) => getIn(json, ['spec', 'unhealthyPodEvictionPolicy']) !== undefined);
  if (evicts) return { version: 'v1.27', because: 'unhealthyPodEvictionPolicy' };
  return { version: 'v1.24', because: 'Michelangelo' };
}

/** Source: the Gateway API's release notes: GRPCRoute v1 came with 1.1, `timeouts` in the standard channel with 1.2, BackendTLSPolicy v1 with 1.4. */
export function gatewayApiNeeded({ manifests }: Surface): Needed | undefined {
  const isThere = (kind: string, apiVersion = 'gateway.networking.k8s.io/v1') =>
    manifests.ofKind(kind).some(({ json }) => json['apiVersion'] === apiVersion);
  if (isThere('BackendTLSPolicy')) return { version: 'v1.4.0', because: 'BackendTLSPolicy' };
  const hasTimeouts = manifests
    .ofKind('HTTPRoute')
    .some(({ json }) =>
      list(getIn(json, ['spec', 'rules'])).some((rule) => rule['timeouts'] !== undefined),
    );
  if (hasTimeouts) return { version: 'v1.2.0', because: 'timeouts of an HTTPRoute' };
  if (isThere('GRPCRoute')) return { version: 'v1.1.0', because: 'GRPCRoute' };
  return isThere('HTTPRoute') || isThere('Gateway')
    ? { version: 'v1.0.0', because: 'HTTPRoute' }
    : undefined;
}

/** One that cannot be read is not older. */
export function isOlder(version: string, needed: string): boolean {
  const numbers = (text: string) => /(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number);
  const [found, wanted] = [numbers(version), numbers(needed)];
  if (!found || !wanted) return false;
  const [major = 0, minor = 0] = found;
  const [wantedMajor = 0, wantedMinor = 0] = wanted;
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
