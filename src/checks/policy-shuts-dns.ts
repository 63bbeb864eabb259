import type { Check } from './check.ts';
import { doubtOf, shutNames } from './shared/shut-off.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A NetworkPolicy shuts off DNS',
  why: 'An egress policy allows what it lists and shuts all else. Without port 53 no name is resolved, and every connection fails.',
  fix: 'allow UDP and TCP 53 to the DNS pods',
  find: (surface) =>
    shutNames(surface).map((row) => {
      const { policy, direction, peers, isTcpOnly } = row;
      const { severity, suffix } = doubtOf(row);
      const message = isTcpOnly
        ? `${peers.join(', ')} may ask for names over UDP and not over TCP, which long answers need`
        : `${peers.join(', ')} cannot resolve any name`;
      return {
        resource: policy,
        path: `spec.${direction}`,
        severity: isTcpOnly ? 'warning' : severity,
        message: `${message}${suffix}`,
      };
    }),
};
