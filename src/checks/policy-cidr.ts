import { cidrFault, isWithin } from '../net/cidrs.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { asText, getIn, leavesOf } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A malformed address range in a NetworkPolicy',
  why: 'The Kubernetes API refuses the policy, or it covers other addresses than was meant.',
  fix: 'write an address and one prefix length, for instance `10.0.0.0/24`',
  find: (surface) =>
    surface.manifests.ofKind('NetworkPolicy').flatMap((resource) =>
      // `spec.egress[0].to[0].ipBlock.cidr`, and `.except[0]` beside it.
      leavesOf(resource.json)
        .filter(({ path }) => path[5] === 'ipBlock')
        .flatMap(({ path, value }) => {
          const whole = getIn(resource.json, [...path.slice(0, 6), 'cidr']);
          const found = malformed(value) ?? (path[6] === 'except' && outside(value, asText(whole)));
          return found ? [{ ...found, resource, path: toPath(path) }] : [];
        }),
    ),
};

function malformed(range: string): Fault | undefined {
  const fault = cidrFault(range);
  if (!fault) return undefined;
  const fix = fault.suggestion === undefined ? undefined : `write \`${fault.suggestion}\``;
  return { message: `\`${range}\` ${fault.reason}`, fix };
}

/** Kubernetes refuses an exception that is not part of its range. */
function outside(part: string, whole: string): Fault | undefined {
  if (cidrFault(whole) || (isWithin(part, whole) && !isWithin(whole, part))) return undefined;
  return {
    message: `\`${part}\` is not part of \`${whole}\`, which it is to be taken out of`,
    fix: 'take the exception away, or write a smaller range inside of `cidr`',
  };
}
