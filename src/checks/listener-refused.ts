/**
 * Listeners of our Gateways that the Gateway API refuses, or that no request reaches.
 *
 * Source: Gateway API v1, validation of Gateway: `certificateRefs or options must be specified when mode is Terminate`, and
 * `Combination of port, protocol and hostname must be unique for each listener`; HTTPBackendRef, `weight`.
 */
import { certificateRefsOf, hostnameOf, listenersOf, tlsModeOf } from '../manifests/gateway.ts';
import type { Resource } from '../manifests/resource.ts';
import { rulesOf } from '../manifests/route.ts';
import type { Fault } from '../surface/faults/fault.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, isObject, list, objectAt } from '../yaml/json.ts';
import type { Check } from './check.ts';
import { notAskedFor } from './shared/gateway-certificates.ts';

export const check: Check = {
  family: 'Entries: Ingresses and routes',
  severity: 'error',
  title: 'A listener or a route that takes no request',
  why: 'The Gateway API refuses listeners that are alike, and TLS that ends without a certificate; and a route whose backends all weigh nothing answers 500.',
  fix: 'give each listener a host or a port of its own and a certificate, and a backend a weight',
  find: (surface) => [
    ...surface.gateways.flatMap((gateway) => [
      ...alike(gateway),
      ...withoutCertificate(gateway, surface),
      ...withoutTls(gateway),
      ...passedThrough(gateway),
      ...noSecrets(gateway),
      ...onOnePort(gateway),
    ]),
    ...notAskedFor(surface),
    ...surface.entries
      .filter(({ form, roles }) => form === 'route' && roles.size > 0)
      .flatMap(({ resource }) => weightless(resource)),
  ],
};

function alike(gateway: Resource): Fault[] {
  const known = new Map<string, string>();
  return listenersOf(gateway).flatMap(({ json, place }): Fault[] => {
    const key = JSON.stringify([json['port'], json['protocol'], hostnameOf(json).toLowerCase()]);
    const other = known.get(key);
    known.set(key, other ?? asText(json['name']));
    if (other === undefined) return [];
    return [
      {
        resource: gateway,
        path: place,
        message: `listener ${asText(json['name'])} has the port, the protocol and the host of listener ${other}: the Gateway is refused`,
        fix: 'take one of them away, or give it a host of its own',
      },
    ];
  });
}

function withoutCertificate(gateway: Resource, { entries }: Surface): Fault[] {
  const passing = entries
    .filter(({ resource }) => resource.kind === 'TLSRoute')
    .flatMap(({ listeners }) => listeners);
  return listenersOf(gateway).flatMap(({ json, place }): Fault[] => {
    const hasOptions = Object.keys(objectAt(json, ['tls', 'options'])).length > 0;
    if (!isObject(json['tls']) || tlsModeOf(json) !== 'Terminate' || hasOptions) return [];
    if (certificateRefsOf(json).length > 0) return [];
    return [
      {
        resource: gateway,
        path: `${place}.tls`,
        message: `listener ${asText(json['name'])} ends TLS without a certificate: it has neither certificateRefs nor options`,
        fix: passing.some((one) => one.gateway === gateway && one.place === place)
          ? 'write `mode: Passthrough`, as its TLSRoute expects'
          : 'name the Secret in `tls.certificateRefs`; or take `tls` away, where the implementation has its certificates elsewhere',
      },
    ];
  });
}

/** Source: Gateway API v1, `tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']`. */
function withoutTls(gateway: Resource): Fault[] {
  return listenersOf(gateway).flatMap(({ json, place }): Fault[] => {
    const protocol = asText(json['protocol']);
    if (!isObject(json['tls']) || !['HTTP', 'TCP', 'UDP'].includes(protocol)) return [];
    return [
      {
        resource: gateway,
        path: `${place}.protocol`,
        message: `listener ${asText(json['name'])} has \`tls\`, and protocol ${protocol}, which has none: the Gateway is refused`,
        fix: 'write `protocol: HTTPS`, or take `tls` away',
      },
    ];
  });
}

/** Source: Gateway API v1, `certificateRefs` (core support is for Secrets; what an implementation does not take is `InvalidCertificateRef`). */
function noSecrets(gateway: Resource): Fault[] {
  return listenersOf(gateway).flatMap(({ json, place }) =>
    list(getIn(json, ['tls', 'certificateRefs'])).flatMap(({ kind, name }, index): Fault[] => {
      if (kind === undefined || kind === 'Secret' || kind === 'ConfigMap') return [];
      return [
        {
          resource: gateway,
          path: `${place}.tls.certificateRefs[${index}].kind`,
          message: `listener ${asText(json['name'])} names ${asText(kind)} ${asText(name)} as its certificate, and a certificate is a Secret: the listener takes no request`,
          fix: 'name the Secret that it makes, without `kind` and `group`',
        },
      ];
    }),
  );
}

/** Source: Gateway API v1, `tls mode must be Terminate for protocol HTTPS`. */
function passedThrough(gateway: Resource): Fault[] {
  return listenersOf(gateway).flatMap(({ json, place }): Fault[] => {
    if (json['protocol'] !== 'HTTPS' || tlsModeOf(json) !== 'Passthrough') return [];
    return [
      {
        resource: gateway,
        path: `${place}.tls.mode`,
        message: `listener ${asText(json['name'])} has protocol HTTPS, which ends TLS, and passes TLS through: the Gateway is refused`,
        fix: 'write `protocol: TLS`, with a TLSRoute; or `mode: Terminate`, with a certificate',
      },
    ];
  });
}

/** HTTPS and TLS share a port: they are told apart by SNI. Source: Gateway API v1, `Listener`, `ProtocolConflict`. */
function onOnePort(gateway: Resource): Fault[] {
  const known = new Map<number, { protocol: string; name: string }>();
  return listenersOf(gateway).flatMap(({ json, place }): Fault[] => {
    const { port } = json;
    const written = asText(json['protocol']);
    const protocol = written === 'HTTPS' ? 'TLS' : written;
    if (typeof port !== 'number' || !['HTTP', 'TLS', 'TCP'].includes(protocol)) return [];
    const other = known.get(port);
    known.set(port, other ?? { protocol, name: asText(json['name']) });
    if (!other || other.protocol === protocol) return [];
    return [
      {
        resource: gateway,
        path: `${place}.protocol`,
        message: `listener ${asText(json['name'])} speaks ${written} on port ${port}, where listener ${other.name} speaks another protocol: one of them takes no request`,
        fix: 'give one of them another port: 80 for HTTP, 443 for HTTPS',
      },
    ];
  });
}

function weightless(route: Resource): Fault[] {
  return rulesOf(route).flatMap((rule, index): Fault[] => {
    const backends = list(getIn(rule, ['backendRefs']));
    if (backends.length === 0 || backends.some(({ weight }) => weight !== 0)) return [];
    return [
      {
        resource: route,
        path: `spec.rules[${index}].backendRefs`,
        message: `every backend of the rule has weight 0: no request is led anywhere`,
        fix: 'give a backend a weight, or take `weight` away: 1 is the default',
      },
    ];
  });
}
