/**
 * Entries whose TLS offers clients no HTTP/2, or no version that they speak.
 *
 * Sources: ingress-nginx, "ConfigMap" (`use-http2`, `ssl-protocols`); Traefik, "TLS options" (`alpnProtocols`); Envoy Gateway, "ClientTrafficPolicy"
 * (`tls.alpnProtocols`, for HTTPS `h2` and `http/1.1` by default); AWS, "Load balancer attributes" (`routing.http2.enabled`) and "ALPN policies" of
 * a Network Load Balancer (none by default); gRPC, `PROTOCOL-HTTP2`: with TLS, clients ask for `h2` by ALPN. grpc-go refuses a server without it.
 */
import type { Resource } from '../manifests/resource.ts';
import type { Entry } from '../surface/entry.ts';
import type { Fault } from '../surface/faults/fault.ts';
import { otherEntries } from '../surface/other-entries.ts';
import type { Surface } from '../surface/surface.ts';
import { asText, getIn, list, stringAt, strings } from '../yaml/json.ts';
import type { Check } from './check.ts';

export const check: Check = {
  family: 'Certificates and TLS',
  severity: 'error',
  title: 'TLS of the entry does not offer HTTP/2',
  why: 'gRPC clients ask for HTTP/2 when they open a TLS connection, and give up where the entry offers HTTP/1.1 alone; the page keeps working, with six streams at most.',
  fix: 'let the entry offer `h2`',
  find: (surface) => [
    ...ofNginx(surface),
    ...ofAlb(surface),
    ...ofNetworkLoadBalancers(surface),
    ...ofTraefik(surface),
    ...ofClientPolicies(surface),
  ],
};

const isOfApi = ({ roles }: Entry) => roles.has('api');

/** The ConfigMap of ingress-nginx, where its controllers serve an entry of the API. */
function ofNginx(surface: Surface): Fault[] {
  const entries = surface.entries.filter(
    (entry) => isOfApi(entry) && entry.controllers.includes('ingress-nginx'),
  );
  if (entries.length === 0) return [];
  return surface.manifests.find(['ConfigMap'], ['use-http2', 'ssl-protocols']).flatMap((config) => {
    const http2 = getIn(config.json, ['data', 'use-http2']);
    const versions = stringAt(config.json, ['data', 'ssl-protocols']);
    const faults: Fault[] = [];
    if (asText(http2) === 'false')
      faults.push({
        resource: config,
        path: 'data[use-http2]',
        message:
          'use-http2 is false: ingress-nginx offers HTTP/1.1 alone, and gRPC clients give up',
        fix: 'take `use-http2` away: it is true by default',
      });
    if (versions !== '' && !/TLSv1\.[23]/.test(versions))
      faults.push({
        resource: config,
        path: 'data[ssl-protocols]',
        message: `ssl-protocols is ${versions}: no client of today speaks these versions of TLS`,
        fix: 'write `TLSv1.2 TLSv1.3`',
      });
    return faults;
  });
}

const ATTRIBUTES = 'load-balancer-attributes';

function ofAlb(surface: Surface): Fault[] {
  return surface.entries
    .filter((entry) => isOfApi(entry) && entry.controllers.includes('alb'))
    .flatMap(({ resource }): Fault[] => {
      const key = Object.keys(resource.annotations).find((one) => one.endsWith(`/${ATTRIBUTES}`));
      const written = key === undefined ? '' : (resource.annotation(key) ?? '');
      if (!/routing\.http2\.enabled\s*=\s*false/.test(written)) return [];
      return [
        {
          resource,
          path: `metadata.annotations[${key}]`,
          message: 'routing.http2.enabled is false: the load balancer offers HTTP/1.1 alone',
          fix: 'take `routing.http2.enabled` away: it is true by default',
        },
      ];
    });
}

const NLB = 'service.beta.kubernetes.io/aws-load-balancer-';

/** Of a Service that is the API's entry by itself, where the load balancer ends TLS. */
function ofNetworkLoadBalancers(surface: Surface): Fault[] {
  const services = otherEntries(surface)
    .filter(({ role, resource }) => role === 'api' && resource.kind === 'Service')
    .map(({ resource }) => resource);
  return [...new Set(services)].flatMap((service): Fault[] => {
    if (!service.annotation(`${NLB}ssl-cert`)) return [];
    const key = `${NLB}alpn-policy`;
    const written = service.annotation(key);
    // What is no policy has a finding of its own.
    if (written !== undefined && !['None', 'HTTP1Only'].includes(written)) return [];
    return [
      {
        resource: service,
        path: `metadata.annotations[${key}]`,
        message: `${written === undefined ? 'no alpn-policy is given, and there is none by default' : `alpn-policy is ${written}`}: the load balancer ends TLS without agreeing on HTTP/2`,
        fix: `write \`${key}: HTTP2Preferred\``,
      },
    ];
  });
}

const isWithoutH2 = (offered: readonly string[]) => offered.length > 0 && !offered.includes('h2');

/** TLSOptions that routers of the API use. */
function ofTraefik(surface: Surface): Fault[] {
  const routes = otherEntries(surface)
    .filter(({ role, resource }) => role === 'api' && resource.kind === 'IngressRoute')
    .map(({ resource }) => resource);
  const used = routes.flatMap((route) => {
    const name = stringAt(route.json, ['spec', 'tls', 'options', 'name']);
    const namespace = stringAt(route.json, ['spec', 'tls', 'options', 'namespace']);
    return surface.manifests.named('TLSOption', name, namespace || route.namespace) ?? [];
  });
  return [...new Set(used)].flatMap((option) =>
    withoutH2(option, 'spec.alpnProtocols', strings(getIn(option.json, ['spec', 'alpnProtocols']))),
  );
}

function ofClientPolicies(surface: Surface): Fault[] {
  const listeners = surface.entries.filter(isOfApi).flatMap((entry) => entry.listeners);
  return surface.manifests.ofKind('ClientTrafficPolicy').flatMap((policy) => {
    const targets = list(getIn(policy.json, ['spec', 'targetRefs']));
    const isAbout = listeners.some(
      ({ gateway, json }) =>
        gateway.namespace === policy.namespace &&
        targets.some(
          ({ name, sectionName }) =>
            name === gateway.name && (sectionName === undefined || sectionName === json['name']),
        ),
    );
    const place = ['spec', 'tls', 'alpnProtocols'];
    return isAbout ? withoutH2(policy, place.join('.'), strings(getIn(policy.json, place))) : [];
  });
}

function withoutH2(resource: Resource, path: string, offered: readonly string[]): Fault[] {
  if (!isWithoutH2(offered)) return [];
  return [
    {
      resource,
      path,
      message: `TLS offers ${offered.join(', ')}, and not h2`,
      fix: 'write `[h2, http/1.1]`, or take the list away',
    },
  ];
}
