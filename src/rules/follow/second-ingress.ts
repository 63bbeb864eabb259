/** An Ingress of somebody else's on a part's host, for a page beside the calls: it has rules for each of the part's hosts. */
import type { PublicHost } from '../../config/settings.ts';
import { Draft, type Edit } from '../../manifests/edit.ts';
import { classOf, hostOfRule, pathsOfRule, rulesOf } from '../../manifests/ingress.ts';
import type { Manifests } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import type { JsonObject } from '../../yaml/json.ts';
import { list } from '../../yaml/json.ts';
import { hostField } from '../host-field.ts';
import { hostsOf, secretOf } from '../ingress-tls.ts';

/** @param parts - the hosts of each part that has several */
export function completeIngress(
  ingress: Resource,
  parts: readonly (readonly PublicHost[])[],
  manifests: Manifests,
): Edit[] {
  const draft = new Draft(ingress);
  for (const hosts of parts) {
    const rules = list(draft.get(['spec', 'rules']));
    const pattern = hosts.find(({ host }) => rules.some((rule) => hostOfRule(rule) === host));
    if (!pattern) continue;
    const template = rules.filter((rule) => hostOfRule(rule) === pattern.host);
    const missing = hosts.filter(
      ({ host }) =>
        !rules.some((rule) => hostOfRule(rule) === host) &&
        !isServedElsewhere(host, template, ingress, manifests),
    );
    if (missing.length === 0) continue;
    const last = rules.findLastIndex((rule) => hostOfRule(rule) === pattern.host);
    const added = missing.flatMap(({ host }) => template.map((rule) => ({ ...rule, host })));
    const written = [...rules.slice(0, last + 1), ...added, ...rules.slice(last + 1)];
    draft.reconcile(['spec', 'rules'], written, hostField(hosts));
    secure(draft, pattern, missing, hosts);
  }
  return draft.edits;
}

/** Whether another Ingress of the same class has one of the paths for a host already: another class is another way in. */
function isServedElsewhere(
  host: string,
  template: readonly JsonObject[],
  ingress: Resource,
  manifests: Manifests,
): boolean {
  const paths = template.flatMap((rule) => pathsOfRule(rule)).map(({ path }) => path);
  return manifests
    .find(['Ingress'], [host])
    .filter(({ name, namespace }) => name !== ingress.name || namespace !== ingress.namespace)
    .filter((other) => classOf(other) === classOf(ingress))
    .flatMap(rulesOf)
    .filter((rule) => hostOfRule(rule) === host)
    .flatMap((rule) => pathsOfRule(rule))
    .some(({ path }) => paths.includes(path));
}

/** A host joins the block of the other one, unless the part has a Secret for it. */
function secure(
  draft: Draft,
  pattern: PublicHost,
  missing: readonly PublicHost[],
  hosts: readonly PublicHost[],
): void {
  const blocks = list(draft.get(['spec', 'tls']));
  const listed = blocks.flatMap(hostsOf);
  const written = blocks.flatMap((block) => {
    if (!hostsOf(block).includes(pattern.host)) return [block];
    const secret = secretOf(block);
    const wanted = missing.filter(({ host }) => !listed.includes(host));
    const isOwn = secret !== undefined && secret === pattern.secretName;
    const joined = wanted.filter(({ secretName }) => !isOwn || secretName === secret);
    const apart = wanted.filter((host) => !joined.includes(host));
    const grown =
      joined.length === 0
        ? block
        : { ...block, hosts: [...hostsOf(block), ...joined.map(({ host }) => host)] };
    return [
      grown,
      ...apart.map(({ host, secretName }) => ({
        hosts: [host],
        ...(secretName === undefined ? {} : { secretName }),
      })),
    ];
  });
  if (blocks.length > 0) draft.reconcile(['spec', 'tls'], written, hostField(hosts));
}
