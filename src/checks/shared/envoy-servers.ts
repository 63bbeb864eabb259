/**
 * How the clusters of Envoy speak to their servers.
 *
 * Sources: Envoy's `tls.v3.CommonTlsContext.alpn_protocols` and `CertificateValidationContext.match_typed_subject_alt_names`; grpc-go,
 * `keepalive.EnforcementPolicy` (pings more often than every five minutes end the connection: ENHANCE_YOUR_CALM, "too_many_pings") and
 * "ALPN enforcement" (since 1.67); Envoy, "Command line options" (no variables are filled into a config).
 */
import { type Located, messageIn, objectIn, objectsIn, typeName } from '../../envoy/bootstrap.ts';
import { secondsIn } from '../../envoy/durations.ts';
import { speaksHttp2, speaksTls } from '../../envoy/upstreams.ts';
import { dnsNamesOf, secretNameOf } from '../../manifests/certificate.ts';
import { sameNamespace } from '../../manifests/manifests.ts';
import { sourcesOf, volumesOf } from '../../manifests/workload.ts';
import { isPublicHost } from '../../net/host-names.ts';
import { containersWith } from '../../surface/bind-addresses.ts';
import { envoyApi } from '../../surface/envoy-api.ts';
import { startsFrom } from '../../surface/envoy-bootstraps.ts';
import { type Fault, inDocument } from '../../surface/faults/fault.ts';
import type { Surface } from '../../surface/surface.ts';
import type { Upstream } from '../../surface/upstreams.ts';
import { asText, getIn, strings } from '../../yaml/json.ts';

/** Faults of one endpoint and its cluster. */
export function serverFaults(upstream: Upstream, surface: Surface): Fault[] {
  return [
    ...notFilled(upstream, surface),
    ...plainAt443(upstream),
    ...offered(upstream),
    ...otherName(upstream, surface),
    ...pings(upstream, surface),
  ];
}

/** Where Envoy is started from the very file; what a script makes of it first cannot be seen. */
function notFilled({ target, address, cluster, path }: Upstream, surface: Surface): Fault[] {
  const variable = /\$\{?[A-Za-z_]\w*\}?|\{\{.*\}\}/.exec(address)?.[0];
  const isRead = surface
    .mounting([target])
    .some((workload) =>
      containersWith(target, workload).some((container) =>
        startsFrom({ workload, container }, target),
      ),
    );
  if (variable === undefined || !isRead) return [];
  return [
    inDocument(target, [...path, 'address'], {
      message: `cluster ${cluster} leads to \`${address}\`, and Envoy fills in no ${variable}: there is no such name`,
      fix: 'write the name of the Service',
    }),
  ];
}

function plainAt443({ target, json, cluster, clusterPath, address, port }: Upstream): Fault[] {
  const isTls = speaksTls(json) || json['transport_socket_matches'] !== undefined;
  if (port !== 443 || isTls || !isPublicHost(address)) return [];
  return [
    inDocument(target, [...clusterPath, 'transport_socket'], {
      message: `cluster ${cluster} speaks plain text to port 443 of ${address}`,
      fix: `add a transport socket with UpstreamTlsContext and \`sni: ${address}\``,
    }),
  ];
}

function contextsOf({ json, clusterPath }: Upstream): Located[] {
  return messageIn({ path: clusterPath, value: json }, ['transport_socket', 'typed_config'])
    .filter(({ value }) => typeName(value) === 'UpstreamTlsContext')
    .flatMap((config) => objectIn(config, ['common_tls_context']));
}

function offered(upstream: Upstream): Fault[] {
  const { target, json, cluster } = upstream;
  if (!speaksHttp2(json)) return [];
  return contextsOf(upstream).flatMap(({ path, value }): Fault[] => {
    const names = strings(value['alpn_protocols']);
    if (names.length === 0 || names.includes('h2')) return [];
    return [
      inDocument(target, [...path, 'alpn_protocols'], {
        message: `cluster ${cluster} speaks HTTP/2, and its TLS offers ${names.join(', ')} alone: gRPC servers refuse that`,
        fix: 'write `alpn_protocols: [h2]`, or take it away',
      }),
    ];
  });
}

/** By the Certificates whose Secrets the pods behind the Service mount. */
function otherName(upstream: Upstream, surface: Surface): Fault[] {
  const { target, service, cluster } = upstream;
  if (!service) return [];
  const pods = surface.podsOf(service);
  const secrets = pods.flatMap((pod) => volumesOf(pod).flatMap((one) => sourcesOf(one, 'secret')));
  const certificates = surface.manifests
    .ofKind('Certificate')
    .filter(({ namespace }) => sameNamespace(namespace, service.namespace))
    .filter((one) => secrets.includes(secretNameOf(one)));
  const names = certificates.flatMap(dnsNamesOf).map((name) => name.toLowerCase());
  // Without a Certificate, or with several, which one is shown is not known.
  if (certificates.length !== 1 || names.length === 0) return [];
  return contextsOf(upstream).flatMap((context) =>
    objectsIn(context, ['validation_context', 'match_typed_subject_alt_names']).flatMap(
      ({ path, value }, _, all): Fault[] => {
        const wanted = getIn(value, ['matcher', 'exact']);
        const isMet = (name: Located) => {
          const own = asText(getIn(name.value, ['matcher', 'exact']) ?? '').toLowerCase();
          return own === '' || names.includes(own) || names.includes(own.replace(/^[^.]+/, '*'));
        };
        if (typeof wanted !== 'string' || all.some(isMet)) return [];
        return [
          inDocument(target, [...path, 'matcher', 'exact'], {
            message: `cluster ${cluster} wants a certificate for ${wanted}, and that of Service ${service.name} is for ${names.join(', ')}`,
            fix: `name one of those, or add ${wanted} to \`dnsNames\` of Certificate ${certificates[0]?.name}`,
          }),
        ];
      },
    ),
  );
}

const FIVE_MINUTES = 300;

function pings({ target, json, cluster, clusterPath }: Upstream, surface: Surface): Fault[] {
  const isApi = envoyApi(target, surface).clusters.some(
    ({ value }) => asText(value['name']) === cluster,
  );
  if (!isApi) return [];
  const located = { path: clusterPath, value: json };
  const places = objectIn(located, ['typed_extension_protocol_options']).flatMap((options) =>
    Object.keys(options.value).flatMap((key) =>
      objectIn(options, [key, 'explicit_http_config', 'http2_protocol_options']),
    ),
  );
  return [...places, ...objectIn(located, ['http2_protocol_options'])].flatMap((options) => {
    const [alive] = objectIn(options, ['connection_keepalive']);
    const seconds = secondsIn(alive?.value['interval']);
    if (!alive || seconds === undefined || seconds >= FIVE_MINUTES) return [];
    return [
      inDocument(target, [...alive.path, 'interval'], {
        severity: 'warning',
        message: `cluster ${cluster} pings the API server every ${seconds} s, and gRPC servers in Go end the connection of who pings more than every five minutes, with all its calls, unless an image of yours allows it`,
        fix: 'take `connection_keepalive` away, or write `interval: 600s`; `upstream_connection_options.tcp_keepalive` finds dead peers',
      }),
    ];
  });
}
