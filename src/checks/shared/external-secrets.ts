/**
 * Secrets that an operator is to write and does not.
 *
 * Source: External Secrets, API reference (`secretStoreRef.kind` is `SecretStore` where it is not written; a SecretStore serves its own
 * namespace) and "Lifecycle" (`creationPolicy: Merge` makes no Secret).
 */
import { sameNamespace } from '../../manifests/manifests.ts';
import type { Resource } from '../../manifests/resource.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { isMisspelled } from '../../surface/near-names.ts';
import { isMerged, providersOf } from '../../surface/providers.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, stringAt } from '../../yaml/json.ts';

const STORES = ['SecretStore', 'ClusterSecretStore'];

/** Of ExternalSecrets and PushSecrets' stores, as far as a store that was meant is here. */
export function externalSecretFaults(surface: Surface): Fault[] {
  return surface.manifests
    .ofKind('ExternalSecret')
    .flatMap((secret) => [...store(secret, surface), ...target(secret, surface)]);
}

function store(secret: Resource, { manifests }: Surface): Fault[] {
  const reference = getIn(secret.json, ['spec', 'secretStoreRef']);
  const name = stringAt(reference, ['name']);
  const written = stringAt(reference, ['kind']);
  const kind = written || 'SecretStore';
  const all = manifests.ofKind(...STORES);
  const isHere = (one: Resource) =>
    one.kind === kind && (kind !== 'SecretStore' || sameNamespace(one.namespace, secret.namespace));
  if (name === '' || all.some((one) => isHere(one) && one.name === name)) return [];
  const other = all.find((one) => one.name === name);
  const near = all.find((one) => isHere(one) && isMisspelled(one.name, name));
  const meant = other ?? near;
  if (!meant) return [];
  const isOfKind = meant.kind !== kind;
  const fix = isOfKind
    ? `write \`kind: ${meant.kind}\``
    : other
      ? `put the store into namespace ${secret.namespace}, or make it a ClusterSecretStore`
      : `write \`${meant.name}\``;
  const place = other && !isOfKind ? ` is in namespace ${meant.namespace}` : ' is there';
  return [
    {
      resource: secret,
      path: isOfKind ? 'spec.secretStoreRef.kind' : 'spec.secretStoreRef.name',
      message: `there is no ${kind} ${name}${kind === 'SecretStore' ? ` in namespace ${secret.namespace}` : ''}${written ? '' : ', which is the kind where none is written'}; ${meant.kind} ${meant.name}${place}: the Secret is never written`,
      fix,
    },
  ];
}

function target(secret: Resource, surface: Surface): Fault[] {
  if (stringAt(secret.json, ['spec', 'target', 'creationPolicy']) !== 'Merge') return [];
  const name = stringAt(secret.json, ['spec', 'target', 'name']) || secret.name;
  const others = providersOf('Secret', surface).filter(
    (one) => one.name === name && !isMerged(one.by),
  );
  if (others.length > 0) return [];
  return [
    {
      resource: secret,
      path: 'spec.target.creationPolicy',
      severity: 'warning',
      message: `creationPolicy Merge adds to Secret ${name}, which nothing here makes: it is not written unless something else makes it`,
      fix: 'write `creationPolicy: Owner`, or make the Secret',
    },
  ];
}
