/**
 * Fields of controllers' own kinds with values that they do not have.
 *
 * Sources: the definitions of Traefik (IngressRoute, TLSOption), Contour (HTTPProxy: `protocol`, and the pattern of its timeouts), F5 NGINX
 * (VirtualServer: `tls.redirect.code`, sizes), GKE (FrontendConfig), Istio (`pkg/config/validation`; durations are protobuf's or Go's), the Gateway API (`spec.addresses`, `mode`), Envoy Gateway
 * (ClientTrafficPolicy), GKE (HealthCheckPolicy), cert-manager (durations are Go's).
 */
import { DURATION, type Form, isDuration, oneOf } from '../../controllers/shared/forms.ts';
import { groupOf } from '../../manifests/manifests.ts';
import { isIp, isTemplated } from '../../net/addresses.ts';
import type { Fault } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import { asText, getIn, type Json } from '../../yaml/json.ts';
import { toPath } from '../../yaml/path.ts';
import { placesOf } from '../../yaml/places.ts';

/** Its definitions have `duration(self) >= duration('1ms')`, from 1.24 on: none is said by leaving the field out. */
const ISTIO_DURATION: Form = {
  test: (text) => isDuration(text) && /[1-9]/.test(text),
  takes: `${DURATION.takes}, of 1ms at least`,
};

const CONTOUR_DURATION: Form = {
  test: (text) => isDuration(text) || ['infinity', 'infinite'].includes(text),
  takes: `${DURATION.takes}, or infinity`,
};

interface Row {
  kinds: readonly string[];
  group: RegExp;
  /** Each a path, in which a star stands for every item of a list. */
  paths: readonly string[];
  form: Form;
  /** Where the value is passed over, not refused. */
  ignored?: string;
}

const TRAEFIK = /^traefik\.(?:io|containo\.us)$/;
const ISTIO = /(?:^|\.)istio\.io$/;
const GATEWAY_API = /^gateway\.networking\.k8s\.io$/;
const OF_VIRTUAL_SERVICE = { kinds: ['VirtualService'], group: ISTIO } as const;
const GATEWAY_PROTOCOLS = [
  'HTTP',
  'HTTPS',
  'GRPC',
  'GRPC-WEB',
  'HTTP2',
  'MONGO',
  'MYSQL',
  'REDIS',
  'TCP',
  'TLS',
  'UDP',
];

const ROWS: readonly Row[] = [
  {
    kinds: ['VirtualServer'],
    group: /^k8s\.nginx\.org$/,
    paths: ['spec.tls.redirect.code'],
    form: oneOf('301', '302', '307', '308'),
  },
  {
    kinds: ['VirtualServer', 'VirtualServerRoute'],
    group: /^k8s\.nginx\.org$/,
    paths: ['spec.upstreams.*.client-max-body-size'],
    form: {
      test: (text) => /^\d+[kKmM]?$|^\d+[gG]$/.test(text),
      takes: 'a number with k, m or g, or 0',
    },
  },
  {
    kinds: ['FrontendConfig'],
    group: /^networking\.gke\.io$/,
    paths: ['spec.redirectToHttps.responseCodeName'],
    form: oneOf(
      'MOVED_PERMANENTLY_DEFAULT',
      'FOUND',
      'SEE_OTHER',
      'TEMPORARY_REDIRECT',
      'PERMANENT_REDIRECT',
    ),
  },
  {
    kinds: ['IngressRoute'],
    group: TRAEFIK,
    paths: ['spec.routes.*.services.*.scheme'],
    form: oneOf('http', 'https', 'h2c'),
  },
  {
    kinds: ['TLSOption'],
    group: TRAEFIK,
    paths: ['spec.minVersion', 'spec.maxVersion'],
    form: oneOf('VersionTLS10', 'VersionTLS11', 'VersionTLS12', 'VersionTLS13'),
    ignored: 'the default holds',
  },
  {
    kinds: ['TLSOption'],
    group: TRAEFIK,
    paths: ['spec.clientAuth.clientAuthType'],
    form: oneOf(
      'NoClientCert',
      'RequestClientCert',
      'RequireAnyClientCert',
      'VerifyClientCertIfGiven',
      'RequireAndVerifyClientCert',
    ),
  },
  {
    kinds: ['HTTPProxy'],
    group: /^projectcontour\.io$/,
    paths: ['spec.routes.*.services.*.protocol', 'spec.tcpproxy.services.*.protocol'],
    form: oneOf('h2', 'h2c', 'tls'),
  },
  {
    kinds: ['HTTPProxy'],
    group: /^projectcontour\.io$/,
    paths: ['response', 'idle', 'idleConnection'].map(
      (key) => `spec.routes.*.timeoutPolicy.${key}`,
    ),
    form: CONTOUR_DURATION,
  },
  {
    kinds: ['VirtualServer', 'VirtualServerRoute'],
    group: /^k8s\.nginx\.org$/,
    paths: ['spec.upstreams.*.type'],
    form: oneOf('http', 'grpc'),
  },
  {
    kinds: ['Gateway'],
    group: ISTIO,
    paths: ['spec.servers.*.port.protocol'],
    form: {
      ...oneOf(...GATEWAY_PROTOCOLS),
      test: (text) => GATEWAY_PROTOCOLS.includes(text.toUpperCase()),
    },
  },
  {
    kinds: ['Gateway'],
    group: ISTIO,
    paths: ['spec.servers.*.tls.mode'],
    form: oneOf(
      'PASSTHROUGH',
      'SIMPLE',
      'MUTUAL',
      'AUTO_PASSTHROUGH',
      'ISTIO_MUTUAL',
      'OPTIONAL_MUTUAL',
    ),
  },
  {
    kinds: ['Gateway'],
    group: ISTIO,
    paths: ['spec.servers.*.tls.minProtocolVersion', 'spec.servers.*.tls.maxProtocolVersion'],
    form: oneOf('TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3'),
  },
  {
    kinds: ['DestinationRule'],
    group: ISTIO,
    paths: ['spec.trafficPolicy.tls.mode', 'spec.subsets.*.trafficPolicy.tls.mode'],
    form: oneOf('DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'),
  },
  {
    kinds: ['PeerAuthentication'],
    group: ISTIO,
    paths: ['spec.mtls.mode'],
    form: oneOf('UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT'),
  },
  {
    ...OF_VIRTUAL_SERVICE,
    paths: ['spec.http.*.timeout', 'spec.http.*.retries.perTryTimeout'],
    form: ISTIO_DURATION,
  },
  {
    kinds: ['Gateway'],
    group: GATEWAY_API,
    paths: ['spec.listeners.*.tls.mode'],
    form: oneOf('Terminate', 'Passthrough'),
  },
  {
    kinds: ['ClientTrafficPolicy'],
    group: /^gateway\.envoyproxy\.io$/,
    paths: ['spec.tls.minVersion', 'spec.tls.maxVersion'],
    form: oneOf('Auto', '1.0', '1.1', '1.2', '1.3'),
  },
  {
    kinds: ['HealthCheckPolicy'],
    group: /^networking\.gke\.io$/,
    paths: ['spec.default.config.type'],
    form: oneOf('HTTP', 'HTTPS', 'HTTP2', 'GRPC', 'TCP'),
  },
];

/** One fault for each value that does not have its form. */
export function ofFields(surface: Surface): Fault[] {
  const { manifests } = surface;
  const ofRows = ROWS.flatMap(({ kinds, group, paths, form, ignored }) =>
    manifests.all // Of a kind that several groups have, `ofKind` knows one group alone.
      .filter((resource) => kinds.includes(resource.kind) && group.test(groupOf(resource)))
      .flatMap((resource) =>
        paths
          .flatMap((path) => placesOf(resource.json, path.split('.')))
          .flatMap(({ value, path }): Fault[] => {
            if (isRight(value, form)) return [];
            const key = asText(path.at(-1));
            return [
              {
                resource,
                path: toPath(path),
                severity: ignored === undefined ? undefined : 'warning',
                message: `${key} is ${asText(value)}, and it takes ${form.takes}: ${ignored === undefined ? 'the resource is refused' : `it is passed over, and ${ignored}`}`,
                fix: `write one that ${key} takes: ${form.takes}`,
              },
            ];
          }),
      ),
  );
  return [...ofRows, ...addresses(surface)];
}

function isRight(value: Json, { test }: Form): boolean {
  if (typeof value === 'object') return true;
  const text = asText(value);
  return text === '' || isTemplated(text) || test(text);
}

/** Source: Gateway API, `GatewaySpecAddress`: `IPAddress`, the default, is an address of IPv4 or IPv6. */
function addresses({ manifests }: Surface): Fault[] {
  return manifests.ofKind('Gateway').flatMap((resource) =>
    placesOf(resource.json, ['spec', 'addresses', '*']).flatMap(({ value, path }): Fault[] => {
      const type = getIn(value, ['type']) ?? 'IPAddress';
      const text = asText(getIn(value, ['value']) ?? '');
      if (type !== 'IPAddress' || text === '' || isTemplated(text) || isIp(text)) return [];
      return [
        {
          resource,
          path: `${toPath(path)}.value`,
          message: `${text} is no IP address, which is what an address of type IPAddress is: the Gateway is refused`,
          fix: 'write `type: Hostname`, or the IP address',
        },
      ];
    }),
  );
}
