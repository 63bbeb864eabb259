/**
 * Authorities that policies of the Gateway API and of its implementations name, for what servers and clients show.
 *
 * Sources: Gateway API, "BackendTLSPolicy" (`caCertificateRefs` or `wellKnownCACertificates`, not both; key `ca.crt` of a ConfigMap); Envoy Gateway,
 * "ClientTrafficPolicy" (`clientValidation.caCertificateRefs`, of a Secret or a ConfigMap); Traefik, "TLSOption" (`clientAuth.secretNames`, keys
 * `tls.ca` or `ca.crt`).
 */
import type { Resource } from '../../manifests/resource.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { areNearNames } from '../../surface/near-names.ts';
import { isProvidedIn, providersOf } from '../../surface/providers.ts';
import type { Surface } from '../../surface/surface.ts';
import { getIn, isObject, stringAt } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { placesOf } from '../../yaml/places.ts';

const WITH_REFERENCES = {
  BackendTLSPolicy: ['spec', 'validation', 'caCertificateRefs', '*'],
  ClientTrafficPolicy: ['spec', 'tls', 'clientValidation', 'caCertificateRefs', '*'],
} as const;

interface Named {
  resource: Resource;
  path: string;
  kind: 'ConfigMap' | 'Secret';
  name: string;
  keys: readonly string[];
  /** Without it. */
  without: string;
}

/** One fault for each that is not there, or that has no certificate under its key. */
export function authorityFaults(surface: Surface): Fault[] {
  const { manifests } = surface;
  const policies = Object.entries(WITH_REFERENCES).flatMap(([policy, path]) =>
    manifests.ofKind(policy).flatMap((resource) =>
      placesOf(resource.json, path).flatMap(({ value, path: keys }): Named[] => {
        const name = stringAt(value, ['name']);
        const kind = stringAt(value, ['kind']);
        const isForeign = isObject(value) && value['namespace'] !== undefined;
        if (name === '' || isForeign || (kind !== 'ConfigMap' && kind !== 'Secret')) return [];
        const without =
          policy === 'BackendTLSPolicy'
            ? 'calls are answered with 500'
            : 'the policy is refused, and its listeners take no request';
        return [{ resource, path: toPath(keys), kind, name, keys: ['ca.crt'], without }];
      }),
    ),
  );
  const options = manifests.ofKind('TLSOption').flatMap((resource) =>
    placesOf(resource.json, ['spec', 'clientAuth', 'secretNames', '*']).map(
      ({ value, path }): Named => ({
        resource,
        path: toPath(path),
        kind: 'Secret',
        name: String(value),
        keys: ['ca.crt', 'tls.ca'],
        without: 'no client certificate can be verified',
      }),
    ),
  );
  return [...[...policies, ...options].flatMap((one) => judge(one, surface)), ...both(surface)];
}

function judge({ resource, path, kind, name, keys, without }: Named, surface: Surface): Fault[] {
  const all = providersOf(kind, surface).filter((one) => isProvidedIn(one, resource.namespace));
  const found = all.filter((one) => one.name === name);
  const known = found.flatMap((one) => one.keys ?? keys);
  if (keys.some((key) => known.includes(key))) return [];
  const near = all.find((one) => areNearNames(one.name, name));
  const where = resource.namespace ? ` in namespace ${resource.namespace}` : '';
  if (found.length > 0)
    return [
      {
        resource,
        path,
        message: `${kind} ${name} has no key ${keys.join(' or ')}, it has ${known.join(', ') || 'none'}: ${without}`,
        fix: `put the certificate of the authority under \`${keys[0]}\``,
      },
    ];
  return [
    {
      resource,
      path,
      severity: near ? undefined : 'warning',
      message: near
        ? `there is no ${kind} ${name}${where}; ${near.name} is there: ${without}`
        : `there is no ${kind} ${name}${where} of these manifests: unless something else makes it, ${without}`,
      fix: near ? `write \`${near.name}\`` : `name a ${kind} that is there, or add it`,
    },
  ];
}

function both({ manifests }: Surface): Fault[] {
  return manifests.ofKind('BackendTLSPolicy').flatMap((resource): Fault[] => {
    const validation = getIn(resource.json, ['spec', 'validation']);
    if (!isObject(validation)) return [];
    const [references, known] = ['caCertificateRefs', 'wellKnownCACertificates'].map((key) => {
      const value = validation[key];
      return Array.isArray(value) ? value.length > 0 : typeof value === 'string' && value !== '';
    });
    if (references !== known) return [];
    return [
      {
        resource,
        path: 'spec.validation',
        message: `it has ${references ? 'both' : 'neither'} \`caCertificateRefs\` ${references ? 'and' : 'nor'} \`wellKnownCACertificates\`: the policy is refused`,
        fix: 'keep one of them',
      },
    ];
  });
}
