/**
 * Forms of the values of annotations, by controller and cloud: switches, numbers, sizes, times and choices. Those that another check measures, as
 * times of calls, sizes of bodies and protocols of backends, are left to it.
 *
 * Sources: ingress-nginx, `annotations/parser/validators.go`; Traefik, `kubernetes/ingress` (`parseRouterConfig`: an Ingress whose annotations do not
 * decode is passed over) and paerser; nginx/kubernetes-ingress, `internal/k8s/validation.go` and `configs/parsing_helpers.go`;
 * haproxytech/kubernetes-ingress, `annotations.md` and `utils.GetBoolValue`; jcmoraisjr/haproxy-ingress, `annotations/validator.go` and
 * `mapper.go`; Kong Ingress Controller, "Annotations"; Contour, `internal/annotation`; Cilium, `ingress/annotations`; AWS Load Balancer Controller,
 * "Ingress annotations" and "Service annotations"; cloud-provider-azure, "Azure LoadBalancer"; ingress-gce, `l4annotations`; DigitalOcean's and
 * Oracle's cloud controller managers; cert-manager, `certificate-shim/helper.go`; Argo CD, "Sync Phases and Waves".
 */
import type { AnnotationForm } from './annotation-forms.ts';
import { DURATION, type Form, oneOf } from './forms.ts';

const like = (form: RegExp, takes: string): Form => ({ test: (text) => form.test(text), takes });
const within = (first: number, last: number): Form => ({
  test: (text) => /^\d+$/.test(text) && Number(text) >= first && Number(text) <= last,
  takes: `a whole number from ${first} to ${last}`,
});
/** One of some words in any case. */
const word = (...values: readonly string[]): Form => ({
  test: (text) => values.some((value) => value.toLowerCase() === text.toLowerCase()),
  takes: values.join(', '),
});

/** As Go's `strconv.ParseBool` reads it. */
const SWITCH = like(/^(?:[01tTfF]|true|True|TRUE|false|False|FALSE)$/, 'true or false');
/** Anything but `true` is the opposite. */
const EXACT = like(/^(?:true|false|False|FALSE)$/, 'true or false');
const ON_OFF = oneOf('on', 'off');
const WHOLE = like(/^\d+$/, 'a whole number without a unit');
const INTEGER = like(/^-?\d+$/, 'a whole number');
const PORTS = like(/^\d+(?:\s*,\s*\d+)*$/, 'numbers of ports with commas between them');
const PATH = like(/^\//, 'a path that begins with a slash');
const ARNS = like(/^arn:aws[\w-]*:/, 'an ARN, as `arn:aws:…`');

type Told = Pick<AnnotationForm, 'so'> & Partial<AnnotationForm>;

/** @param rows - a form, by names with blanks between them */
const under = (
  prefix: string,
  told: Told,
  rows: readonly (readonly [names: string, form: Form])[],
): [string, AnnotationForm][] =>
  rows.flatMap(([names, form]) =>
    names
      .split(' ')
      .map((name): [string, AnnotationForm] => [`${prefix}${name}`, { ...told, ...form }]),
  );

const NGINX = 'nginx.ingress.kubernetes.io/';
const NOT_TAKEN = { so: 'it counts as not there', severity: 'warning' } as const;

const INGRESS_NGINX = [
  ...under(NGINX, { controller: 'ingress-nginx', ...NOT_TAKEN }, [
    [
      'ssl-redirect force-ssl-redirect use-regex enable-cors cors-allow-credentials canary from-to-www-redirect preserve-trailing-slash service-upstream session-cookie-secure auth-tls-pass-certificate-to-upstream enable-access-log enable-rewrite-log enable-modsecurity auth-always-set-cookie use-port-in-redirects',
      SWITCH,
    ],
    [
      'canary-weight canary-weight-total cors-max-age limit-connections limit-rps limit-rpm limit-rate limit-rate-after limit-burst-multiplier proxy-next-upstream-tries proxy-buffers-number session-cookie-max-age auth-tls-verify-depth proxy-ssl-verify-depth permanent-redirect-code temporal-redirect-code upstream-hash-by-subset-size',
      INTEGER,
    ],
    ['proxy-ssl-verify proxy-ssl-server-name', ON_OFF],
    ['auth-tls-verify-client', oneOf('on', 'off', 'optional', 'optional_no_ca')],
    ['affinity', oneOf('cookie')],
    ['affinity-mode', oneOf('balanced', 'persistent')],
    ['affinity-canary-behavior', oneOf('sticky', 'legacy')],
    ['satisfy', oneOf('any', 'all')],
  ]),
  ...under(
    NGINX,
    { controller: 'ingress-nginx', so: 'TLS is ended here, and not passed to the pods' },
    [['ssl-passthrough', SWITCH]],
  ),
];

const TRAEFIK = under(
  'traefik.ingress.kubernetes.io/',
  { controller: 'traefik', so: 'Traefik leaves the Ingress, or the Service, out' },
  [
    [
      'router.tls service.passhostheader service.nativelb service.nodeportlb service.sticky.cookie service.sticky.cookie.secure service.sticky.cookie.httponly',
      SWITCH,
    ],
    ['router.priority service.sticky.cookie.maxage', INTEGER],
  ],
);

const SIZE = like(/^\d+[kKmM]?$/, 'a number with k or m, as in 50m');
const NGINX_TIME = like(
  /^(?=\d)(?:\d+(?:ms|[yMwdhms])\s*)*(?:\d+)?$/,
  'a number with d, h, m or s, as in 3600s',
);

const F5 = under(
  'nginx.org/',
  { controller: 'nginx-inc', so: 'the controller refuses the whole Ingress' },
  [
    [
      'redirect-to-https ssl-redirect proxy-buffering hsts hsts-include-subdomains hsts-behind-proxy use-cluster-ip',
      SWITCH,
    ],
    ['keepalive hsts-max-age', INTEGER],
    ['max-fails max-conns proxy-next-upstream-tries', WHOLE],
    ['proxy-connect-timeout fail-timeout proxy-next-upstream-timeout', NGINX_TIME],
    [
      'proxy-buffer-size proxy-busy-buffers-size proxy-max-temp-file-size upstream-zone-size client-body-buffer-size',
      SIZE,
    ],
    [
      'proxy-buffers',
      like(/^\d+ \d+[kKmM]?$/, 'how many, a blank and a size with k or m, as in 8 16k'),
    ],
    ['listen-ports listen-ports-ssl', PORTS],
    ['mergeable-ingress-type', oneOf('master', 'minion')],
    ['path-regex', oneOf('case_sensitive', 'case_insensitive', 'exact')],
    [
      'lb-method',
      like(
        /^(?:round_robin|ip_hash|least_conn|random(?: two(?: least_(?:conn|time=\w+))?)?|least_time .+|hash \S+(?: consistent)?)$/,
        'round_robin, least_conn, ip_hash, random or hash with a key',
      ),
    ],
  ],
);

const HAPROXY_TIME = like(/^\d+(?:us|ms|s|m|h|d)?$/, 'a number with ms, s, m, h or d, as in 3600s');

const HAPROXIES = [
  ...under('haproxy.org/', { controller: 'haproxy', ...NOT_TAKEN }, [
    [
      'ssl-redirect ssl-passthrough server-ssl check forwarded-for cors-enable cors-allow-credentials standalone-backend',
      like(/^(?:[01tTfF]|true|false|True|False|enabled|disabled|on|off)$/i, 'true or false'),
    ],
    ['ssl-redirect-port', within(1, 65_535)],
    ['ssl-redirect-code', oneOf('301', '302', '303')],
    ['pod-maxconn scale-server-slots rate-limit-requests request-redirect-code', WHOLE],
    ['timeout-connect timeout-check timeout-queue check-interval', HAPROXY_TIME],
    [
      'send-proxy-protocol',
      oneOf('proxy', 'proxy-v1', 'proxy-v2', 'proxy-v2-ssl', 'proxy-v2-ssl-cn'),
    ],
  ]),
  ...under('haproxy-ingress.github.io/', { controller: 'haproxy-ingress', ...NOT_TAKEN }, [
    [
      'ssl-redirect ssl-passthrough ssl-always-add-https cors-enable cors-allow-credentials service-upstream hsts hsts-include-subdomains hsts-preload auth-tls-strict secure-backends',
      SWITCH,
    ],
    [
      'limit-connections limit-rps maxconn-server maxqueue-server hsts-max-age cors-max-age health-check-port',
      WHOLE,
    ],
    ['timeout-connect timeout-queue timeout-keep-alive timeout-http-request', HAPROXY_TIME],
    ['affinity', oneOf('cookie')],
    ['blue-green-mode', oneOf('deploy', 'pod')],
  ]),
];

const KONG = under('konghq.com/', { controller: 'kong', ...NOT_TAKEN }, [
  [
    'strip-path preserve-host request-buffering response-buffering tls-verify',
    word('true', 'false'),
  ],
  ['regex-priority retries', INTEGER],
  ['path-handling', oneOf('v0', 'v1')],
  ['path', PATH],
]);

const REST = [
  ...under('projectcontour.io/', { controller: 'contour', ...NOT_TAKEN }, [
    [
      'max-connections max-pending-requests max-requests max-retries per-host-max-connections',
      WHOLE,
    ],
    ['num-retries', INTEGER],
    [
      'per-try-timeout',
      like(/^infinit(?:y|e)$|^(?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+$/, DURATION.takes),
    ],
    ['tls-minimum-protocol-version tls-maximum-protocol-version', oneOf('1.2', '1.3')],
  ]),
  ...under('ingress.cilium.io/', { controller: 'cilium', ...NOT_TAKEN }, [
    ['tcp-keep-alive', oneOf('enabled', 'disabled')],
    ['insecure-node-port secure-node-port host-listener-port', within(1, 65_535)],
    ['service-type', oneOf('LoadBalancer', 'NodePort', 'ClusterIP')],
    ['service-external-traffic-policy', oneOf('Cluster', 'Local')],
  ]),
  ...under(
    'kubernetes.io/',
    { controller: 'gke', so: 'plain HTTP is let in', severity: 'warning' },
    [['ingress.allow-http', SWITCH]],
  ),
  ...under('argocd.argoproj.io/', { so: 'it is applied in wave 0', severity: 'warning' }, [
    ['sync-wave', INTEGER],
  ]),
];

const CERTIFICATES = under('cert-manager.io/', { so: 'cert-manager makes no certificate for it' }, [
  ['private-key-encoding', oneOf('PKCS1', 'PKCS8')],
  ['private-key-rotation-policy', oneOf('Never', 'Always')],
  ['revision-history-limit', WHOLE],
]);

const PLAN_FAILS = { so: 'the controller stops there, and the load balancer stays as it was' };

const ALB = under('alb.ingress.kubernetes.io/', { controller: 'alb', ...PLAN_FAILS }, [
  ['healthcheck-interval-seconds', within(5, 300)],
  ['healthcheck-timeout-seconds', within(2, 120)],
  ['healthy-threshold-count unhealthy-threshold-count', within(2, 10)],
  ['healthcheck-path', PATH],
  ['auth-session-timeout', WHOLE],
  ['wafv2-acl-arn', like(/^(?:arn:aws[\w-]*:wafv2:.+|none)$/, 'an ARN of WAFv2')],
  [
    'shield-advanced-protection use-regex-path-match manage-backend-security-group-rules enable-frontend-nlb multi-cluster-target-group',
    SWITCH,
  ],
]);

const IS_PUBLIC = { so: 'the load balancer is public' };

const CLOUDS = [
  ...under('service.beta.kubernetes.io/aws-load-balancer-', PLAN_FAILS, [
    ['scheme', oneOf('internal', 'internet-facing')],
    ['nlb-target-type', oneOf('instance', 'ip')],
    ['ip-address-type', oneOf('ipv4', 'dualstack')],
    ['proxy-protocol', oneOf('*')],
    ['backend-protocol', word('tcp', 'ssl', 'tls', 'http', 'https')],
    ['healthcheck-protocol', word('tcp', 'http', 'https')],
    [
      'healthcheck-interval healthcheck-timeout healthcheck-healthy-threshold healthcheck-unhealthy-threshold',
      WHOLE,
    ],
    [
      'cross-zone-load-balancing-enabled access-log-enabled manage-backend-security-group-rules',
      SWITCH,
    ],
    ['ssl-cert', ARNS],
  ]),
  ...under(
    'service.beta.kubernetes.io/aws-load-balancer-',
    { so: 'the cloud makes a classic load balancer' },
    [['type', oneOf('nlb', 'external', 'nlb-ip')]],
  ),
  ...under('service.beta.kubernetes.io/azure-load-balancer-', IS_PUBLIC, [['internal', EXACT]]),
  ...under(
    'service.beta.kubernetes.io/azure-load-balancer-',
    { so: 'the cloud does not set up the load balancer' },
    [
      ['tcp-idle-timeout', within(4, 100)],
      ['health-probe-protocol', word('tcp', 'http', 'https')],
      ['health-probe-interval health-probe-num-of-probe', WHOLE],
      ['health-probe-request-path', PATH],
    ],
  ),
  ...under('networking.gke.io/', IS_PUBLIC, [['load-balancer-type', word('Internal', 'External')]]),
  ...under('cloud.google.com/', IS_PUBLIC, [['load-balancer-type', word('Internal', 'External')]]),
  ...under('cloud.google.com/', { so: 'the cloud does not set up the load balancer' }, [
    ['network-tier', oneOf('Standard', 'Premium')],
  ]),
  ...under('service.beta.kubernetes.io/', { so: 'the cloud does not set up the load balancer' }, [
    ['do-loadbalancer-protocol', oneOf('tcp', 'http', 'https', 'http2', 'http3')],
    ['do-loadbalancer-healthcheck-protocol', oneOf('tcp', 'http', 'https')],
    [
      'do-loadbalancer-tls-ports do-loadbalancer-http2-ports do-loadbalancer-http-ports oci-load-balancer-ssl-ports',
      PORTS,
    ],
    [
      'do-loadbalancer-tls-passthrough do-loadbalancer-enable-proxy-protocol do-loadbalancer-redirect-http-to-https oci-load-balancer-internal',
      SWITCH,
    ],
    ['do-loadbalancer-size-unit oci-load-balancer-connection-idle-timeout', WHOLE],
    ['oci-load-balancer-backend-protocol', oneOf('TCP', 'HTTP', 'HTTP2', 'GRPC')],
  ]),
];

/** By key. */
export const ANNOTATION_VALUES: readonly (readonly [string, AnnotationForm])[] = [
  ...INGRESS_NGINX,
  ...TRAEFIK,
  ...F5,
  ...HAPROXIES,
  ...KONG,
  ...REST,
  ...CERTIFICATES,
  ...ALB,
  ...CLOUDS,
];
