import { podSelectorOf } from '../manifests/label-selectors.ts';
import type { Resource } from '../manifests/resource.ts';
import { asText, getIn, list, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';

/** Where kubeadm and its like run the API server's pods. */
const SYSTEM_NAMESPACE = 'kube-system';

/** Labels of these pods. Source: kubeadm's static pod manifests; kops and others follow. */
const API_SERVER_LABELS = ['component', 'k8s-app'];
const API_SERVER = 'kube-apiserver';

export const check: Check = {
  family: 'Network policies and operation',
  severity: 'error',
  title: 'A policy for the Kubernetes API server outside kube-system',
  why: 'A NetworkPolicy selects pods of its own namespace only: there is no kube-apiserver in this one, so that nothing is allowed that the policy is meant to allow.',
  fix: 'set `metadata.namespace: kube-system`, and keep layers that set a namespace away from it',
  find: (surface) =>
    surface.manifests
      .ofKind('NetworkPolicy')
      .filter((policy) => policy.namespace !== SYSTEM_NAMESPACE && isForApiServer(policy))
      .map((policy) => ({
        resource: policy,
        path: 'metadata.namespace',
        message: policy.namespace
          ? `the policy selects kube-apiserver in namespace ${policy.namespace}`
          : 'the policy selects kube-apiserver and names no namespace',
      })),
};

function isForApiServer(policy: Resource): boolean {
  const selector = podSelectorOf(policy);
  const isListed = list(getIn(selector, ['matchExpressions'])).some(
    ({ key, operator, values }) =>
      API_SERVER_LABELS.includes(asText(key)) &&
      operator === 'In' &&
      strings(values).includes(API_SERVER),
  );
  return (
    isListed ||
    API_SERVER_LABELS.some((label) => getIn(selector, ['matchLabels', label]) === API_SERVER)
  );
}
