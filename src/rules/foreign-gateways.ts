/** `entry.gateway.parentRefs`: what the owner of that Gateway has to do, because the function cannot. */
import type { Settings } from '../config/settings.ts';
import type { Problem } from '../errors.ts';
import { listenersOf, takesHost } from '../manifests/gateway.ts';
import { isParent } from '../manifests/route.ts';
import type { Surface } from '../surface/surface.ts';
import type { JsonObject } from '../yaml/json.ts';
import type { Part } from './gateway-names.ts';

/** One warning for each Gateway of somebody else's that is to end TLS with our Secrets, or to pass it through. */
export function foreignGateways(
  parts: readonly Part[],
  settings: Settings,
  surface: Surface,
): Problem[] {
  const attached = parts.filter(({ role }) => settings.entries[role].gateway?.value.parentRefs);
  const isPassedThrough = ({ routeKind }: Part) => routeKind === 'TLSRoute';
  const problems = new Map<string, Problem>();
  for (const part of attached.filter(isPassedThrough))
    problems.set(`${part.from} Passthrough`, passThrough(part));
  const ending = attached.filter((part) => !isPassedThrough(part));
  for (const from of new Set(ending.map((part) => part.from))) {
    const hosts = ending.filter((part) => part.from === from).flatMap((part) => part.hosts);
    const secrets = hosts.flatMap(({ secretName }) => secretName ?? []);
    if (secrets.length > 0) problems.set(from, certificates(from, [...new Set(secrets)]));
  }
  return [
    ...attached.flatMap((part) => unservedHosts(part, settings, surface)),
    ...problems.values(),
  ];
}

function certificates(from: string, secrets: readonly string[]): Problem {
  return {
    code: 'entry-limit',
    severity: 'warning',
    message:
      'the Gateway is not made here: its listeners have to name the Secrets of the certificates',
    path: `${from}.parentRefs`,
    expected: `\`tls.certificateRefs\` with ${secrets.map((name) => `\`${name}\``).join(', ')}`,
    fix: 'give it an HTTPS listener for each host (from another namespace with a ReferenceGrant), and name it in `sectionName`; or choose `tls.mode: external` where it has certificates already',
  };
}

function passThrough({ from, hosts }: Part): Problem {
  return {
    code: 'entry-limit',
    severity: 'warning',
    message: 'the Gateway is not made here: it has to pass TLS of the app through to Envoy',
    path: `${from}.parentRefs`,
    expected: `a listener with protocol TLS and mode Passthrough for ${hosts.map(({ host }) => `\`${host}\``).join(', ')}`,
    fix: 'give it such a listener, and name it in `sectionName` of `entry.app.gateway.parentRefs`',
  };
}

/** A Gateway of this build can be looked at: it has to take the hosts. */
function unservedHosts(
  { role, hosts, from, service }: Part,
  settings: Settings,
  { gateways }: Surface,
): Problem[] {
  const parents = (settings.entries[role].gateway?.value.parentRefs ??
    []) as unknown as JsonObject[];
  return gateways.flatMap((gateway) => {
    const own = parents.filter((parent) => isParent(gateway, parent, service));
    const listeners = listenersOf(gateway).filter(({ json }) =>
      own.some(({ sectionName }) => sectionName === undefined || sectionName === json['name']),
    );
    if (own.length === 0) return [];
    return hosts
      .filter(({ host }) => !listeners.some(({ json }) => takesHost(json, [host])))
      .map(
        ({ host }): Problem => ({
          code: 'target-shape',
          severity: 'error',
          message: `the Gateway that \`${from}.parentRefs\` names is in this build, and none of its listeners takes \`${host}\``,
          resource: gateway.reference,
          path: 'spec.listeners',
          expected: 'a listener with this host, with a wildcard above it, or without a host',
          fix: `leave \`${from}\` out, so that the base's own Gateway and routes follow the config`,
        }),
      );
  });
}
