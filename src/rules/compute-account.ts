/**
 * The account with which the control plane sends jobs: `ray-manager` in `default`, whatever prefix and namespace a layer has set. kustomize
 * does not follow its name into the token's Secret, and the commands of the documentation read both there.
 *
 * Source: Michelangelo's `docs/operator-guides/jobs/register-a-compute-cluster-to-michelangelo-control-plane.md`.
 */
import { Draft } from '../manifests/edit.ts';
import type { Resource } from '../manifests/resource.ts';
import { asText, getIn, list, stringAt } from '../yaml/json.ts';
import { FROM_BUILD, fromDrafts, NOTHING, type Rule } from './rule.ts';

const ACCOUNT = 'ray-manager';
const NAMESPACE = 'default';
const ACCOUNT_ANNOTATION = 'kubernetes.io/service-account.name';
const TOKEN_TYPE = 'kubernetes.io/service-account-token';

export const computeAccount: Rule = ({ surface: { manifests } }) => {
  const isAccount = ({ names }: Resource) => names.includes(ACCOUNT);
  const accounts = manifests.find(['ServiceAccount'], [ACCOUNT]).filter(isAccount);
  if (accounts.length !== 1) return NOTHING;
  const tokens = manifests
    .find(['Secret'], [TOKEN_TYPE])
    .filter(
      ({ json, annotations }) =>
        stringAt(json, ['type']) === TOKEN_TYPE && annotations[ACCOUNT_ANNOTATION] === ACCOUNT,
    );
  const bindings = manifests.find(['ClusterRoleBinding', 'RoleBinding'], [ACCOUNT]);
  const drafts = [
    ...[...accounts, ...tokens].map((resource) => {
      const draft = new Draft(resource);
      draft.set(['metadata', 'name'], resource.originalName, FROM_BUILD);
      draft.set(['metadata', 'namespace'], NAMESPACE, FROM_BUILD);
      return draft;
    }),
    ...bindings.map((binding) => withSubject(binding, accounts[0] as Resource)),
  ];
  return fromDrafts(drafts);
};

function withSubject(binding: Resource, account: Resource): Draft {
  const draft = new Draft(binding);
  for (const [index, subject] of list(getIn(binding.json, ['subjects'])).entries()) {
    const isOurs =
      subject['kind'] === 'ServiceAccount' && account.names.includes(asText(subject['name']));
    if (!isOurs) continue;
    draft.set(['subjects', index, 'name'], account.originalName, FROM_BUILD);
    draft.set(['subjects', index, 'namespace'], NAMESPACE, FROM_BUILD);
  }
  return draft;
}
