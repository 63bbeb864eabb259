import type { Check } from './check.ts';
import { doubtOf, shutPeers } from './shared/shut-off.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A NetworkPolicy shuts off a peer that is needed',
  why: 'Policies shut what they do not list, and one of the ways that requests take here is not on the list: calls hang until they time out.',
  fix: 'allow the peer on the port of its pods, not on that of its Service',
  find: (surface) =>
    shutPeers(surface).map((row) => {
      const { policy, direction, workload, peers } = row;
      const { severity, suffix } = doubtOf(row);
      const way = direction === 'egress' ? 'cannot reach' : 'does not let in';
      return {
        resource: policy,
        path: `spec.${direction}`,
        severity,
        message: `${workload} ${way} ${peers.join(', ')}${suffix}`,
      };
    }),
};
