/** NetworkPolicies: where they stand, which addresses they name, and what they shut off. */
import { BlockList } from 'node:net';
import type { Resource } from '../manifests/resource.ts';
import { list } from '../manifests/workloads.ts';
import { cidrFault } from '../net/cidrs.ts';
import type { ManifestView } from '../surface/view.ts';
import { getIn, type Json } from '../yaml/json.ts';
import { type ShutOff, shutNames, shutPeers } from './network/shut-off.ts';
import { type Finding, finding, type Search } from './shared/catalogue.ts';

/** Where kubeadm and its like run the API server's pods. */
const SYSTEM_NAMESPACE = 'kube-system';

/** Labels of these pods. Source: kubeadm's static pod manifests; kops and others follow. */
const API_SERVER_LABELS = ['component', 'k8s-app'];
const API_SERVER = 'kube-apiserver';

const namespaces: Search = (view) =>
  policiesOf(view)
    .filter(({ json, namespace }) => namespace !== SYSTEM_NAMESPACE && isForApiServer(json))
    .map((policy) =>
      finding('policy-namespace', {
        resource: policy,
        path: 'metadata.namespace',
        message: policy.namespace
          ? `the policy selects kube-apiserver in namespace ${policy.namespace}`
          : 'the policy selects kube-apiserver and names no namespace',
      }),
    );

function isForApiServer(json: Json): boolean {
  const selector = getIn(json, ['spec', 'podSelector']);
  const isListed = list(getIn(selector, ['matchExpressions'])).some(
    ({ key, operator, values }) =>
      API_SERVER_LABELS.includes(String(key)) &&
      operator === 'In' &&
      Array.isArray(values) &&
      values.includes(API_SERVER),
  );
  return (
    isListed ||
    API_SERVER_LABELS.some((label) => getIn(selector, ['matchLabels', label]) === API_SERVER)
  );
}

const ranges: Search = (view) =>
  policiesOf(view).flatMap((policy) => [
    ...rangesOf(policy).flatMap(onRange),
    ...exceptionsOutside(policy),
  ]);

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

function onRange({ policy, path, range }: RangePlace): Finding[] {
  const text = String(range);
  const fault = cidrFault(text);
  if (!fault) return [];
  return [
    finding('policy-cidr', {
      resource: policy,
      path,
      message: `\`${text}\` ${fault.reason}`,
      mend: fault.suggestion === undefined ? undefined : `write \`${fault.suggestion}\``,
    }),
  ];
}

/** Kubernetes refuses an exception that is not a part of its range. */
function exceptionsOutside(policy: Resource): Finding[] {
  const ranges = rangesOf(policy).filter(({ range }) => cidrFault(String(range)) === undefined);
  return ranges.flatMap(({ path, range }): Finding[] => {
    const owner = /^(.*\.ipBlock)\.except/.exec(path)?.[1];
    const whole = ranges.find((other) => owner !== undefined && other.path === `${owner}.cidr`);
    if (!whole || isPartOf(String(range), String(whole.range))) return [];
    return [
      finding('policy-cidr', {
        resource: policy,
        path,
        message: `\`${String(range)}\` is not a part of \`${String(whole.range)}\`, which it is to be taken out of`,
        mend: 'take the exception away, or write a smaller range inside of `cidr`',
      }),
    ];
  });
}

function isPartOf(part: string, whole: string): boolean {
  const family = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4');
  const [address = '', length] = part.split('/');
  const [network = '', wholeLength] = whole.split('/');
  if (family(address) !== family(network) || Number(length) <= Number(wholeLength)) return false;
  const block = new BlockList();
  block.addSubnet(network, Number(wholeLength), family(network));
  return block.check(address, family(address));
}

const names: Search = (view) =>
  shutNames(view).map(({ shut, isTcpOnly }) =>
    finding('policy-shuts-dns', {
      ...placeOf(shut),
      severity: isTcpOnly ? 'warning' : undefined,
      message: isTcpOnly
        ? `${shut.peers.join(', ')} may ask for names over UDP and not over TCP, which long answers need`
        : `${shut.peers.join(', ')} cannot resolve any name`,
    }),
  );

const peers: Search = (view) =>
  shutPeers(view).map((shut) =>
    finding('policy-shuts-peer', {
      ...placeOf(shut),
      message:
        shut.direction === 'egress'
          ? `${shut.workload} cannot reach ${shut.peers.join(', ')}`
          : `${shut.workload} does not let in ${shut.peers.join(', ')}`,
    }),
  );

function placeOf({ policy, direction }: ShutOff) {
  return { resource: policy, path: `spec.${direction}` };
}

function policiesOf({ resources }: ManifestView): Resource[] {
  return resources.ofKind('NetworkPolicy');
}

export const POLICY_CHECKS: readonly Search[] = [namespaces, ranges, names, peers];
