/** TLS at the Gateways of a base: listeners that are plain where there is to be TLS, or the other way round, and Gateways that cannot be looked at. */
import type { PublicRole } from '../config/public-hosts.ts';
import type { PublicHost, Settings } from '../config/settings.ts';
import { type Problem, printable } from '../errors.ts';
import { certificateRefsOf, hostnameOf, takesHost, tlsModeOf } from '../manifests/gateway.ts';
import type { Resource } from '../manifests/resource.ts';
import { isRedirect, parentsOf, parentsTo } from '../manifests/route.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, distinct, type JsonObject } from '../yaml/json.ts';
import type { RoutedRole } from './base-listeners.ts';
import { issuerOf } from './cert-manager.ts';

/**
 * Hosts that plain listeners take and none with TLS: clients are told to use HTTPS.
 * @param listeners - that the role's routes are attached to
 */
export function plainProblems(
  listeners: readonly JsonObject[],
  role: PublicRole,
  hosts: readonly PublicHost[],
  { tlsMode }: Settings,
  common: Pick<Problem, 'severity' | 'resource' | 'path'>,
): Problem[] {
  const serving = (host: string) => listeners.filter((each) => takesHost(each, [host]));
  const plain = hosts.filter(({ host }) => {
    const taking = serving(host);
    return taking.length > 0 && taking.every((each) => tlsModeOf(each) === undefined);
  });
  return plain.map(({ host, secretName }) => ({
    ...common,
    code: 'entry-refused',
    message: `the base's Gateway takes \`${host}\` in plain HTTP alone, and \`tls.mode\` is ${tlsMode}`,
    found: serving(host)
      .map(
        ({ name, port }) =>
          `listener \`${printable(asText(name))}\` on port ${printable(asText(port))}`,
      )
      .join(', '),
    expected: `a listener with protocol HTTPS and \`tls.certificateRefs\`${secretName === undefined ? '' : ` with \`${secretName}\``}`,
    fix: `give the Gateway such a listener; or set \`entry.${role}.gateway\` with \`className\`, which makes a Gateway; or choose \`tls.mode: external\` where TLS ends in front of it, \`none\` where there is none`,
  }));
}

/**
 * A listener that ends TLS for a host of the role, where `tls.mode` is none.
 * @param listeners - all of the Gateway
 */
export function securedProblems(
  listeners: readonly JsonObject[],
  role: PublicRole,
  hosts: RoutedRole['hosts'],
  common: Pick<Problem, 'severity' | 'resource' | 'path'>,
): Problem[] {
  const isSecured = listeners.some(
    (listener) =>
      listener['tls'] !== undefined && hosts.some(({ host }) => host === hostnameOf(listener)),
  );
  if (!isSecured) return [];
  return [
    {
      ...common,
      code: 'entry-refused',
      message: `the base's Gateway ends TLS for \`${hosts[0].host}\`, and \`tls.mode\` is none`,
      expected: 'a listener with protocol HTTP',
      fix: `set \`entry.${role}.gateway\` with \`className\`, which makes a Gateway without TLS`,
    },
  ];
}

/** Hosts that a listener serves with a Secret of somebody else's, as one with a wildcard does: what is made for them is read by nothing. */
export function unreadCertificates(
  listeners: readonly JsonObject[],
  hosts: readonly PublicHost[],
  settings: Settings,
  common: Pick<Problem, 'resource' | 'path'>,
): Problem[] {
  if (!issuerOf(settings)) return [];
  return hosts.flatMap(({ host, secretName }): Problem[] => {
    const served = listeners
      .filter((each) => takesHost(each, [host]) && tlsModeOf(each) === 'Terminate')
      .flatMap(certificateRefsOf)
      .map(({ name }) => name);
    if (secretName === undefined || served.length === 0 || served.includes(secretName)) return [];
    return [
      {
        ...common,
        code: 'entry-limit',
        severity: 'warning',
        message: `the base's Gateway serves \`${host}\` with a Secret of its own, and no listener reads the one that is asked for`,
        found: distinct(served)
          .map((name) => `\`${printable(name)}\``)
          .join(', '),
        expected: `\`${secretName}\``,
        fix: `choose \`tls.mode: external\` where its certificate is for the new host already; or give it a listener for the host with \`${secretName}\``,
      },
    ];
  });
}

/** A Gateway of another build cannot be looked at: whether it has TLS is not known. */
export function unseenParents(
  { role, hosts, routes: own }: RoutedRole,
  settings: Settings,
  { gateways }: Surface,
): Problem[] {
  if (settings.tlsMode === 'none' || settings.tlsMode === 'external') return [];
  const serving = own.filter((route) => !isRedirect(route));
  const isSeen = (route: Resource) =>
    gateways.some((gateway) => parentsTo(route, gateway).length > 0);
  const unseen = serving.filter((route) => parentsOf(route).length > 0 && !isSeen(route));
  const secrets = hosts.flatMap(({ secretName }) =>
    secretName === undefined ? [] : `\`${secretName}\``,
  );
  return unseen.map((route) => ({
    code: 'entry-limit',
    severity: 'warning',
    message:
      'the Gateway of this route is not in this build: whether its listeners end TLS for the new hosts cannot be seen',
    resource: route.reference,
    path: 'spec.parentRefs',
    found: distinct(parentsOf(route).map(({ name }) => asText(name)))
      .map((name) => `\`${printable(name)}\``)
      .join(', '),
    expected: `an HTTPS listener for ${hosts.map(({ host }) => `\`${host}\``).join(', ')}${secrets.length === 0 ? '' : `, with ${[...new Set(secrets)].join(', ')}`}`,
    fix: `see to it where that Gateway is made; \`tls.mode: external\` says that it has certificates already, and \`entry.${role}.gateway\` names or makes one`,
  }));
}
