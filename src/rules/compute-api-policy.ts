/**
 * `controlPlane.egressCidrs` → who may reach the Kubernetes API of a compute cluster: the guide's NetworkPolicy where the cluster is
 * self-managed, and what to set at the cloud where it is not.
 */
import type { ComputeCluster } from '../config/compute-clusters.ts';
import type { Problem } from '../errors.ts';
import { asRange } from '../net/cidrs.ts';
import { peersFor, RuleList } from './network-policies/rule-list.ts';
import { NOTHING, type Rule } from './rule.ts';
import { metadataFrom } from './served-by.ts';

const FIELD = 'spec.controlPlane.egressCidrs';
const NAME = 'allow-michelangelo-controller';
const NAMESPACE = 'kube-system';
/** Where an API server of kubeadm listens, whatever port a load balancer in front of it has. A policy is about ports of pods. */
const USUAL_PORT = 6443;

export const computeApiPolicy: Rule = ({ settings, surface }) => {
  const cluster = settings.computeCluster;
  const cidrs = settings.config.spec.controlPlane?.egressCidrs ?? [];
  if (!cluster || cidrs.length === 0) return NOTHING;
  if (cluster.managed) return { edits: [], problems: [managed(cluster, cidrs)] };
  const [served] = surface.taskPods;
  const metadata = {
    ...(served ? metadataFrom(served, NAME) : { name: NAME }),
    namespace: NAMESPACE,
  };
  const callers = new RuleList('from');
  callers.add(peersFor({ cidrs }), [443, cluster.port, USUAL_PORT]);
  const json = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata,
    spec: {
      podSelector: { matchLabels: { component: 'kube-apiserver' } },
      policyTypes: ['Ingress'],
      ingress: callers.toJson(),
    },
  };
  return { edits: [], problems: [unsure(cluster)], additions: [{ json, field: FIELD }] };
};

/** Source: the documentation of Calico and Cilium on host-network pods, and of Kubernetes, "Network Policies". */
function unsure({ name }: ComputeCluster): Problem {
  return {
    code: 'api-policy-unsure',
    severity: 'warning',
    message: `the policy for the API server of ${name} either does nothing, or shuts out everyone but the control plane`,
    resource: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      namespace: NAMESPACE,
      name: NAME,
    },
    path: 'spec.ingress',
    found: `pods of the host's network: most network plug-ins ignore policies for them, and the others shut out kubelets and pods of the cluster`,
    expected: `a network plug-in that you have tried it with`,
    fix: `remove ${FIELD}, and let a firewall in front of the API server decide; or add a NetworkPolicy of your own that lets nodes and pods in as well, and accept this under \`spec.checks.ignore\``,
  };
}

function managed({ name }: ComputeCluster, cidrs: readonly string[]): Problem {
  const ranges = cidrs.map(asRange).join(', ');
  return {
    code: 'api-server-managed',
    severity: 'warning',
    message: `the API server of ${name} is its cloud's: no NetworkPolicy can let the control plane in, and none is made`,
    path: FIELD,
    found: ranges,
    expected: 'these addresses where the cloud asks for them',
    fix: `EKS: public access CIDRs of the endpoint, or the cluster's security group for its private one; GKE: authorized networks; AKS: authorized IP ranges. Accept this under \`spec.checks.ignore\` then, or write \`managed: false\` where the cluster runs its API server itself`,
  };
}
