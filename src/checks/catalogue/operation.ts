import type { CatalogueRow } from './rows.ts';

export const OPERATION_ROWS = {
  'change-rolls-nothing': {
    severity: 'warning',
    title: 'A ConfigMap whose change restarts nothing',
    why: 'The programs read their config when they start. Without a hash in its name, a checksum annotation on the pods or a reloader, pods go on with the old hosts after an apply.',
    mend: 'make it with `configMapGenerator`, or put a checksum of it into an annotation of the pod template',
  },
  'policy-namespace': {
    severity: 'error',
    title: 'A policy for the Kubernetes API server outside kube-system',
    why: 'A NetworkPolicy selects pods of its own namespace only: there is no kube-apiserver in this one, so that nothing is allowed that the policy is meant to allow.',
    mend: 'set `metadata.namespace: kube-system`, and keep layers that set a namespace away from it',
  },
  'policy-shuts-dns': {
    severity: 'error',
    title: 'A NetworkPolicy shuts off DNS',
    why: 'An egress policy allows what it lists and shuts all else. Without port 53 no name is resolved, and every connection fails.',
    mend: 'allow UDP and TCP 53 to the DNS pods',
  },
  'policy-shuts-peer': {
    severity: 'error',
    title: 'A NetworkPolicy shuts off a peer that is needed',
    why: 'Policies shut what they do not list, and one of the ways that requests take here is not on the list: calls hang until they time out.',
    mend: 'allow the peer on the port of its pods, not on that of its Service',
  },
  'policy-cidr': {
    severity: 'error',
    title: 'A malformed address range in a NetworkPolicy',
    why: 'The Kubernetes API refuses the policy, or it covers other addresses than was meant.',
    mend: 'write an address and one prefix length, for instance `10.0.0.0/24`',
  },
  'alerts-missing': {
    severity: 'warning',
    title: 'Nothing watches the controller manager',
    why: 'Michelangelo does not fail over: when the controller manager is down, no job is dispatched, and nobody is told.',
    mend: 'set `spec.alerts.prometheusOperator`, or alert on the health endpoint of the controller manager by other means',
  },
} as const satisfies Record<string, CatalogueRow>;
