/** Checks of `spec.computeClusters` and `spec.controlPlane` beyond their fields. */
import { isIp, printAddress, withoutBrackets } from '../net/addresses.ts';
import { asRange, cidrFault, isWithin } from '../net/cidrs.ts';
import { isObject } from '../yaml/json.ts';
import { isServerUrl } from './addresses.ts';
import { hostAndPort } from './compute-clusters.ts';
import { type Field, itemsAt, repeated, textAt, textsAt } from './partial.ts';
import { type ConfigProblem, code, quote } from './wording.ts';

/** Problems of names and addresses that are well-formed each. */
export function checkComputeClusters(config: unknown): ConfigProblem[] {
  const clusters = itemsAt(config, 'spec.computeClusters').filter(({ value }) => isObject(value));
  const textsOf = (key: string) =>
    clusters.flatMap(({ path }): Field<string>[] => {
      const value = textAt(config, `${path}.${key}`);
      return value === undefined ? [] : [{ path: `${path}.${key}`, value }];
    });
  const servers = textsOf('server').filter(({ value }) => isServerUrl(value));
  return [
    ...repeated(textsOf('name'), ({ value }) => value).map(({ item, earlier }) =>
      twice(item, earlier, 'two compute clusters have one name', 'give each its own name'),
    ),
    ...repeated(servers, ({ value }) => placeOf(value)).map(({ item, earlier }) =>
      twice(
        item,
        earlier,
        // Source: go/components/jobs/compute/factory.go, getClusterKey.
        'two compute clusters have one address, and the controller manager keeps one client, with one token, for each address',
        'list the cluster once',
      ),
    ),
    ...servers.flatMap((server) => outside(server, config)),
    ...checkEgress(config, clusters.length > 0),
  ];
}

const placeOf = (server: string) => printAddress({ scheme: 'https', ...hostAndPort(server) });

function twice(
  item: Field<string>,
  earlier: Field<string>,
  message: string,
  fix: string,
): ConfigProblem {
  return {
    code: 'config-conflict',
    path: item.path,
    message,
    found: quote(item.value),
    expected: `another than that of ${code(earlier.path)}`,
    fix,
  };
}

/** A server that is given by its address has to be among the addresses. */
function outside({ path, value }: Field<string>, config: unknown): ConfigProblem[] {
  const list = path.replace(/server$/, 'cidrs');
  const ranges = textsAt(config, list).map((range) => asRange(range.value));
  const address = withoutBrackets(hostAndPort(value).host);
  if (!isIp(address) || ranges.length === 0 || ranges.some(cidrFault)) return [];
  if (ranges.some((range) => isWithin(asRange(address), range))) return [];
  return [
    {
      code: 'config-conflict',
      path: list,
      message: `none of the addresses of this cluster's Kubernetes API is that of ${code('server')}`,
      found: quote(value),
      expected: `a range with ${code(address)} in it`,
      fix: `add ${code(address)}, or correct \`server\``,
    },
  ];
}

function checkEgress(config: unknown, hasClusters: boolean): ConfigProblem[] {
  const path = 'spec.controlPlane.egressCidrs';
  const ranges = textsAt(config, path);
  const everyone = ranges
    .filter(({ value }) => cidrFault(asRange(value)) === undefined && value.endsWith('/0'))
    .map(
      (range): ConfigProblem => ({
        code: 'config-value',
        path: range.path,
        message: 'every address there is would be one that the control plane comes from',
        found: quote(range.value),
        expected: 'the addresses of its NAT gateway or of its nodes',
        fix: 'write those that the compute clusters see',
      }),
    );
  if (ranges.length === 0 || hasClusters) return everyone;
  return [
    ...everyone,
    {
      code: 'config-conflict',
      path,
      message: `${code(path)} has no meaning without a cluster in \`spec.computeClusters\``,
      expected: 'the clusters that see these addresses',
      fix: 'add the clusters, or remove the field',
    },
  ];
}
