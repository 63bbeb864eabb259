import type { Resource } from '../manifests/resource.ts';
import { cidrFault, isWithin } from '../net/cidrs.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { getIn, type Json, list } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A malformed address range in a NetworkPolicy',
  why: 'The Kubernetes API refuses the policy, or it covers other addresses than was meant.',
  mend: 'write an address and one prefix length, for instance `10.0.0.0/24`',
  find: (view) =>
    view.manifests
      .ofKind('NetworkPolicy')
      .flatMap((policy) => [...rangesOf(policy).flatMap(onRange), ...exceptionsOutside(policy)]),
};

interface RangePlace {
  policy: Resource;
  path: string;
  range: Json;
}

function rangesOf(policy: Resource): RangePlace[] {
  const directions = [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const;
  return directions.flatMap(([direction, key]) =>
    list(getIn(policy.json, ['spec', direction])).flatMap((rule, ruleIndex) =>
      list(rule[key]).flatMap((peer, peerIndex) => {
        const place = `spec.${direction}[${ruleIndex}].${key}[${peerIndex}].ipBlock`;
        const cidr = getIn(peer, ['ipBlock', 'cidr']);
        const except = getIn(peer, ['ipBlock', 'except']);
        return [
          ...(cidr === undefined ? [] : [{ policy, path: `${place}.cidr`, range: cidr }]),
          ...(Array.isArray(except) ? except : []).map((range, index) => ({
            policy,
            path: `${place}.except[${index}]`,
            range,
          })),
        ];
      }),
    ),
  );
}

function onRange({ policy, path, range }: RangePlace): Fault[] {
  const text = String(range);
  const fault = cidrFault(text);
  if (!fault) return [];
  const mend = fault.suggestion === undefined ? undefined : `write \`${fault.suggestion}\``;
  return [{ resource: policy, path, message: `\`${text}\` ${fault.reason}`, mend }];
}

/** Kubernetes refuses an exception that is not a part of its range. */
function exceptionsOutside(policy: Resource): Fault[] {
  const ranges = rangesOf(policy).filter(({ range }) => cidrFault(String(range)) === undefined);
  return ranges.flatMap(({ path, range }): Fault[] => {
    const owner = /^(.*\.ipBlock)\.except/.exec(path)?.[1];
    const whole = ranges.find((other) => owner !== undefined && other.path === `${owner}.cidr`);
    if (!whole) return [];
    const [part, outer] = [String(range), String(whole.range)];
    if (isWithin(part, outer) && !isWithin(outer, part)) return [];
    return [
      {
        resource: policy,
        path,
        message: `\`${part}\` is not a part of \`${outer}\`, which it is to be taken out of`,
        mend: 'take the exception away, or write a smaller range inside of `cidr`',
      },
    ];
  });
}
