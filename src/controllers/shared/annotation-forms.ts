/**
 * Annotations whose values have a form, with what comes of one that has another.
 *
 * Sources: cert-manager, `pkg/controller/certificate-shim` (Go's `time.ParseDuration`); external-dns, "Annotations" (`ttl` in seconds or as a Go
 * duration, `target` without a scheme); ingress-nginx, `annotations/authtls` (`ParseNameNS`); Kong Ingress Controller, "Annotations"; Cilium, "Ingress annotations".
 */
import type { ControllerName } from '../index.ts';
import { ANNOTATION_VALUES } from './annotation-values.ts';
import { DURATION, type Form, oneOf } from './forms.ts';

const EXTERNAL_DNS = ['external-dns.kubernetes.io', 'external-dns.alpha.kubernetes.io'];

/** One annotation. */
export interface AnnotationForm extends Form {
  /** The controller whose entries are meant; those of every controller where there is none. */
  controller?: ControllerName;
  /** What comes of it. */
  so: string;
  /** Default `error`. */
  severity?: 'warning';
}

const listOf = (form: Form): Form => ({
  ...form,
  test: (text) => text.split(',').every((one) => form.test(one.trim())),
});

const KONG_PROTOCOLS = oneOf(
  'http',
  'https',
  'grpc',
  'grpcs',
  'tcp',
  'tls',
  'tls_passthrough',
  'udp',
  'ws',
  'wss',
);
const CILIUM = { controller: 'cilium', so: 'the default holds' } as const;
const SWITCH = oneOf('enabled', 'disabled', 'true', 'false');

/** By key. */
export const ANNOTATION_FORMS: ReadonlyMap<string, AnnotationForm> = new Map<
  string,
  AnnotationForm
>([
  ...ANNOTATION_VALUES,
  ...Object.entries({
    ...Object.fromEntries(
      EXTERNAL_DNS.flatMap((prefix): [string, AnnotationForm][] => [
        [
          `${prefix}/ttl`,
          {
            test: (text) => /^\d+$/.test(text) || DURATION.test(text),
            takes: 'seconds, or a number with s, m or h',
            so: 'the record has the TTL of its zone',
          },
        ],
        [
          `${prefix}/target`,
          {
            test: (text) => !/[/\s]|:\/\//.test(text.replace(/\s*,\s*/g, ',')),
            takes: 'host names and IP addresses, with commas between them',
            so: 'no record with such a target can be made',
          },
        ],
      ]),
    ),
    'konghq.com/protocols': {
      ...listOf(KONG_PROTOCOLS),
      controller: 'kong' as const,
      so: 'Kong refuses the route',
    },
    'konghq.com/protocol': {
      ...KONG_PROTOCOLS,
      controller: 'kong' as const,
      so: 'Kong refuses the Service',
    },
    'nginx.ingress.kubernetes.io/auth-tls-secret': {
      test: (text) => text.includes('/'),
      takes: 'namespace/name',
      controller: 'ingress-nginx' as const,
      so: 'every request is refused',
    },
    'konghq.com/methods': {
      test: (text) => text.split(',').some((one) => one.trim().toUpperCase() === 'POST'),
      takes: 'POST among the methods of calls',
      controller: 'kong' as const,
      so: 'calls, which are POST, are answered with 404',
    },
    'konghq.com/connect-timeout': {
      test: (text) => /^\d+$/.test(text) && Number(text) >= 100,
      takes: 'milliseconds, 60000 by default',
      controller: 'kong' as const,
      so: 'connections to the pods fail before they are open',
    },
    'konghq.com/https-redirect-status-code': {
      ...oneOf('301', '302', '307', '308', '426'),
      controller: 'kong' as const,
      so: 'plain HTTP is answered with 426',
    },
    'ingress.cilium.io/loadbalancer-mode': { ...oneOf('dedicated', 'shared'), ...CILIUM },
    'ingress.cilium.io/force-https': { ...SWITCH, ...CILIUM },
    'ingress.cilium.io/tls-passthrough': { ...SWITCH, ...CILIUM },
  } satisfies Record<string, AnnotationForm>),
]);
