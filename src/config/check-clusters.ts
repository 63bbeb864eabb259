/** Checks of the compute clusters, of the side that the overlay is for, and of every range of addresses. */

import { cidrFault } from '../net/cidrs.ts';
import { isObject } from '../yaml/json.ts';
import { checkAddress } from './addresses.ts';
import { type Field, itemsAt, present, textAt, textsAt } from './partial.ts';
import { type ConfigProblem, code, either, nearest, quote } from './wording.ts';

function checkCidr({ path, value }: Field<string>): ConfigProblem[] {
  const fault = cidrFault(value);
  if (fault === undefined) return [];
  return [
    {
      code: 'config-value',
      path,
      message: `This is not a range of addresses: it ${fault.reason}`,
      found: quote(value),
      expected: 'a network in CIDR notation, for instance `203.0.113.0/24` or `2001:db8::/32`',
      mend: fault.suggestion
        ? `Write ${code(fault.suggestion)}`
        : 'Write the address of the network, a slash and the prefix length; names are not possible here',
    },
  ];
}

/** Every list of ranges in the config. */
function cidrLists(config: unknown): string[] {
  return [
    ...itemsAt(config, 'spec.computeClusters').map(({ path }) => `${path}.cidrs`),
    'spec.controlPlane.egressCidrs',
    ...itemsAt(config, 'spec.networkPolicies.egress').map(({ path }) => `${path}.cidrs`),
    ...['entry', 'monitoring', 'acme'].map((from) => `spec.networkPolicies.from.${from}.cidrs`),
  ];
}

function clusterNames(config: unknown): Field<string>[] {
  return itemsAt(config, 'spec.computeClusters').flatMap(({ path, value }) =>
    isObject(value) && typeof value.name === 'string'
      ? [{ path: `${path}.name`, value: value.name }]
      : [],
  );
}

function checkDifferentNames(names: readonly Field<string>[]): ConfigProblem[] {
  return names.flatMap(({ path, value }, index): ConfigProblem[] => {
    const earlier = names.slice(0, index).find((other) => other.value === value);
    if (earlier === undefined) return [];
    return [
      {
        code: 'config-conflict',
        path,
        message: `Two compute clusters have one name: ${code(earlier.path)} and ${code(path)}`,
        found: quote(value),
        expected: 'names that differ',
        mend: 'Rename or remove one of the two',
      },
    ];
  });
}

function checkRole(config: unknown, names: readonly Field<string>[]): ConfigProblem[] {
  const path = 'spec.computeCluster';
  const isCompute = textAt(config, 'spec.role') === 'compute';
  const known = names.map(({ value }) => value);
  if (!isCompute && present(config, path))
    return [
      {
        code: 'config-conflict',
        path,
        message: '`spec.computeCluster` has no meaning without `spec.role: compute`',
        expected: '`spec.computeCluster` only with role compute',
        mend: 'Remove it, or set `spec.role` to `compute`',
      },
    ];
  if (isCompute && !present(config, path))
    return [
      {
        code: 'config-required',
        path,
        message: '`spec.computeCluster` is missing: nothing says which cluster this overlay is for',
        expected: known.length > 0 ? either(known.map(code)) : 'the name of a compute cluster',
        mend: 'Set it to the name of the cluster',
      },
    ];
  const found = textAt(config, path);
  if (found === undefined || known.length === 0 || known.includes(found)) return [];
  const suggestion = nearest(found, known);
  return [
    {
      code: 'config-value',
      path,
      message: '`spec.computeCluster` is none of `spec.computeClusters`',
      found: quote(found),
      expected: either(known.map(code)),
      mend: suggestion
        ? `Write ${code(suggestion)}`
        : 'Write one of these names, or add the cluster',
    },
  ];
}

/** Problems of compute clusters, role and ranges of addresses. */
export function checkClusters(config: unknown): ConfigProblem[] {
  const names = clusterNames(config);
  const servers = itemsAt(config, 'spec.computeClusters').map(({ path }) => `${path}.server`);
  return [
    ...checkRole(config, names),
    ...checkDifferentNames(names),
    ...servers.flatMap((path) => checkAddress(path, textAt(config, path), 'https URL')),
    ...cidrLists(config).flatMap((path) => textsAt(config, path).flatMap(checkCidr)),
  ];
}
