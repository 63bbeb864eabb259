/** Whether issuers find their Secrets. Sources: cert-manager, "CA", "Cluster Resource Namespace" and the API reference of issuers. */
import { CERT_MANAGER_NAMESPACE } from '../manifests/cert-manager.ts';
import type { Resource } from '../manifests/resource.ts';
import { containersOf } from '../manifests/workload.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { areNearNames } from '../surface/near-names.ts';
import { isProvidedIn, type Provided, providersOf } from '../surface/providers.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, isObject, type Json, stringAt, strings } from '../yaml/json.ts';
import { toPath } from '../yaml/path.ts';
import type { Check } from './check.ts';
import { usedSecrets } from './shared/used-secrets.ts';

export const check: Check = {
  family: 'Certificates and TLS',
  severity: 'error',
  title: 'An issuer whose Secret is not where cert-manager looks for it',
  why: 'An Issuer takes its Secrets from its own namespace, a ClusterIssuer from that of `--cluster-resource-namespace`, which is `cert-manager` unless it is set. Without the Secret it signs nothing: no certificate is issued, and those that are there run out.',
  fix: 'put the Secret, or the Certificate that makes it, into that namespace',
  find: (surface) =>
    surface.manifests.ofKind('Issuer', 'ClusterIssuer').flatMap((issuer) =>
      secretsOf(issuer).flatMap((use) => {
        const fault = judge(use, issuer, surface);
        return fault ? [{ resource: issuer, path: toPath(use.path), ...fault }] : [];
      }),
    ),
};

interface SecretOfIssuer {
  path: readonly string[];
  name: string;
  keys: readonly string[];
}

const CA = ['spec', 'ca', 'secretName'];

/** What cert-manager writes itself is left out. */
function secretsOf({ json }: Resource): SecretOfIssuer[] {
  const ca = stringAt(json, CA);
  const keyPair = ca === '' ? [] : [{ path: CA, name: ca, keys: ['tls.crt', 'tls.key'] }];
  return [...keyPair, ...referencesIn(getIn(json, ['spec']), ['spec'])];
}

function referencesIn(json: Json | undefined, path: readonly string[]): SecretOfIssuer[] {
  if (Array.isArray(json))
    return json.flatMap((one, index) => referencesIn(one, [...path, String(index)]));
  if (!isObject(json)) return [];
  return Object.entries(json).flatMap(([field, value]) => {
    const place = [...path, field];
    if (!/(?:SecretRef|credentialsRef)$/.test(field)) return referencesIn(value, place);
    const name = stringAt(value, ['name']);
    const isAccount = field === 'privateKeySecretRef';
    if (name === '' || isAccount) return [];
    return [{ path: [...place, 'name'], name, keys: strings([getIn(value, ['key'])]) }];
  });
}

function judge(
  { name, keys, path }: SecretOfIssuer,
  issuer: Resource,
  surface: Surface,
): Fault | undefined {
  const { namespace, isSure } = namespaceFor(issuer, surface);
  const all = providersOf('Secret', surface);
  const here = all.filter((one) => isProvidedIn(one, namespace));
  const found = here.filter((one) => one.name === name);
  if (found.length > 0)
    return (
      withoutKeys(name, keys, found) ?? (path === CA ? ofNoAuthority(issuer, found) : undefined)
    );
  const what = `${issuer.kind} ${issuer.name} looks for Secret ${name} in namespace ${namespace}`;
  const elsewhere = all.find((one) => one.name === name);
  if (elsewhere)
    return {
      severity: isSure ? undefined : 'warning',
      message: `${what}${isSure ? '' : ', unless cert-manager is told another one'}, and ${described(elsewhere)} in namespace ${elsewhere.namespace}`,
      fix: `put ${elsewhere.by.kind} ${elsewhere.by.name} into namespace ${namespace}${isSure ? '' : ', or let cert-manager run with `--cluster-resource-namespace` for the other'}`,
    };
  const free = here.filter((one) => !usedSecrets(surface).has(`${namespace}/${one.name}`));
  const meant =
    free.find((one) => areNearNames(one.name, name)) ??
    (path === CA ? free.find(({ by }) => getIn(by.json, ['spec', 'isCA']) === true) : undefined);
  if (!meant || isOfOtherIssuer(meant.name, surface)) return undefined;
  return {
    message: `${what}, where nothing here makes it; ${described(meant)}`,
    fix: `write \`${meant.name}\` here, or \`${name}\` there`,
  };
}

/** Where cert-manager looks; for a ClusterIssuer that is sure where its own Deployment is in the stream. */
function namespaceFor(
  issuer: Resource,
  { workloads }: Surface,
): { namespace: string; isSure: boolean } {
  if (issuer.kind === 'Issuer') return { namespace: issuer.namespace, isSure: true };
  const flag = '--cluster-resource-namespace=';
  for (const workload of workloads)
    for (const { image, args } of containersOf(workload)) {
      if (!/cert-manager-controller/.test(asText(image))) continue;
      const set = strings(args).find((one) => one.startsWith(flag));
      const namespace = set?.slice(flag.length).replace('$(POD_NAMESPACE)', workload.namespace);
      return { namespace: namespace ?? CERT_MANAGER_NAMESPACE, isSure: true };
    }
  return { namespace: CERT_MANAGER_NAMESPACE, isSure: false };
}

function withoutKeys(
  name: string,
  keys: readonly string[],
  found: readonly Provided[],
): Fault | undefined {
  const missing = keys.filter((key) => found.every((one) => one.keys?.includes(key) === false));
  if (missing.length === 0) return undefined;
  return {
    message: `Secret ${name} has no ${missing.join(' and no ')}`,
    fix: `write what the issuer needs under ${missing.map((key) => `\`${key}\``).join(' and ')}`,
  };
}

/** Source: cert-manager, `pkg/issuer/ca/setup.go`: "certificate is not a CA". */
function ofNoAuthority(issuer: Resource, found: readonly Provided[]): Fault | undefined {
  const [made] = found.map(({ by }) => by);
  const isAuthority = ({ by }: Provided) =>
    by.kind !== 'Certificate' || getIn(by.json, ['spec', 'isCA']) === true;
  if (!made || found.some(isAuthority)) return undefined;
  return {
    resource: made,
    path: 'spec.isCA',
    message: `${issuer.kind} ${issuer.name} is to sign with it, and it is the certificate of no authority: the issuer is never ready`,
    fix: 'write `isCA: true`',
  };
}

function isOfOtherIssuer(name: string, { manifests }: Surface): boolean {
  return manifests
    .ofKind('Issuer', 'ClusterIssuer')
    .some((issuer) => secretsOf(issuer).some((use) => use.name === name));
}

function described({ by, name }: Provided): string {
  return by.kind === 'Secret' ? `Secret ${name} is` : `${by.kind} ${by.name} makes ${name}`;
}
