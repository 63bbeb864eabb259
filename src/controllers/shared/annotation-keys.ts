/**
 * Annotations of the programs around an entry, by what they begin with: those that this program writes or reads, and others of the same
 * program, so that a key close to one of them is not taken for a misspelled one.
 *
 * Sources: cert-manager, "Annotations"; external-dns, "Annotations"; ingress-nginx, "Annotations Scope and Risk"; Traefik, "Kubernetes Ingress:
 * Annotations"; AWS Load Balancer Controller, "Ingress annotations" and "Service annotations"; Google Cloud, "Configure Ingress features".
 */
import { annotationsOf, CONTROLLERS, marksOf } from '../index.ts';

const EXTERNAL_DNS =
  'hostname internal-hostname ttl target access controller endpoints-type alias set-identifier ingress-hostname-source gateway-hostname-source cloudflare-proxied';

const LISTED: Readonly<Record<string, string>> = {
  'cert-manager.io':
    'issuer cluster-issuer issuer-kind issuer-group issuer-name alt-names common-name certificate-name certificate-revision duration renew-before renew-before-percentage revision-history-limit email-sans ip-sans uri-sans usages secret-template issue-temporary-certificate allow-direct-injection inject-ca-from inject-ca-from-secret inject-apiserver-ca private-key-algorithm private-key-encoding private-key-size private-key-rotation-policy private-key-secret-name subject-countries subject-localities subject-organizations subject-organizationalunits subject-postalcodes subject-provinces subject-serialnumber subject-streetaddresses',
  'acme.cert-manager.io':
    'http01-edit-in-place http01-ingress-class http01-ingress-ingressclassname http01-override-ingress-name',
  'external-dns.kubernetes.io': EXTERNAL_DNS,
  'external-dns.alpha.kubernetes.io': EXTERNAL_DNS,
  'kubernetes.io':
    'ingress.class tls-acme ingress.allow-http ingress.global-static-ip-name ingress.regional-static-ip-name',
  'nginx.ingress.kubernetes.io':
    'affinity affinity-canary-behavior affinity-mode allowlist-source-range app-root auth-always-set-cookie auth-cache-duration auth-cache-key auth-keepalive auth-keepalive-requests auth-keepalive-share-vars auth-keepalive-timeout auth-method auth-proxy-set-headers auth-realm auth-request-redirect auth-response-headers auth-secret auth-secret-type auth-signin auth-signin-redirect-param auth-snippet auth-tls-error-page auth-tls-match-cn auth-tls-pass-certificate-to-upstream auth-tls-secret auth-tls-verify-client auth-tls-verify-depth auth-type auth-url backend-protocol canary canary-by-cookie canary-by-header canary-by-header-pattern canary-by-header-value canary-weight canary-weight-total client-body-buffer-size configuration-snippet connection-proxy-header cors-allow-credentials cors-allow-headers cors-allow-methods cors-allow-origin cors-expose-headers cors-max-age custom-headers custom-http-errors default-backend denylist-source-range disable-proxy-intercept-errors enable-access-log enable-cors enable-global-auth enable-modsecurity enable-opentelemetry enable-opentracing enable-owasp-core-rules enable-rewrite-log fastcgi-index fastcgi-params-configmap force-ssl-redirect from-to-www-redirect grpc-backend http2-push-preload limit-allowlist limit-burst-multiplier limit-connections limit-rate limit-rate-after limit-rpm limit-rps limit-whitelist load-balance mirror-host mirror-request-body mirror-target modsecurity-snippet modsecurity-transaction-id opentelemetry-operation-name opentelemetry-trust-incoming-span permanent-redirect permanent-redirect-code preserve-trailing-slash proxy-body-size proxy-buffer-size proxy-buffering proxy-buffers-number proxy-busy-buffers-size proxy-connect-timeout proxy-cookie-domain proxy-cookie-path proxy-http-version proxy-max-temp-file-size proxy-next-upstream proxy-next-upstream-timeout proxy-next-upstream-tries proxy-read-timeout proxy-redirect-from proxy-redirect-to proxy-request-buffering proxy-send-timeout proxy-ssl-ciphers proxy-ssl-name proxy-ssl-protocols proxy-ssl-secret proxy-ssl-server-name proxy-ssl-verify proxy-ssl-verify-depth relative-redirects rewrite-target satisfy secure-backends server-alias server-snippet service-upstream session-cookie-change-on-failure session-cookie-conditional-samesite-none session-cookie-domain session-cookie-expires session-cookie-hash session-cookie-max-age session-cookie-name session-cookie-partitioned session-cookie-path session-cookie-samesite session-cookie-secure ssl-ciphers ssl-passthrough ssl-prefer-server-ciphers ssl-redirect stream-snippet temporal-redirect temporal-redirect-code upstream-hash-by upstream-hash-by-subset upstream-hash-by-subset-size upstream-vhost use-port-in-redirects use-regex whitelist-source-range x-forwarded-prefix',
  'traefik.ingress.kubernetes.io':
    'router.entrypoints router.middlewares router.priority router.rulesyntax router.pathmatcher router.tls router.tls.certresolver router.tls.options router.observability.accesslogs router.observability.metrics router.observability.tracing service.serversscheme service.serverstransport service.passhostheader service.nativelb service.nodeportlb service.sticky.cookie service.sticky.cookie.name service.sticky.cookie.secure service.sticky.cookie.samesite service.sticky.cookie.httponly service.sticky.cookie.maxage service.sticky.cookie.path service.sticky.cookie.domain',
  'alb.ingress.kubernetes.io':
    'load-balancer-name group.name group.order tags ip-address-type scheme subnets security-groups manage-backend-security-group-rules customer-owned-ipv4-pool load-balancer-attributes wafv2-acl-arn wafv2-acl-name waf-acl-id shield-advanced-protection listen-ports ssl-redirect inbound-cidrs security-group-prefix-lists certificate-arn ssl-policy target-type backend-protocol backend-protocol-version target-group-attributes healthcheck-port healthcheck-protocol healthcheck-path healthcheck-interval-seconds healthcheck-timeout-seconds healthy-threshold-count unhealthy-threshold-count success-codes auth-type auth-idp-cognito auth-idp-oidc auth-on-unauthenticated-request auth-scope auth-session-cookie auth-session-timeout target-node-labels mutual-authentication multi-cluster-target-group minimum-load-balancer-capacity ipam-ipv4-pool-id frontend-nlb-scheme enable-frontend-nlb use-regex-path-match listener-attributes',
  'cloud.google.com':
    'backend-config app-protocols neg neg-status load-balancer-type service-target-type network-tier l4-rbs',
  'networking.gke.io':
    'managed-certificates certmap v1beta1.FrontendConfig load-balancer-type internal-load-balancer-allow-global-access internal-load-balancer-subnet load-balancer-ip-addresses',
};

/** Prefixes that a program gave up, with today's. Source: cert-manager, "Upgrading from v0.10 to v0.11". */
const FORMER: Readonly<Record<string, string>> = { 'certmanager.k8s.io': 'cert-manager.io' };

/** By prefix, the names behind the slash. */
const KNOWN: ReadonlyMap<string, ReadonlySet<string>> = known();

function known(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>(
    Object.entries(LISTED).map(([prefix, names]) => [prefix, new Set(names.split(' '))]),
  );
  for (const key of Object.values(CONTROLLERS).flatMap(marksOf).flatMap(annotationsOf)) {
    const [prefix = '', name = ''] = key.split('/');
    found.set(prefix, (found.get(prefix) ?? new Set()).add(name));
  }
  return found;
}

/**
 * The key that was probably meant; undefined for one that is known, or that is close to none.
 * @param isNear - whether one word is a slip of the other
 */
export function meantKey(
  key: string,
  isNear: (one: string, other: string) => boolean,
): string | undefined {
  const [prefix = '', name = ''] = key.split('/');
  if (name === '') return undefined;
  const former = FORMER[prefix];
  if (former) return KNOWN.get(former)?.has(name) ? `${former}/${name}` : undefined;
  const names = KNOWN.get(prefix);
  if (names?.has(name)) return undefined;
  const near = [...(names ?? [])].find((other) => isNear(name, other));
  if (names) return near && `${prefix}/${near}`;
  const [owner] = [...KNOWN].find(([other, own]) => own.has(name) && isNear(prefix, other)) ?? [];
  return owner && `${owner}/${name}`;
}
