/**
 * Hosts of entries that are none: with a scheme, a port, a path or letters that a name does not have.
 *
 * Source: Kubernetes, `pkg/apis/networking/validation` (rules and TLS blocks of an Ingress); Gateway API, Hostname and PreciseHostname.
 */
import { hostnameOf, listenersOf } from '../../manifests/gateway.ts';
import { hostOfRule, rulesOf, tlsBlocksOf } from '../../manifests/ingress.ts';
import type { Resource } from '../../manifests/resource.ts';
import { hostnamesOf, ROUTE_KINDS } from '../../manifests/route.ts';
import { isEntryHost } from '../../net/host-names.ts';
import { VARIABLE } from '../../net/variables.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import { placeholderIn } from '../../surface/placeholders.ts';
import type { Surface } from '../../surface/surface.ts';

/** A host, with where it is written. */
interface Written {
  host: string;
  path: string;
}

/**
 * One fault for each such host of an Ingress, a Gateway or a route. What is still to be filled in, a variable or a placeholder, has a code of its
 * own.
 */
export function entryHosts({ manifests }: Surface): Fault[] {
  return manifests.ofKind('Ingress', 'Gateway', ...ROUTE_KINDS).flatMap((resource) =>
    writtenHosts(resource).flatMap(({ host, path }): Fault[] => {
      if (VARIABLE.test(host) || placeholderIn(host) !== undefined) return [];
      const isRight = isEntryHost(host) && host === host.toLowerCase();
      if (isRight) return [];
      const [, scheme, name = '', rest = ''] = /^(\w+:\/\/)?([^:/]*)(.*)$/.exec(host) ?? [];
      const meant = name.toLowerCase();
      const parts = [
        scheme ? 'a scheme' : '',
        /^:\d/.test(rest) ? 'a port' : '',
        rest.includes('/') ? 'a path' : '',
        name === meant ? '' : 'capital letters',
      ].filter(Boolean);
      return [
        {
          resource,
          path,
          message: `\`${host}\` is no host of an entry${parts.length > 0 ? `: it has ${parts.join(' and ')}` : ''}`,
          fix: isEntryHost(meant)
            ? `write \`${meant}\``
            : 'write a name of letters, digits, hyphens and dots; a star stands for the whole first label alone',
        },
      ];
    }),
  );
}

/** Secrets of TLS blocks: of the namespace of the Ingress alone. Source: `validateIngressTLS` (`ValidateSecretName`). */
export function tlsSecretNames({ manifests }: Surface): Fault[] {
  return manifests.ofKind('Ingress').flatMap((resource) =>
    tlsBlocksOf(resource).flatMap(({ secretName, place }): Fault[] => {
      const isName = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/.test(secretName);
      if (secretName === '' || isName || VARIABLE.test(secretName)) return [];
      if (placeholderIn(secretName) !== undefined) return [];
      const parts = secretName.split('/');
      return [
        {
          resource,
          path: `${place}.secretName`,
          message: `\`${secretName}\` is no name of a Secret${parts.length === 2 ? ': an Ingress names Secrets of its own namespace alone' : ''}`,
          fix:
            parts.length === 2
              ? `write \`${parts[1]}\`, and make the Secret in namespace ${resource.namespace || 'default'}`
              : 'write a name of small letters, digits, hyphens and dots',
        },
      ];
    }),
  );
}

/** What an entry is for, as it is written; empty texts left out. */
export function writtenHosts(resource: Resource): Written[] {
  return hostsOf(resource).filter(({ host }) => host !== '');
}

function hostsOf(resource: Resource): Written[] {
  if (resource.kind === 'Ingress')
    return [
      ...rulesOf(resource).map((rule, index) => ({
        host: hostOfRule(rule),
        path: `spec.rules[${index}].host`,
      })),
      ...tlsBlocksOf(resource).flatMap(({ hosts, place }) =>
        hosts.map((host, index) => ({ host, path: `${place}.hosts[${index}]` })),
      ),
    ];
  if (resource.kind === 'Gateway')
    return listenersOf(resource).map(({ json, place }) => ({
      host: hostnameOf(json),
      path: `${place}.hostname`,
    }));
  return hostnamesOf(resource).map((host, index) => ({ host, path: `spec.hostnames[${index}]` }));
}
